import type { Cluster } from "../engine/cluster.ts";
import { isSet } from "../engine/frontend-config.ts";
import {
  InternalError,
  JobFailure,
  type JobObject,
  type PartitionMapping,
  type RestoreJob,
  type TableMapping,
} from "../metadata/job.ts";
import type { Database, Partition, Table, View } from "../metadata/model.ts";
import { partitionColumnTypes } from "../metadata/partition-text.ts";
import { rangesOverlap } from "../metadata/ranges.ts";
import type { SnapshotMeta } from "../metadata/snapshot.ts";
import { createDataTable } from "../storage/rows.ts";
import { repositoryFiles } from "./backup-steps.ts";
import { checkSameSchema } from "./compatible.ts";

type Source = SnapshotMeta["tables"][number];

/** The job that is being prepared, and the database it restores into. */
interface Preparation {
  readonly cluster: Cluster;
  readonly job: RestoreJob;
  readonly database: Database;
}

const failure = (message: string): JobFailure => new JobFailure("COMMON_ERROR", message);

/** The PENDING step: requirements on the targets, new objects, mappings (§6.4). */
export async function prepareRestore(cluster: Cluster, job: RestoreJob): Promise<void> {
  const database = cluster.catalog.databaseById(job.dbId);
  if (!database) throw new JobFailure("NOT_FOUND", `database ${job.dbId} does not exist`);
  job.jobId = cluster.catalog.newId();
  const meta = repositoryFiles(cluster, job.repository).readMeta(job.label);
  if (!meta) throw failure("Failed to read backup meta from file");
  for (const table of targetTables(cluster, job)) claim(cluster, table);
  for (const object of job.objects) {
    const view = meta.views.find((one) => one.name === object.name);
    if (view) {
      restoreView({ cluster, job, database }, view, object.alias ?? view.name);
      continue;
    }
    const source = meta.tables.find(({ table }) => table.name === object.name);
    if (!source) throw failure("Failed to read backup meta from file");
    await prepareTable({ cluster, job, database }, meta.databaseId, source, object);
  }
  job.metaPreparedTime = cluster.now();
}

/** Tables that stand where the job restores to. */
export function targetTables(cluster: Cluster, job: RestoreJob): Table[] {
  const database = cluster.catalog.databaseById(job.dbId);
  return job.objects.flatMap(({ name, alias }) => {
    const found = database && cluster.catalog.relation(database, alias ?? name);
    return found?.kind === "table" ? [found] : [];
  });
}

/** §6.4 A 1: all targets at once, before anything is compared. */
function claim(cluster: Cluster, table: Table): void {
  if (table.engine !== "OLAP" && !table.materialized)
    throw new JobFailure(
      "UNSUPPORTED",
      `Table: ${table.name} can not support backup restore, type: {}${table.engine}`,
    );
  if (table.state !== "NORMAL") throw failure(`Table ${table.name}'s state is not NORMAL: ${table.state}`);
  if (cluster.catalog.partitions(table.id).temporary().length > 0)
    throw failure("Do not support restoring table with temp partitions");
  table.state = "RESTORE";
  cluster.catalog.touch("relation", table.id);
}

/** §6.4 A 2 */
function restoreView({ cluster, job, database }: Preparation, view: View, name: string): void {
  const existing = cluster.catalog.relation(database, name);
  if (existing && existing.kind !== "view")
    throw new JobFailure("BAD_REPLACE", `Table: ${name} has existed and it is not a View`);
  if (existing) cluster.catalog.removeRelation(existing);
  const fresh: View = { ...structuredClone(view), id: cluster.catalog.newId(), dbId: database.id, name };
  cluster.catalog.addRelation(fresh);
  job.createdViews.push(fresh.id);
}

async function prepareTable(
  preparation: Preparation,
  sourceDbId: number,
  source: Source,
  object: JobObject,
): Promise<void> {
  const { cluster, job, database } = preparation;
  const name = object.alias ?? object.name;
  const requested = object.partitions
    ? source.partitions.filter((partition) => object.partitions?.includes(partition.name))
    : source.partitions;
  const existing = cluster.catalog.relation(database, name);
  // A view cannot be taken for a table: an exception of the FE, and the job hangs (§2.3).
  if (existing?.kind === "view") throw new InternalError(`${name} is a view`);
  const common = { sourceTableId: source.table.id, sourceDbId, created: !existing };
  if (!existing) {
    const table = await createTarget(preparation, source.table, name);
    const partitions = addAll(cluster, job, table, requested);
    job.tables.push({ ...common, tableId: table.id, partitions });
    return;
  }
  // §6.4 A 3: left as it is, without a word.
  if (existing.materialized?.inactiveReason === "") {
    existing.state = "NORMAL";
    return;
  }
  // Before the schema checks: a failed restore may still move it (§6.4 A 4).
  // Without a counter in the snapshot, as before the first id, it stays.
  if (source.table.nextAutoIncrement > 1) existing.nextAutoIncrement = source.table.nextAutoIncrement;
  cluster.idIntervals.drop(existing.id);
  const mapping: TableMapping = { ...common, tableId: existing.id, partitions: [] };
  job.tables.push(mapping);
  const locals = cluster.catalog.partitions(existing.id).normal();
  checkSameSchema({ table: existing, partitions: locals }, source);
  for (const partition of requested)
    mapping.partitions.push(...matchPartition(cluster, job, existing, partition));
}

