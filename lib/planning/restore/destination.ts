import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { tableKey } from "../live-table.ts";
import type { TablePoint } from "./point.ts";

/** Where restored tables go; without any of it, back to where they were. */
export interface Destination {
  /** New name of the one table. */
  readonly renameTo: string | undefined;
  /** What is added to the name of each table. */
  readonly suffix: string | undefined;
  readonly intoDatabase: string | undefined;
}

export interface TableName {
  readonly database: string;
  readonly table: string;
}

/** A table's restore point, and where the table goes. */
export interface PlacedPoint extends TablePoint {
  readonly target: TableName;
}

/**
 * Says of each table where it goes.
 *
 * @throws {BackupError} `TARGET_TAKEN` when two would go to the same place
 */
export function placed(points: readonly TablePoint[], destination: Destination): readonly PlacedPoint[] {
  const { renameTo, suffix = "", intoDatabase } = destination;
  const all = points.map((point) => ({
    ...point,
    target: {
      database: intoDatabase ?? point.database,
      table: renameTo ?? `${point.table}${suffix}`,
    },
  }));
  for (const [target, ofTarget] of groupBy(all, (each) => tableKey(each.target)))
    if (ofTarget.length > 1) throw sameTarget(target, ofTarget.map(tableKey));
  return all;
}

/** Whether a table goes back to where it was, in place of what is live there. */
export function isInPlace({ target, ...source }: PlacedPoint): boolean {
  return tableKey(target) === tableKey(source);
}

/**
 * A copy never replaces anything.
 *
 * @param live what is live under the names of the targets
 * @throws {BackupError} `TARGET_TAKEN`
 */
export function refuseTaken(points: readonly PlacedPoint[], live: ReadonlySet<string>): void {
  const taken = points.filter((point) => !isInPlace(point) && live.has(tableKey(point.target)));
  if (taken.length === 0) return;
  throw new BackupError({
    code: "TARGET_TAKEN",
    message: `There is already a table of that name: ${taken.map(({ target }) => tableKey(target)).join(", ")}.`,
    next: "Choose another name, suffix or database, or drop what is there. To replace a live table, restore it without any of them.",
  });
}

function sameTarget(target: string, sources: readonly string[]): BackupError {
  return new BackupError({
    code: "TARGET_TAKEN",
    message: `${sources.join(" and ")} would both go to ${target}.`,
    next: "Restore them in runs of their own, each with another name, suffix or database.",
  });
}
