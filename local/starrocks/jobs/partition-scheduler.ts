import type { Cluster } from "../engine/cluster.ts";
import { isSet } from "../engine/frontend-config.ts";
import { missingPartitions, partitionsBeforeWindow } from "../metadata/dynamic-partition.ts";
import type { Partition, Table } from "../metadata/model.ts";
import { expiredPartitions } from "../metadata/partition-life.ts";
import { newPartition, physicalIds } from "../storage/partitions.ts";
import { deleteRows } from "../storage/rows.ts";

/**
 * One pass of the FE's scheduler over all tables: those with a window lose and get partitions by it, those with a
 * time to live lose what is beyond it (starrocks.md §21.1).
 */
export async function schedulePartitions(cluster: Cluster): Promise<void> {
  await cluster.change(async () => {
    for (const table of cluster.catalog.allTables()) await followWindow(cluster, table);
    for (const table of cluster.catalog.allTables())
      await drop(cluster, table, expiredPartitions(table, normal(cluster, table), cluster.now()));
  });
}

/** The scheduler's work on one table, as CREATE TABLE and switching it on have it done at once. */
export async function followWindow(cluster: Cluster, table: Table): Promise<void> {
  if (!isSet(cluster, "dynamic_partition_enable")) return;
  const missing = missingPartitions(table, normal(cluster, table), cluster.now());
  await drop(cluster, table, partitionsBeforeWindow(table, normal(cluster, table), cluster.now()));
  if (table.state !== "NORMAL") return;
  const buckets = Number(table.properties["dynamic_partition.buckets"] ?? "0");
  const replicationNum = table.properties["dynamic_partition.replication_num"];
  for (const values of missing) {
    const partition = newPartition(cluster, table, values);
    if (buckets > 0) partition.buckets = buckets;
    if (replicationNum !== undefined) partition.replicationNum = Number(replicationNum);
  }
}

const normal = (cluster: Cluster, table: Table): Partition[] => cluster.catalog.partitions(table.id).normal();

/** By force: nothing goes to the recycle bin. A table that is being restored is left alone. */
async function drop(cluster: Cluster, table: Table, partitions: readonly Partition[]): Promise<void> {
  if (table.state !== "NORMAL" || partitions.length === 0) return;
  for (const partition of partitions) cluster.catalog.removePartition(partition);
  await deleteRows(cluster, table, physicalIds(partitions));
}
