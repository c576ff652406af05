import type { PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import { readInsertableColumns } from "../../starrocks/observe/tables.ts";
import { rewritePartitionStatement } from "../../starrocks/statements/insert.ts";
import type { TableStep } from "./restore-step.ts";

/**
 * Rewrites the partitions into which later loads would hang. A snapshot taken while a load was committed but not yet
 * published keeps that load's place in NEXT_VERSION (StarRocks issues 33426, 33427); a table restored from it waits for
 * ever for a version that never comes. An overwrite puts the rows into a fresh partition, whose versions begin
 * anew. Rows that are merged in are loaded anew and have no such gap.
 *
 * @returns whether any was rewritten
 */
export async function closeVersionGaps(
  { catalog, database, progress }: TableStep,
  table: string,
  partitions: readonly PhysicalPartition[],
): Promise<boolean> {
  const gaps = partitions.filter((each) => BigInt(each.nextVersion) !== BigInt(each.visibleVersion) + 1n);
  const names = [...new Set(gaps.map((each) => each.partition))];
  if (names.length === 0) return false;
  const columns = await readInsertableColumns(catalog.session, database, table);
  for (const partition of names) {
    progress.say(`Rewriting ${table}.${partition}: a load was in flight when it was backed up`);
    await catalog.session.execute(
      rewritePartitionStatement(database, table, partition, columns),
      `rewrite partition ${partition} of ${table}`,
    );
  }
  return true;
}
