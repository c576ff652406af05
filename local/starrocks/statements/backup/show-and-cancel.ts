import { timeOrNull, timeText } from "../../basics/clock.ts";
import { commonError, syntaxError, unknownDatabase, unsupported } from "../../basics/errors.ts";
import { type Cell, listing, ok, type Result } from "../../basics/result.ts";
import { atLeast } from "../../basics/versions.ts";
import { may, requireOn } from "../../engine/access.ts";
import { type Context, requireDatabase } from "../../engine/context.ts";
import { showZone } from "../../engine/show-zone.ts";
import { checkSubmitLock } from "../../engine/submit-lock.ts";
import { tabletIds } from "../../jobs/tablets.ts";
import { cancelJob } from "../../jobs/ticker.ts";
import { type BackupJob, isDone, type Job, type RestoreJob, statusText } from "../../metadata/job.ts";
import type { Table } from "../../metadata/model.ts";
import type { Tokens } from "../../sql/tokens.ts";

function parseFrom(tokens: Tokens): string | undefined {
  return tokens.accept("FROM") || tokens.accept("IN") ? tokens.identifier() : undefined;
}

/** After `CANCEL BACKUP|RESTORE` (§2.4). */
export async function cancel(tokens: Tokens, context: Context, kind: Job["kind"]): Promise<Result> {
  const { cluster } = context;
  const none = commonError(
    kind === "restore" ? "No restore is currently running" : "No backup job is currently running",
  );
  if (atLeast(cluster.options.version, "3.5") && tokens.accept("FOR", "EXTERNAL", "CATALOG")) {
    tokens.expectEnd();
    checkSubmitLock(cluster);
    // There are no external catalogs here, so there is never a job of theirs.
    throw none;
  }
  const name = parseFrom(tokens);
  tokens.expectEnd();
  if (name === undefined) throw syntaxError("No selected database for cancel BACKUP/RESTORE");
  return cluster.change(async () => {
    checkSubmitLock(cluster);
    const database = cluster.catalog.database(name);
    if (!database) throw unknownDatabase(name);
    const job = cluster.jobs.of(database.id);
    if (job?.kind === "backup")
      for (const table of tablesOf(job, context)) requireOn(context, table, "EXPORT");
    if (job?.kind !== kind) throw none;
    if (isDone(job))
      throw commonError(
        `Failed to cancel job: Job with label ${job.label} can not be cancelled. state: ${job.state}`,
      );
    const message = kind === "restore" ? `user cancelled, current state: ${job.state}` : "user cancelled";
    await cancelJob(cluster, job, { code: "COMMON_ERROR", message });
    return ok();
  });
}

/** The job's tables that are still there. */
function tablesOf(job: BackupJob, { cluster }: Context): Table[] {
  const database = cluster.catalog.databaseById(job.dbId);
  return job.objects.flatMap(({ name }) => {
    const relation = database && cluster.catalog.relation(database, name);
    return relation?.kind === "table" ? [relation] : [];
  });
}

/** Without FROM: all databases, not the session's (§3.3). */
function jobsShown(tokens: Tokens, context: Context): Job[] {
  const name = parseFrom(tokens);
  if (name === undefined) return context.cluster.jobs.all();
  const job = context.cluster.jobs.of(requireDatabase(context, name).id);
  return job ? [job] : [];
}

const backupColumns = [
  "JobId",
  "SnapshotName",
  "DbName",
  "State",
  "BackupObjs",
  "CreateTime",
  "SnapshotFinishedTime",
  "UploadFinishedTime",
  "FinishedTime",
  "UnfinishedTasks",
  "Progress",
  "TaskErrMsg",
  "Status",
  "Timeout",
] as const;

/** After `SHOW BACKUP` (§3.1). */
export async function showBackup(tokens: Tokens, context: Context): Promise<Result> {
  const jobs = jobsShown(tokens, context);
  // 4.2 takes them; how it goes by them is not known (§3).
  const filter = ["WHERE", "LIKE", "ORDER", "LIMIT"].find((word) => tokens.isWord(word));
  if (filter !== undefined && atLeast(context.cluster.options.version, "4.2"))
    throw unsupported(`SHOW BACKUP … ${filter}`);
  tokens.expectEnd();
  const backups = jobs.flatMap((job) => (job.kind === "backup" ? [job] : []));
  // §3.3: one table without EXPORT empties the whole answer, without an error.
  const hidden = backups.some((job) =>
    tablesOf(job, context).some((table) => !may(context, table, "EXPORT")),
  );
  const rows = hidden ? [] : backups.map((job) => backupRow(job, context));
  return listing(backupColumns, rows);
}

function backupObjects(job: BackupJob, context: Context): string {
  const as = atLeast(context.cluster.options.version, "4.1");
  return job.objects
    .map(({ name, partitions }) => {
      const list = partitions ? `PARTITIONS (${partitions.join(", ")})` : "";
      return `[${job.dbName}.${name}${list}${as ? ` AS ${name}` : ""}]`;
    })
    .join(", ");
}

