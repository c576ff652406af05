import { BackupError } from "../../errors.ts";
import type { CoveredTable } from "../coverage.ts";
import { tableKey } from "../live-table.ts";
import { partitionRecipes } from "../partition-recipe.ts";

/** The live table of which partitions are to be replaced. */
export interface LivePartitions {
  /** Range or values by name. */
  readonly values: ReadonlyMap<string, string>;
  /** Whether they come and go by properties of the table. */
  readonly scheduled: boolean;
}

/**
 * Makes sure that partitions of a live table can be replaced by restored ones.
 *
 * @param table at the restore point, reduced to what is wanted
 * @param live undefined: there is no such table
 * @throws {BackupError} `TARGET_MISSING`, `PARTITION_UNFIT`
 */
export function checkPartitionFit(table: CoveredTable, live: LivePartitions | undefined): void {
  const name = tableKey(table);
  if (live === undefined) {
    throw new BackupError({
      code: "TARGET_MISSING",
      message: `There is no table ${name} now whose partitions could be replaced.`,
      next: "Restore the whole table, or the partitions into a new one (rename_to).",
    });
  }
  if (table.partitionKind === "none") {
    throw new BackupError({
      code: "PARTITION_UNFIT",
      message: `${name} has no partitions.`,
      next: "Restore the whole table.",
    });
  }
  const onlyByLoads = madeByLoadsOnly(table);
  for (const { partition, value } of table.partitions.values()) {
    const now = live.values.get(partition);
    if (now === undefined && onlyByLoads.has(partition)) throw unfit(goneForGood(name, partition));
    if (now === undefined && live.scheduled) {
      throw unfit(
        `Partition ${partition} is gone from ${name}, whose partitions come and go by a schedule: it would be dropped again.`,
      );
    }
    if (now !== undefined && value !== undefined && now !== value) {
      throw unfit(
        `Partition ${partition} of ${name} now holds ${now}; at the restore point it held ${value}.`,
      );
    }
  }
}

/** Partitions that no ADD PARTITION makes again (starrocks.md §21.2). */
function madeByLoadsOnly(table: CoveredTable): ReadonlySet<string> {
  const shown = [...table.partitions.values()].flatMap(({ partition, value }) =>
    value === undefined ? [] : [{ partition, value }],
  );
  // Lists are made by their values, whether they take NULL or not.
  const recipeOf = partitionRecipes({ ...table, nullable: false }, shown);
  const byLoads = shown.filter((each) => recipeOf(each).kind === "load");
  return new Set(byLoads.map((each) => each.partition));
}

/** Why a partition of a live table cannot be replaced that is no more. */
export function goneForGood(table: string, partition: string): string {
  return `Partition ${partition} is gone from ${table}, and only a load makes it again.`;
}

export function unfit(message: string): BackupError {
  return new BackupError({
    code: "PARTITION_UNFIT",
    message,
    next: "Restore the partitions into a new table (rename_to), and copy what is needed from there.",
  });
}
