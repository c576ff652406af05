import type { Cluster } from "../cluster.ts";
import type { Partition, Table } from "../metadata/model.ts";
import type { NamedValues } from "../metadata/ranges.ts";

export function newPartition(
  cluster: Cluster,
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
    buckets: table.distribution.buckets,
    physical: [cluster.newPhysicalPartition()],
  };
  cluster.catalog.addPartition(partition);
  return partition;
}

export const physicalIds = (partitions: readonly Partition[]): number[] =>
  partitions.flatMap((partition) => partition.physical.map((physical) => physical.id));