function backupRow(job: BackupJob, context: Context): Record<(typeof backupColumns)[number], Cell> {
  const zone = showZone(context.cluster, context.session.zone);
  const uploading = job.state === "UPLOADING";
  return {
    JobId: String(job.jobId),
    SnapshotName: job.label,
    DbName: job.dbName,
    State: job.state,
    BackupObjs: backupObjects(job, context),
    CreateTime: timeText(job.createTime, zone),
    SnapshotFinishedTime: timeOrNull(job.snapshotFinishedTime, zone),
    UploadFinishedTime: timeOrNull(job.uploadFinishedTime, zone),
    FinishedTime: timeOrNull(job.finishedTime, zone),
    UnfinishedTasks:
      job.state === "SNAPSHOTING"
        ? snapshotTasks(job, context)
        : uploading
          ? `${job.jobId + 1}=${backend(context)}`
          : "",
    Progress: uploading ? `[${job.jobId + 1}: 0/1]` : "",
    TaskErrMsg: job.taskErrMsg,
    Status: statusText(job.status),
    Timeout: String(job.timeoutMs / 1000),
  };
}

const backend = ({ cluster }: Context): number => cluster.backendIds()[0] ?? 0;

/** `tabletId=beId, …` (§3.1). */
function snapshotTasks(job: BackupJob, context: Context): string {
  const partitions = job.meta?.tables.flatMap((one) => one.partitions) ?? [];
  return partitions
    .flatMap(tabletIds)
    .map((tablet) => `${tablet}=${backend(context)}`)
    .join(", ");
}

const restoreColumns = [
  "JobId",
  "Label",
  "Timestamp",
  "DbName",
  "State",
  "AllowLoad",
  "ReplicationNum",
  "RestoreObjs",
  "CreateTime",
  "MetaPreparedTime",
  "SnapshotFinishedTime",
  "DownloadFinishedTime",
  "FinishedTime",
  "UnfinishedTasks",
  "Progress",
  "TaskErrMsg",
  "Status",
  "Timeout",
] as const;

type RestoreRow = Record<(typeof restoreColumns)[number], Cell>;

/** After `SHOW RESTORE` (§7): a WHERE parses and is ignored. */
export async function showRestore(tokens: Tokens, context: Context): Promise<Result> {
  const jobs = jobsShown(tokens, context);
  if (tokens.accept("WHERE")) while (tokens.peek().kind !== "end") tokens.next();
  tokens.expectEnd();
  const rows = jobs.flatMap((job) => (job.kind === "restore" ? [restoreRow(job, context)] : []));
  return listing(restoreColumns, rows);
}

const isFollower = ({ cluster, session }: Context): boolean =>
  cluster.knobs.follower || session.frontend !== cluster.leader;

/** States a follower never sees: they are not journaled (§7). */
const journaled: Readonly<Record<string, string>> = {
  SNAPSHOTING: "PENDING",
  DOWNLOADING: "DOWNLOAD",
  COMMITTING: "COMMIT",
};

function restoreRow(job: RestoreJob, context: Context): RestoreRow {
  if (isFollower(context)) return followerRow(job, context);
  return leaderRow(job, context);
}

/** As far as it was replayed: coarse states, no tasks and no progress. */
function followerRow(job: RestoreJob, context: Context): RestoreRow {
  const state = journaled[job.state] ?? job.state;
  return {
    ...leaderRow(job, context),
    State: state,
    ...(state === "PENDING" && { JobId: "-1", MetaPreparedTime: null }),
    UnfinishedTasks: "",
    Progress: "",
    TaskErrMsg: "",
  };
}

function leaderRow(job: RestoreJob, context: Context): RestoreRow {
  const zone = showZone(context.cluster, context.session.zone);
  const waiting = job.state === "SNAPSHOTING" || job.state === "DOWNLOADING" || job.state === "COMMITTING";
  return {
    JobId: String(job.jobId),
    Label: job.label,
    Timestamp: job.timestamp,
    DbName: job.dbName,
    State: job.state,
    AllowLoad: String(job.allowLoad),
    ReplicationNum: String(job.replicationNum),
    RestoreObjs: job.shownObjects,
    CreateTime: timeText(job.createTime, zone),
    MetaPreparedTime: timeOrNull(job.metaPreparedTime, zone),
    SnapshotFinishedTime: timeOrNull(job.snapshotFinishedTime, zone),
    DownloadFinishedTime: timeOrNull(job.downloadFinishedTime, zone),
    FinishedTime: timeOrNull(job.finishedTime, zone),
    UnfinishedTasks: waiting ? `${job.jobId + 1}=${backend(context)}` : "",
    Progress: job.state === "DOWNLOADING" ? `[${job.jobId + 1}: 0/1]` : "",
    TaskErrMsg: job.taskErrMsg,
    Status: statusText(job.status),
    Timeout: String(job.timeoutMs / 1000),
  };
}
