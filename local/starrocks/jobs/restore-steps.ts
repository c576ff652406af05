import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { atLeast } from "../basics/versions.ts";
import type { Cluster } from "../engine/cluster.ts";
import { JobFailure, type PartitionMapping, type RestoreJob, type TableMapping } from "../metadata/job.ts";
import type { Partition, PhysicalPartition, Table } from "../metadata/model.ts";
import { recount } from "../storage/apply.ts";
import { deleteRows, dropDataTable } from "../storage/rows.ts";
import { readRowsFile } from "../storage/rows-file.ts";
import { allAlive, repositoryFiles, rowsFile, tableFolder } from "./backup-steps.ts";
import { prepareRestore, targetTables } from "./restore-prepare.ts";

const staging = (cluster: Cluster, job: RestoreJob): string =>
  join(cluster.options.staging, `restore_${job.id}`);

/** One state step; the next state. §7 */
export async function restoreStep(cluster: Cluster, job: RestoreJob): Promise<RestoreJob["state"]> {
  if (job.state !== "PENDING") checkTargets(cluster, job);
  switch (job.state) {
    case "PENDING":
      if (job.redo) await forgetPrepared(cluster, job);
      await prepareRestore(cluster, job);
      return "SNAPSHOTING";
    case "SNAPSHOTING":
      if (!allAlive(cluster)) return job.state;
      job.snapshotFinishedTime = cluster.now();
      return "DOWNLOAD";
    case "DOWNLOAD":
      return "DOWNLOADING";
    case "DOWNLOADING":
      if (!allAlive(cluster)) return job.state;
      download(cluster, job);
      job.downloadFinishedTime = cluster.now();
      return "COMMIT";
    case "COMMIT":
      // Tablets are moved while the step after this one waits: a cancel in between leaves mixed data (§6.7).
      for (const mapping of job.tables) await moveRows(cluster, job, mapping, firstHalf(mapping.partitions));
      return "COMMITTING";
    case "COMMITTING":
      if (!allAlive(cluster)) return job.state;
      await finish(cluster, job);
      return "FINISHED";
    default:
      return job.state;
  }
}

async function finish(cluster: Cluster, job: RestoreJob): Promise<void> {
  for (const mapping of job.tables) await moveRows(cluster, job, mapping, mapping.partitions);
  for (const mapping of job.tables)
    await finishTable(cluster, mapping, await snapshotPartitions(cluster, job, mapping));
  rmSync(staging(cluster, job), { recursive: true, force: true });
}

const firstHalf = (partitions: PartitionMapping[]): PartitionMapping[] =>
  partitions.slice(0, Math.ceil(partitions.length / 2));

/** Dropping a target is allowed and ends the job (§6.7). */
function checkTargets(cluster: Cluster, job: RestoreJob): void {
  if (!cluster.catalog.databaseById(job.dbId))
    throw new JobFailure("NOT_FOUND", `database ${job.dbId} has been dropped`);
  for (const mapping of job.tables) {
    if (!cluster.catalog.relationById(mapping.tableId))
      throw new JobFailure("NOT_FOUND", `table ${mapping.tableId} has been dropped`);
    const present = new Set(
      cluster.catalog
        .partitions(mapping.tableId)
        .normal()
        .map((partition) => partition.id),
    );
    for (const { partitionId } of mapping.partitions)
      if (!present.has(partitionId))
        throw new JobFailure("NOT_FOUND", `partition ${partitionId} has been dropped`);
  }
}

/** The repository may lose the snapshot after this; the job no longer needs it for rows. */
function download(cluster: Cluster, job: RestoreJob): void {
  const content = repositoryFiles(cluster, job.repository).contentDir(job.label);
  for (const mapping of job.tables) {
    const folder = tableFolder(mapping.sourceDbId, mapping.sourceTableId);
    const file = join(content, folder, rowsFile);
    if (!existsSync(file)) throw new JobFailure("COMMON_ERROR", `File does not exist: ${file}`);
    cpSync(file, join(staging(cluster, job), folder, rowsFile), { recursive: true });
  }
}

