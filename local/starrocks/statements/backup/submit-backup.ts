import { commonError, SqlError } from "../../basics/errors.ts";
import { ok, type Result } from "../../basics/result.ts";
import { atLeast } from "../../basics/versions.ts";
import type { Cluster } from "../../engine/cluster.ts";
import type { Context } from "../../engine/context.ts";
import { checkSubmitLock } from "../../engine/submit-lock.ts";
import { type BackupJob, isDone, type JobObject, okStatus } from "../../metadata/job.ts";
import type { Database } from "../../metadata/model.ts";
import { RepositoryFiles } from "../../repository/repository.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { type AnalyzedBackup, analyzeBackup, type NamedObject } from "./analyze-backup.ts";
import { type BackupStatement, parseBackup } from "./grammar.ts";

/** After `BACKUP`: checks in the order of §1.4, then the job waits for its tick. */
export async function submitBackup(tokens: Tokens, context: Context): Promise<Result> {
  const { cluster } = context;
  const statement = parseBackup(tokens, cluster.options.version);
  return cluster.change(async () => {
    const analyzed = analyzeBackup(context, statement);
    handle(cluster, statement, analyzed);
    cluster.jobs.put(cluster.catalog, newJob(cluster, statement, analyzed));
    return ok();
  });
}

/** §1.4 phase C: the handler on the leader, raw texts. */
function handle(cluster: Cluster, statement: BackupStatement, { database, objects }: AnalyzedBackup): void {
  const repository = cluster.repositories.get(statement.repository);
  if (!repository) throw commonError(`Repository ${statement.repository} does not exist`);
  checkSubmitLock(cluster);
  // The statement of an unqualified BACKUP keeps no database: the session's was good enough for the analyzer only (§1.1).
  if (statement.database === undefined)
    throw new SqlError('Cannot read field "dbName" because "jobInfo" is null');
  const running = cluster.jobs.of(database.id);
  if (running && !isDone(running))
    throw commonError("Can only run one backup or restore job of a database at same time");
  if (repository.readOnly) throw commonError(`Repository ${repository.name} is read only`);
  for (const object of objects) checkEligible(cluster, database, object);
  const files = new RepositoryFiles(cluster.options.repositories, repository);
  if (files.hasLabel(statement.label)) {
    if (/^incremental$/i.test(statement.properties["type"] ?? ""))
      throw commonError("Currently does not support incremental backup");
    throw commonError(`Snapshot with name '${statement.label}' already exist in repository`);
  }
}

function checkEligible(cluster: Cluster, database: Database, object: NamedObject): void {
  const relation = cluster.catalog.relation(database, object.name);
  if (!relation) throw new SqlError(`Unknown table '${object.name}'`, 5502, "42602");
  if (relation.kind === "view") {
    // Views travel since 3.4 (§1.5).
    if (atLeast(cluster.options.version, "3.5")) return;
    throw commonError(`Table: ${relation.name} can not support backup restore, type: VIEW`);
  }
  if (relation.engine !== "OLAP" && !(relation.materialized && atLeast(cluster.options.version, "3.5")))
    throw commonError(`Table: ${relation.name} can not support backup restore, type: ${relation.engine}`);
  if (cluster.catalog.partitions(relation.id).temporary().length > 0)
    throw commonError("Do not support backing up table with temp partitions");
  if (object.partitions && object.temporary) throw commonError("Do not support backing up temp partitions");
}

function newJob(cluster: Cluster, statement: BackupStatement, analyzed: AnalyzedBackup): BackupJob {
  const { database, objects, timeoutMs, ttl } = analyzed;
  return {
    kind: "backup",
    id: cluster.catalog.newId(),
    jobId: -1,
    label: statement.label,
    dbId: database.id,
    dbName: database.name,
    repository: statement.repository,
    objects: objects.map(({ name, partitions }): JobObject => (partitions ? { name, partitions } : { name })),
    createTime: cluster.now(),
    timeoutMs,
    ...(ttl && { ttl }),
    state: "PENDING",
    snapshotFinishedTime: null,
    uploadFinishedTime: null,
    finishedTime: null,
    status: okStatus,
    taskErrMsg: "",
    meta: undefined,
  };
}
