import { BackupError } from "../../errors.ts";
import type { CoveredTable } from "../coverage.ts";
import { tableKey } from "../live-table.ts";

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
  for (const { partition, value } of table.partitions.values()) {
    const now = live.values.get(partition);
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

function unfit(message: string): BackupError {
  return new BackupError({
    code: "PARTITION_UNFIT",
    message,
    next: "Restore the partitions into a new table (rename_to), and copy what is needed from there.",
  });
}
