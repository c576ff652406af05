import type { NamedValues, Partition, Relation, Table } from "../metadata/model.ts";
import type { StorageHost } from "./storage-host.ts";

export function newPartition(
  cluster: StorageHost,
  table: Table,
  values: NamedValues,
  temporary = false,
): Partition {
  const partition: Partition = {
    id: cluster.catalog.newId(),
    tableId: table.id,
    name: values.name,
    values: values.values,
    temporary,
    replicationNum: table.replicationNum,
    ...(/^ssd$/i.test(table.properties["storage_medium"] ?? "") && { storageMedium: "SSD" }),
    buckets: table.distribution.buckets,
    physical: [cluster.newPhysicalPartition()],
  };
  cluster.catalog.addPartition(partition);
  return partition;
}

/** An empty partition in another one's image: bounds, buckets, replication and medium. */
export function partitionLike(
  cluster: StorageHost,
  table: Table,
  former: Partition,
  { name, temporary = false }: Readonly<{ name: string; temporary?: boolean }>,
): Partition {
  const values = { name, ifNotExists: false, values: former.values };
  const { buckets, replicationNum, storageMedium } = former;
  const fresh = newPartition(cluster, table, values, temporary);
  return Object.assign(fresh, { buckets, replicationNum, ...(storageMedium && { storageMedium }) });
}

/**
 * One more physical partition under a logical name, as automatic bucketing makes them over time (§9.3); new rows keep
 * going to the first. For tests.
 */
export async function growPartition(
  cluster: StorageHost,
  tableName: string,
  partitionName: string,
): Promise<number> {
  return cluster.change(async () => {
    const table = cluster.catalog.allTables().find((one) => one.name === tableName);
    const partition = table && cluster.catalog.partitions(table.id).get(partitionName);
    if (!partition) throw new Error(`there is no partition ${tableName}.${partitionName}`);
    const physical = cluster.newPhysicalPartition();
    partition.physical.push(physical);
    cluster.catalog.touch("partition", partition.id);
    return physical.id;
  });
}

export const physicalIds = (partitions: readonly Partition[]): number[] =>
  partitions.flatMap((partition) => partition.physical.map((physical) => physical.id));

/** An unpartitioned table's only partition is named like the table, always (§10). */
export function renameWithPartition(
  { catalog }: StorageHost,
  changes: readonly (readonly [Relation, string])[],
): void {
  catalog.rename(...changes);
  for (const [relation] of changes) {
    if (relation.kind !== "table" || relation.partitioning.kind !== "none") continue;
    const [only] = catalog.partitions(relation.id).normal();
    if (only) catalog.renamePartition(only, relation.name);
  }
}