async function moveRows(
  cluster: Cluster,
  job: RestoreJob,
  mapping: TableMapping,
  partitions: readonly PartitionMapping[],
): Promise<void> {
  const table = cluster.catalog.relationById(mapping.tableId);
  const waiting = partitions.filter((partition) => !partition.moved);
  if (table?.kind !== "table" || waiting.length === 0) return;
  await deleteRows(
    cluster,
    table,
    waiting.map((partition) => partition.to),
  );
  const file = join(staging(cluster, job), tableFolder(mapping.sourceDbId, mapping.sourceTableId), rowsFile);
  await readRowsFile(cluster, table, waiting, file);
  for (const partition of waiting) partition.moved = true;
}

async function snapshotPartitions(
  cluster: Cluster,
  job: RestoreJob,
  mapping: TableMapping,
): Promise<readonly Partition[]> {
  const meta = repositoryFiles(cluster, job.repository).readMeta(job.label);
  if (!meta) throw new JobFailure("COMMON_ERROR", "Failed to read backup meta from file");
  return meta.tables.find(({ table }) => table.id === mapping.sourceTableId)?.partitions ?? [];
}

/** The version table of §6.7. */
async function finishTable(
  cluster: Cluster,
  mapping: TableMapping,
  sources: readonly Partition[],
): Promise<void> {
  const table = cluster.catalog.relationById(mapping.tableId);
  if (table?.kind !== "table") return;
  const bySource = new Map(sources.map((source) => [source.physical[0]?.id, source.physical[0]]));
  const byId = new Map(
    cluster.catalog
      .partitions(table.id)
      .normal()
      .map((partition) => [partition.id, partition]),
  );
  const restored: Partition[] = [];
  for (const one of mapping.partitions) {
    const partition = byId.get(one.partitionId);
    const source = bySource.get(one.from);
    const physical = partition?.physical[0];
    if (!partition || !physical || !source) continue;
    if (one.existing) overwriteVersions(cluster, physical, source);
    restored.push(partition);
  }
  await recount(cluster, table, restored);
  table.state = "NORMAL";
  cluster.catalog.touch("relation", table.id);
}

function overwriteVersions(cluster: Cluster, physical: PhysicalPartition, source: PhysicalPartition): void {
  physical.visibleVersion = source.visibleVersion;
  physical.nextVersion = source.visibleVersion + 1;
  physical.visibleVersionTime = cluster.now();
  // Unchanged until a fix of 2026, which 4.1 patches have.
  if (atLeast(cluster.options.version, "4.1")) physical.dataVersion = source.visibleVersion;
}

/** Failure, timeout and cancel: what the job made goes, what it overwrote stays as it is (§6.7). */
export async function undoRestore(cluster: Cluster, job: RestoreJob): Promise<void> {
  const { catalog } = cluster;
  for (const mapping of job.tables) {
    const table = catalog.relationById(mapping.tableId);
    if (table?.kind !== "table") continue;
    if (!mapping.created) await dropAdded(cluster, table, mapping);
    else {
      await dropDataTable(cluster, table);
      catalog.removeRelation(table);
    }
  }
  for (const id of job.createdViews) {
    const view = catalog.relationById(id);
    if (view) catalog.removeRelation(view);
  }
  for (const table of targetTables(cluster, job)) {
    if (table.state !== "RESTORE") continue;
    table.state = "NORMAL";
    catalog.touch("relation", table.id);
  }
  rmSync(staging(cluster, job), { recursive: true, force: true });
}

/** After a restart: objects and states that were not journaled yet. */
async function forgetPrepared(cluster: Cluster, job: RestoreJob): Promise<void> {
  await undoRestore(cluster, job);
  job.tables = [];
  job.createdViews = [];
  job.redo = false;
}

async function dropAdded(cluster: Cluster, table: Table, mapping: TableMapping): Promise<void> {
  const added = new Set(mapping.partitions.filter((one) => !one.existing).map((one) => one.partitionId));
  const partitions = cluster.catalog
    .partitions(table.id)
    .normal()
    .filter((partition) => added.has(partition.id));
  for (const partition of partitions) cluster.catalog.removePartition(partition);
  await deleteRows(
    cluster,
    table,
    partitions.flatMap((partition) => partition.physical.map((physical) => physical.id)),
  );
}
