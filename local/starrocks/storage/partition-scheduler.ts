import { duePartitions, dynamicPartitioning } from "../metadata/dynamic-partition.ts";
import { expiredPartitions } from "../metadata/expired-partitions.ts";
import type { Partition, Table } from "../metadata/model.ts";
import { newPartition, physicalIds } from "./partitions.ts";
import { deleteRows } from "./rows.ts";
import type { StorageHost } from "./storage-host.ts";

/**
 * One pass of the FE's scheduler over all tables, within a change: dynamic partitions come and go, and partitions end by
 * `partition_live_number` and `partition_ttl` (§21.1). What it drops is not in the recycle bin.
 */
export async function schedulePartitions(cluster: StorageHost): Promise<void> {
  for (const table of cluster.catalog.allTables()) {
    await scheduleDynamic(cluster, table);
    const partitions = cluster.catalog.partitions(table.id).normal();
    await drop(cluster, table, expiredPartitions(table, partitions, cluster.now()));
  }
}

/** The dynamic partitions of one table, within a change. While a job holds the table, nothing is added or dropped. */
export async function scheduleDynamic(cluster: StorageHost, table: Table): Promise<void> {
  const dynamic = dynamicPartitioning(table);
  if (dynamic === undefined || table.state !== "NORMAL") return;
  const partitions = cluster.catalog.partitions(table.id).normal();
  const { expired, missing } = duePartitions(table, dynamic, partitions, cluster.now());
  await drop(cluster, table, expired);
  for (const values of missing) {
    const partition = newPartition(cluster, table, values);
    partition.buckets = dynamic.buckets ?? partition.buckets;
    partition.replicationNum = dynamic.replicationNum ?? partition.replicationNum;
  }
}

async function drop(cluster: StorageHost, table: Table, partitions: readonly Partition[]): Promise<void> {
  if (partitions.length === 0 || table.state !== "NORMAL") return;
  for (const partition of partitions) cluster.catalog.removePartition(partition);
  await deleteRows(cluster, table, physicalIds(partitions));
}
