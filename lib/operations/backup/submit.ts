import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, isSubmissionWanted, updateBackup } from "../../catalog/history.ts";
import { type ManifestPartition, type ManifestTable, readSubmission } from "../../catalog/manifest.ts";
import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { isOpen } from "../../catalog/runs.ts";
import { groupBy } from "../../group-by.ts";
import { nothingLeft } from "../../planning/backup/nothing-left.ts";
import { tableKey } from "../../planning/live-table.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readBackupJob } from "../../starrocks/observe/jobs.ts";
import { readSnapshot } from "../../starrocks/observe/snapshot.ts";
import { backupStatement, type TableSelection } from "../../starrocks/statements/backup.ts";
import { cancelStatement } from "../../starrocks/statements/cancel.ts";
import { adaptManifest } from "./adapt.ts";
import { type Acted, type BackupStep, type SeenRun, seenOf } from "./observe.ts";

/** StarRocks cancels a job after its timeout; the server's default of a day cuts the longest backups off. */
const timeoutSeconds = 7 * 24 * 3600;

/** A load becomes visible within seconds; what is missing for longer will not come. */
const manifestPatienceSeconds = 600;
const incomplete = "its manifest is incomplete: a step died while the manifest was adapted to a refusal";

/**
 * Sends the BACKUP statement of a planned snapshot. The row says SUBMITTED before the statement leaves, so that a step
 * that dies in between is continued by looking for the job, never by assuming.
 *
 * @returns with what to wait for when StarRocks cannot take the job now: nothing was submitted
 */
export async function submitBackup(step: BackupStep, seen: SeenRun, record: BackupRecord): Promise<Acted> {
  const sent = await submit(step, record);
  if (sent?.kind === "wait") return { wait: sent, seen };
  const view = await readRunView(step.catalog, step.run.runId);
  await takeBackWhenAbandoned(step, view, record);
  const submitted = sent && { submitted: { label: record.label, tables: sent.tables } };
  return { wait: undefined, seen: { ...seenOf(view), ...submitted } };
}

/** StarRocks has taken a snapshot of these tables, or of what is copied of them. */
interface Sent {
  readonly kind: "sent";
  readonly tables: readonly ManifestTable[];
}

/** @returns undefined when what became of it is in the record, or is to be looked up */
async function submit(step: BackupStep, record: BackupRecord): Promise<Wait | Sent | undefined> {
  const { catalog } = step;
  const { label } = record;
  // A load is durable before it is visible (status COMMITTED): a manifest read too early would lack partitions that the
  // snapshot then lacks for ever.
  const manifest = await readSubmission(catalog, label);
  const visible = manifest.counts.get(label);
  if ((visible?.tables ?? 0) !== record.tables || (visible?.partitions ?? 0) !== record.partitions) {
    if (record.stillSeconds < manifestPatienceSeconds)
      return waitFor(`${label}: its manifest is not fully visible yet`);
    await updateBackup(catalog, label, { status: "FAILED", error: incomplete });
    return undefined;
  }
  const copied = manifest.tables.filter((table) => table.content !== "unchanged");
  const tables = selections(copied, manifest.partitions);
  if (tables.length === 0) {
    await updateBackup(catalog, label, emptied(record, copied.length));
    return undefined;
  }
  // A job that was seen after its cut and was then cancelled by somebody has a successor with a cut of its own.
  if (record.status === "PLANNED" || record.cutTo !== undefined)
    await updateBackup(catalog, label, { status: "SUBMITTED", after: record.status });
  if (!(await isSubmissionWanted(catalog, record)))
    return waitFor(`${label}: it is given up, or its record is not visible yet`);
  const outcome = await send(step, record, tables);
  return outcome === "sent" ? { kind: "sent", tables: manifest.tables } : outcome;
}

async function send(
  { catalog, progress }: BackupStep,
  record: BackupRecord,
  tables: readonly TableSelection[],
): Promise<Wait | "sent" | undefined> {
  const { label, database, repository } = record;
  progress.say(`Submitting backup ${label}`);
  try {
    const request = { database, label, repository, tables, timeoutSeconds };
    await catalog.session.execute(backupStatement(request), `submit backup ${label}`);
    return "sent";
  } catch (error) {
    if (!(error instanceof StarRocksFault)) throw error;
    return await refused(catalog, record, error);
  }
}

/** Reacts to StarRocks' answer; what cannot be mended fails the snapshot. */
async function refused(
  catalog: Catalog,
  record: BackupRecord,
  fault: StarRocksFault,
): Promise<Wait | undefined> {
  const { label } = record;
  switch (fault.kind) {
    case "submit-lock-busy":
    case "job-running":
      return waitFor(`${label}: another job is being submitted`);
    case "connection":
      // Whether the statement got through is looked up by the next decision, in the next step.
      throw fault;
    case "label-taken":
      if (await isOurs(catalog, record)) return undefined;
      break;
    default: {
      const adapted = await adaptManifest(catalog, record, fault);
      if (adapted.kind === "wait") return adapted;
      if (adapted.kind === "adapted") return undefined;
    }
  }
  await updateBackup(catalog, label, { status: "FAILED", error: fault.message });
  return undefined;
}

/** The run may have been given up while the statement was on its way: nobody would watch its job then. */
async function takeBackWhenAbandoned(
  { catalog, progress }: BackupStep,
  { run, backups }: RunView,
  { runId, database, label }: BackupRecord,
): Promise<void> {
  const status = backups.find((each) => each.label === label)?.status;
  if (status !== "CANCELLED" && status !== "FAILED" && isOpen(run.state) && run.error === undefined) return;
  const job = await readBackupJob(catalog.session, database);
  if (job?.label !== label || job.phase !== "running") return;
  await catalog.session.execute(cancelStatement("BACKUP", database), `cancel backup ${label}`);
  progress.say(`${label}: run ${runId} was given up meanwhile; the job is cancelled`);
}

/**
 * Whether the snapshot that stands in the way is this record's own: made by a submission whose answer got lost, or by
 * another execution of this step. A label that was never sent from here belongs to somebody else, and one without a
 * readable snapshot is burnt.
 */
async function isOurs(catalog: Catalog, record: BackupRecord): Promise<boolean> {
  const job = await readBackupJob(catalog.session, record.database);
  if (job?.label === record.label) return true;
  if (record.status === "PLANNED") return false;
  return (await readSnapshot(catalog.session, record.repository, record.label)).kind === "complete";
}

/** What becomes of a snapshot that has nothing left to copy. What its tables are unchanged from can still be restored. */
function emptied(record: BackupRecord, copied: number): Parameters<typeof updateBackup>[2] {
  if (copied === 0 && record.tables > 0) {
    return { status: "FINISHED", snapshotTimestamp: undefined, cutTo: record.cutFrom };
  }
  return { status: "FAILED", error: nothingLeft(record) };
}

function selections(
  tables: readonly ManifestTable[],
  partitions: readonly ManifestPartition[],
): readonly TableSelection[] {
  const heldByTable = groupBy(
    partitions.filter((each) => each.presence === "held"),
    tableKey,
  );
  return tables.flatMap((table): readonly TableSelection[] => {
    if (!isListed(table)) return [{ table: table.table, partitions: undefined }];
    const held = heldByTable.get(tableKey(table)) ?? [];
    return held.length === 0 ? [] : [{ table: table.table, partitions: held.map((each) => each.partition) }];
  });
}

/** An unpartitioned table's one partition is named like the table, and renamed with it: it goes without a list. */
function isListed(table: ManifestTable): boolean {
  return table.content !== "whole" && table.partitionKind !== "none";
}
