import { BackupError } from "../../errors.ts";
import { isTemporaryOf } from "../../planning/restore/names.ts";
import { isNewerThan } from "../../planning/restore/own-names.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { withoutStop } from "../../sentence.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { dropTableStatement } from "../../starrocks/statements/alter.ts";
import type { DatabaseStep } from "./restore-step.ts";

/** Names of the tables that only the run needs, until one of them is published. */
export function temporaryNames({ parts, assembledAs }: PlannedRestore): readonly string[] {
  return [...new Set([...parts.map((part) => part.as), assembledAs])];
}

/**
 * Drops a table that only a run needs, if it is there.
 *
 * @throws {BackupError} `NOT_TEMPORARY` for a name that does not carry the run's mark, and for a table that is older than
 * the run's plan; nothing is dropped
 */
export async function dropTemporary(step: DatabaseStep, table: string): Promise<undefined> {
  const { catalog, run, database, mark } = step;
  if (!isTemporaryOf(mark, table)) throw notTemporary(run.runId, `${database}.${table}`);
  const id = (await readTableIds(catalog.session, database, [table])).get(table);
  if (id === undefined) return undefined;
  if (!isNewerThan(run.plan, id)) throw notTemporary(run.runId, `${database}.${table}`);
  await catalog.session.execute(
    dropTableStatement(database, table),
    `drop the temporary table ${database}.${table}`,
  );
  return undefined;
}

/** A table that could not be dropped, and why. */
export interface Leftover {
  readonly table: string;
  readonly reason: string;
}

/**
 * Drops tables that only a run needs; one that cannot be dropped does not keep the others.
 *
 * @returns what is left
 * @throws {StarRocksFault} when the connection is lost
 */
export async function dropTemporaries(
  step: DatabaseStep,
  tables: readonly string[],
): Promise<readonly Leftover[]> {
  const left: Leftover[] = [];
  for (const table of tables) {
    try {
      await dropTemporary(step, table);
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      if (error instanceof StarRocksFault && error.kind === "connection") throw error;
      left.push({ table, reason: withoutStop(error.message) });
      step.progress.say(`${step.database}.${table} could not be dropped: ${error.message}`);
    }
  }
  return left;
}

/** What to add to a reason: ` Left over: shop.orders__r_5f0c21aa_0 (…).` */
export function leftoverText(database: string, left: readonly Leftover[]): string {
  if (left.length === 0) return "";
  const named = new Map(left.map(({ table, reason }) => [table, `${database}.${table} (${reason})`]));
  return ` Left over, to be dropped by hand: ${[...named.values()].join(", ")}.`;
}

function notTemporary(runId: string, table: string): BackupError {
  return new BackupError({
    code: "NOT_TEMPORARY",
    message: `Run ${runId} was to drop ${table}, which is none of its temporary tables.`,
    next: "Nothing was dropped. Look who has written to the table runs of the catalog, or has made a table of that name.",
  });
}
