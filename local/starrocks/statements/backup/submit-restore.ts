import { commonError, unsupported } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import type { Cluster } from "../../engine/cluster.ts";
import type { Context } from "../../engine/context.ts";
import { checkSubmitLock } from "../../engine/submit-lock.ts";
import { isDone, type JobObject, okStatus, type RestoreJob } from "../../metadata/job.ts";
import type { Database } from "../../metadata/model.ts";
import type { SnapshotMeta } from "../../metadata/snapshot.ts";
import { RepositoryFiles, type SnapshotInfo } from "../../repository/repository.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { checkLabel } from "../repository/repositories.ts";
import { analyzeRestore, type RestoreProperties } from "./analyze-restore.ts";
import { type BackupObject, parseRestore, type RestoreStatement } from "./grammar.ts";
import { checkRestorePrivileges } from "./privileges.ts";

/** After `RESTORE`: checks in the order of §6.3; the rest is found out in PENDING. */
export async function submitRestore(tokens: Tokens, context: Context): Promise<Result> {
  const { cluster } = context;
  const statement = parseRestore(tokens, cluster.options.version);
  // The target database stays even if the job is refused afterwards, hence two steps.
  const found = await cluster.change(async () => {
    const properties = analyzeRestore(context, statement);
    checkRestorePrivileges(context, statement);
    const repository = cluster.repositories.get(statement.repository);
    if (!repository) throw commonError(`Repository ${statement.repository} does not exist`);
    checkLabel(statement.label);
    const files = new RepositoryFiles(cluster.options.repositories, repository);
    const info = readInfo(files, statement.label, properties.timestamp);
    if (statement.catalogs)
      throw commonError(`This is not a snapshot for external catalog restore, snapshot: ${statement.label}`);
    return { properties, files, info, database: targetDatabase(context, statement, info.database) };
  });
  return cluster.change(async () => {
    const { properties, files, info, database } = found;
    checkSubmitLock(cluster);
    const running = cluster.jobs.of(database.id);
    if (running && !isDone(running))
      throw commonError("Can only run one backup or restore job of a database at same time");
    if (statement.source !== undefined && statement.source !== info.database)
      throw commonError(`target database: ${statement.source} is not existed in snapshot`);
    const objects = chooseObjects(statement, info, files.readMeta(statement.label));
    cluster.jobs.put(cluster.catalog, newJob(cluster, { database, statement, properties, objects, info }));
    return ok();
  });
}

function readInfo(files: RepositoryFiles, label: string, timestamp: string): SnapshotInfo {
  const read = files.readInfo(label, timestamp);
  if ("info" in read) return read.info;
  throw commonError(
    `Failed to get info of snapshot '${label}' because: ${read.reason}. Maybe specified wrong backup timestamp`,
  );
}

/** A missing target database is created, before the one-job check, and stays whatever happens (§6.1). */
function targetDatabase(
  { cluster, session }: Context,
  statement: RestoreStatement,
  recorded: string,
): Database {
  const name = statement.database ?? (statement.objects ? session.database : undefined) ?? recorded;
  const existing = cluster.catalog.database(name);
  if (existing) return existing;
  const database = { id: cluster.catalog.newId(), name, schemaChanges: [] };
  cluster.catalog.addDatabase(database);
  return database;
}

/** §6.3 7-11 */
function chooseObjects(
  statement: RestoreStatement,
  info: SnapshotInfo,
  meta: SnapshotMeta | undefined,
): JobObject[] {
  const views = [...new Set(meta?.views.map((view) => view.name))];
  const tables = Object.keys(info.backup_objects);
  const all = [...tables, ...views];
  const allOf = new Map<string, readonly string[]>([
    ["TABLE", tables],
    ["VIEW", views],
  ]);
  if (!statement.objects) return all.map((name) => ({ name }));
  const chosen: JobObject[] = [];
  for (const object of statement.objects) {
    if (object.kind === "all") {
      const names = allOf.get(object.what) ?? [];
      chosen.push(...names.map((name) => ({ name })));
      continue;
    }
    if (object.what === "FUNCTION") throw unsupported(`RESTORE of a ${object.what}`);
    if (!all.includes(object.name))
      throw commonError(`Table ${object.name} does not exist in snapshot ${info.name}`);
    checkPartitions(object, info);
    chosen.push({
      name: object.name,
      ...(object.partitions && { partitions: object.partitions }),
      ...(object.alias !== undefined && { alias: object.alias }),
    });
  }
  return chosen;
}

function checkPartitions(object: Extract<BackupObject, { kind: "named" }>, info: SnapshotInfo): void {
  if (!object.partitions) return;
  if (object.temporary) throw commonError("Do not support restoring temporary partitions");
  const known = info.backup_objects[object.name]?.partitions ?? {};
  // Case-sensitive, although BACKUP took any case.
  for (const name of object.partitions) {
    if (!Object.hasOwn(known, name))
      throw commonError(`Partition ${name} of table ${object.name} does not exist in snapshot ${info.name}`);
  }
}

/** `t PARTITIONS [p1, p2], t2`: names of the snapshot; a partition named like its table is left out, views too. */
function shownObjects(info: SnapshotInfo, objects: readonly JobObject[]): string {
  return objects
    .flatMap(({ name, partitions }) => {
      const table = info.backup_objects[name];
      if (!table) return [];
      const shown = (partitions ?? Object.keys(table.partitions)).filter((partition) => partition !== name);
      return [shown.length > 0 ? `${name} PARTITIONS [${shown.join(", ")}]` : name];
    })
    .join(", ");
}

/** A RESTORE that passed its checks. */
interface AcceptedRestore {
  readonly database: Database;
  readonly statement: RestoreStatement;
  readonly properties: RestoreProperties;
  readonly objects: readonly JobObject[];
  readonly info: SnapshotInfo;
}

function newJob(cluster: Cluster, accepted: AcceptedRestore): RestoreJob {
  const { database, statement, properties, objects, info } = accepted;
  return {
    kind: "restore",
    id: cluster.catalog.newId(),
    jobId: -1,
    label: statement.label,
    dbId: database.id,
    dbName: database.name,
    repository: statement.repository,
    objects,
    createTime: cluster.now(),
    ...properties,
    shownObjects: shownObjects(info, objects),
    state: "PENDING",
    metaPreparedTime: null,
    snapshotFinishedTime: null,
    downloadFinishedTime: null,
    finishedTime: null,
    status: okStatus,
    taskErrMsg: "",
    tables: [],
    createdViews: [],
  };
}
