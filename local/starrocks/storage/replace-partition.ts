import type { Partition, Table } from "../metadata/model.ts";
import { physicalIds } from "./partitions.ts";
import { deleteRows } from "./rows.ts";
import type { StorageHost } from "./storage-host.ts";

/** The fresh partition takes the former one's place and name; ids are the fresh one's. */
export async function replacePartition(
  cluster: StorageHost,
  table: Table,
  former: Partition,
  fresh: Partition,
): Promise<void> {
  const { catalog } = cluster;
  catalog.removePartition(former);
  await deleteRows(cluster, table, physicalIds([former]));
  catalog.renamePartition(fresh, former.name, false);
}