/** §6.4 B: new ids, the job's replication_num, partitions of the request only. */
async function createTarget(
  { cluster, job, database }: Preparation,
  source: Table,
  name: string,
): Promise<Table> {
  if (job.replicationNum > cluster.aliveBackends().length)
    throw failure(`failed to find ${job.replicationNum} different hosts to create table: ${source.name}`);
  const { colocate_with: group, ...others } = source.properties;
  const kept = group !== undefined && isSet(cluster, "enable_colocate_restore");
  const properties = kept ? { ...others, colocate_with: group } : others;
  const table: Table = {
    ...structuredClone(source),
    id: cluster.catalog.newId(),
    dbId: database.id,
    name,
    properties:
      "replication_num" in properties
        ? { ...properties, replication_num: String(job.replicationNum) }
        : properties,
    replicationNum: job.replicationNum,
    state: "RESTORE",
    createTime: cluster.now(),
  };
  cluster.catalog.addRelation(table);
  await createDataTable(cluster, table);
  return table;
}

function addAll(
  cluster: Cluster,
  job: RestoreJob,
  table: Table,
  requested: readonly Partition[],
): PartitionMapping[] {
  return requested.flatMap((partition) => addPartition(cluster, job, table, partition));
}

/** New partitions keep the snapshot's versions and old times (§6.7); the single partition follows the alias. */
function addPartition(
  cluster: Cluster,
  job: RestoreJob,
  table: Table,
  source: Partition,
): PartitionMapping[] {
  const name = source.values.kind === "none" ? table.name : source.name;
  const partition: Partition = {
    ...structuredClone(source),
    id: cluster.catalog.newId(),
    tableId: table.id,
    name,
    temporary: false,
    replicationNum: job.replicationNum,
    physical: source.physical.map((physical) => ({
      ...physical,
      id: cluster.catalog.newId(),
      rows: 0,
      bytes: 0,
    })),
  };
  cluster.catalog.addPartition(partition);
  return mappingsOf(source, partition, false);
}

const mappingsOf = (source: Partition, target: Partition, existing: boolean): PartitionMapping[] =>
  source.physical.map((physical, index) => ({
    from: physical.id,
    to: target.physical[index]?.id ?? target.physical[0]?.id ?? 0,
    partitionId: target.id,
    name: target.name,
    existing,
    moved: false,
  }));

/** §6.4 7 */
function matchPartition(
  cluster: Cluster,
  job: RestoreJob,
  table: Table,
  source: Partition,
): PartitionMapping[] {
  const set = cluster.catalog.partitions(table.id);
  const local = set.get(source.name);
  const where = `Partition ${source.name} in table ${table.name}`;
  if (!local) {
    if (table.partitioning.kind !== "range")
      throw failure(`No partition exist in single partitioned table ${table.name}`);
    const types = partitionColumnTypes(table);
    if (set.normal().some((other) => rangesOverlap(source.values, other.values, types)))
      throw failure(`${where} has conflict range with existing ranges`);
    return addPartition(cluster, job, table, source);
  }
  if (source.physical.length > 1)
    throw failure(`${where} is automatic bucket partition, can not be restored`);
  if (table.partitioning.kind === "range" && JSON.stringify(local.values) !== JSON.stringify(source.values))
    throw failure(`${where} has different range with partition in repository`);
  if (local.replicationNum !== job.replicationNum) {
    throw failure(
      `${where} has different replication num '${local.replicationNum}' with partition in repository, which is ${job.replicationNum}`,
    );
  }
  // Tablets are paired one by one; other numbers of them are an exception of the FE.
  if (local.buckets !== source.buckets) throw new InternalError(`${where} has ${local.buckets} buckets`);
  return mappingsOf(source, local, true);
}
