import type { Catalog } from "../../catalog/catalog.ts";
import type { PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import { name, qualified } from "../../starrocks/quote.ts";
import type { Progress } from "../step/progress.ts";
import { insertableColumns } from "./columns.ts";

/**
 * Rewrites the partitions into which later loads would hang. A snapshot taken while a load was committed but not yet
 * published keeps that load's place in NEXT_VERSION (StarRocks issues 33426, 33427); a table restored from it waits for
 * ever for a version that never comes. An overwrite puts the rows into a fresh partition, whose versions begin
 * anew. Rows that are merged in are loaded anew and have no such gap.
 */
export async function closeVersionGaps(
  catalog: Catalog,
  database: string,
  table: string,
  partitions: readonly PhysicalPartition[],
  progress: Progress,
): Promise<void> {
  const gaps = partitions.filter((each) => BigInt(each.nextVersion) !== BigInt(each.visibleVersion) + 1n);
  const names = [...new Set(gaps.map((each) => each.partition))];
  if (names.length === 0) return;
  const columns = await insertableColumns(catalog, database, table);
  for (const partition of names) {
    progress.say(`Rewriting ${table}.${partition}: a load was in flight when it was backed up`);
    await catalog.session.execute(
      `INSERT OVERWRITE ${qualified(database, table)} PARTITION (${name(partition)}) (${columns})
       SELECT ${columns} FROM ${qualified(database, table)} PARTITION (${name(partition)})`,
      `rewrite partition ${partition} of ${table}`,
    );
  }
}
