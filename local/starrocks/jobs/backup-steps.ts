import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { atLeast } from "../basics/versions.ts";
import type { Cluster } from "../engine/cluster.ts";
import { type BackupJob, JobFailure } from "../metadata/job.ts";
import type { Partition, Table, View } from "../metadata/model.ts";
import { expiry } from "../metadata/ttl.ts";
import { RepositoryFiles } from "../repository/repository.ts";
import { writeRowsFile } from "../storage/rows-file.ts";
import { tabletIds } from "./tablets.ts";

/** Folder of a table's rows below `__ss_content`. */
export const tableFolder = (dbId: number, tableId: number): string =>
  join(`__db_${dbId}`, `__tbl_${tableId}`);

export const rowsFile = "rows.parquet";

export function repositoryFiles(cluster: Cluster, name: string): RepositoryFiles {
  const repository = cluster.repositories.get(name);
  if (!repository) throw new JobFailure("COMMON_ERROR", `failed to get repository: ${name}`);
  return new RepositoryFiles(cluster.options.repositories, repository);
}

const staging = (cluster: Cluster, job: BackupJob): string =>
  join(cluster.options.staging, `backup_${job.id}`);

/** One state step; the next state. §2.1 */
export async function backupStep(cluster: Cluster, job: BackupJob): Promise<BackupJob["state"]> {
  switch (job.state) {
    case "PENDING":
      await fixVersions(cluster, job);
      return "SNAPSHOTING";
    case "SNAPSHOTING":
      if (!allAlive(cluster)) return job.state;
      job.snapshotFinishedTime = cluster.now();
      return "UPLOAD_SNAPSHOT";
    case "UPLOAD_SNAPSHOT":
      // From here on the label is burnt in the repository (§2.5).
      mkdirSync(repositoryFiles(cluster, job.repository).contentDir(job.label), { recursive: true });
      return "UPLOADING";
    case "UPLOADING":
      if (!allAlive(cluster)) return job.state;
      cpSync(staging(cluster, job), repositoryFiles(cluster, job.repository).contentDir(job.label), {
        recursive: true,
      });
      job.uploadFinishedTime = cluster.now();
      return "SAVE_META";
    case "SAVE_META":
      return "UPLOAD_INFO";
    case "UPLOAD_INFO":
      if (!job.meta) throw new JobFailure("COMMON_ERROR", "file is invalid: __meta");
      if (job.ttl) job.meta = { ...job.meta, expireTime: expiry(job.ttl, cluster.now()) };
      repositoryFiles(cluster, job.repository).write(job.meta, timestampOf(job.createTime));
      releaseSnapshots(cluster, job);
      return "FINISHED";
    default:
      return job.state;
  }
}

/** A task on a dead backend is never answered; the job stands still with `[OK]` (§2.3, §19.6). */
export const allAlive = (cluster: Cluster): boolean => cluster.deadBackends.size === 0;

export function releaseSnapshots(cluster: Cluster, job: BackupJob): void {
  rmSync(staging(cluster, job), { recursive: true, force: true });
  // Definitions of 20,000 partitions need not be kept for a row of SHOW BACKUP.
  job.meta = undefined;
}

/** `yyyy-MM-dd-HH-mm-ss-SSS` of the job's creation in the FE's zone (§2.1). */
export const timestampOf = (createTime: number): string =>
  new Date(createTime).toISOString().slice(0, 23).replaceAll(/[T:.]/g, "-");

/** §2.2: definitions, versions and rows of this very moment, all tables at once. */
async function fixVersions(cluster: Cluster, job: BackupJob): Promise<void> {
  const database = cluster.catalog.databaseById(job.dbId);
  if (!database) throw new JobFailure("NOT_FOUND", `database ${job.dbId} does not exist`);
  job.jobId = cluster.catalog.newId();
  // A job of views only has no rows to copy.
  mkdirSync(staging(cluster, job), { recursive: true });
  const tables: { table: Table; partitions: Partition[] }[] = [];
  const views: View[] = [];
  for (const object of job.objects) {
    const relation = cluster.catalog.relation(database, object.name);
    if (!relation) throw new JobFailure("NOT_FOUND", `table ${object.name} does not exist`);
    if (relation.kind === "view") views.push(structuredClone(relation));
    else
      tables.push({
        table: structuredClone(relation),
        partitions: choose(cluster, relation, object.partitions),
      });
  }
  if (tables.length > 0 && cluster.aliveBackends().length === 0) throw noReplica(tables);
  for (const { table, partitions } of tables) await copyRows(cluster, job, table, partitions);
  job.meta = {
    ...(atLeast(cluster.options.version, "4.2") && { clusterId: cluster.clusterId }),
    label: job.label,
    database: database.name,
    databaseId: database.id,
    createTime: job.createTime,
    tables,
    views,
  };
}

/** The hidden automatic partition is copied without a PARTITION list, and with one that names it (§10, §21.2). */
function choose(cluster: Cluster, table: Table, names: readonly string[] | undefined): Partition[] {
  const set = cluster.catalog.partitions(table.id);
  const chosen = names
    ? names.map((name) => {
        const partition = set.get(name);
        if (!partition)
          throw new JobFailure("NOT_FOUND", `partition ${name} does not exist  in table${table.name}`);
        return partition;
      })
    : set.normal();
  return chosen.map((partition) => {
    const copy = structuredClone(partition);
    for (const physical of copy.physical) physical.nextVersion += cluster.knobs.nextVersionGap;
    return copy;
  });
}

function noReplica(tables: readonly { partitions: readonly Partition[] }[]): JobFailure {
  const partition = tables[0]?.partitions[0];
  const version = partition?.physical[0]?.visibleVersion ?? 1;
  const [tablet] = partition ? tabletIds(partition) : [];
  return new JobFailure(
    "COMMON_ERROR",
    `failed to choose replica to make snapshot for tablet ${tablet}. visible version: ${version}`,
  );
}

async function copyRows(
  cluster: Cluster,
  job: BackupJob,
  table: Table,
  partitions: readonly Partition[],
): Promise<void> {
  const folder = join(staging(cluster, job), tableFolder(job.dbId, table.id));
  mkdirSync(folder, { recursive: true });
  const ids = partitions.flatMap((partition) => partition.physical.map((physical) => physical.id));
  await writeRowsFile(cluster, table, ids, join(folder, rowsFile));
}
