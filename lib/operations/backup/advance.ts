import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, readRunBackups, updateBackup } from "../../catalog/history.ts";
import { deleteManifest } from "../../catalog/manifest.ts";
import { isOver, type Run, readRunState, updateRun } from "../../catalog/runs.ts";
import { beatSlots, readSlots, releaseSlots, type Slot, slotScope } from "../../catalog/slots.ts";
import type { BackupPlan } from "../../planning/backup/backup-plan.ts";
import { decideBackup } from "../../planning/backup/decision.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { sentence } from "../../sentence.ts";
import { readBackupJob } from "../../starrocks/observe/jobs.ts";
import { readSnapshot, type SnapshotInRepository } from "../../starrocks/observe/snapshot.ts";
import type { Progress } from "../step/progress.ts";
import type { Ending, Pursuit } from "../step/pursuit.ts";
import { slotView } from "../step/slot-view.ts";
import { actOnBackup } from "./act.ts";
import { watchProgress } from "./stall.ts";

/** Brings every snapshot of a backup run as far as it goes without waiting; says what is waited for. */
export async function advanceBackup(
  catalog: Catalog,
  run: Run,
  pursuit: Pursuit,
  progress: Progress,
): Promise<readonly Wait[]> {
  const records = await readRunBackups(catalog, run.runId);
  if (pursuit.kind === "carry-on") {
    if (run.state === "PLANNED")
      await updateRun(catalog, run.runId, { state: "RUNNING", approvedBy: undefined });
    await beatSlots(catalog, ownSlots(await readSlots(catalog, scopesOf(records)), run.runId));
  }
  const waitingFor: Wait[] = [...(isMissing(run, pursuit) ? [] : invisible(run, records))];
  for (const record of records) {
    const wait = await advanceSnapshot(catalog, record, pursuit, progress);
    if (wait !== undefined) waitingFor.push(wait);
  }
  if (waitingFor.length > 0) return waitingFor;
  // A new attempt is a record that was not there before.
  if ((await readRunBackups(catalog, run.runId)).length > records.length) {
    return await advanceBackup(catalog, run, pursuit, progress);
  }
  await closeRun(catalog, run.runId, pursuit);
  return [];
}

/** Rows become visible within seconds: of a run that is given up much later, what cannot be seen is not there. */
function isMissing({ ageSeconds }: Run, { kind }: Pursuit): boolean {
  return kind === "give-up" && ageSeconds > 600;
}

/** A planned snapshot whose row cannot be seen yet is not done. */
function invisible(run: Run, records: readonly BackupRecord[]): readonly Wait[] {
  const { snapshots } = JSON.parse(run.plan) as BackupPlan;
  const seen = new Set(records.map((record) => record.label));
  return snapshots
    .filter((snapshot) => !seen.has(snapshot.label))
    .map((snapshot) => waitFor(`${snapshot.label}: its row is not visible yet`));
}

/** Repeats observe, decide, act for one snapshot. Returns what it waits for, or undefined when it is done. */
async function advanceSnapshot(
  catalog: Catalog,
  planned: BackupRecord,
  pursuit: Pursuit,
  progress: Progress,
): Promise<Wait | undefined> {
  let lookedUp: SnapshotInRepository | undefined;
  for (;;) {
    const records = await readRunBackups(catalog, planned.runId);
    const record = records.find((each) => each.label === planned.label) ?? planned;
    const scope = slotScope(record.database);
    const slot = (await readSlots(catalog, [scope])).get(scope);
    const job = await readBackupJob(catalog.session, record.database);
    const siblings = records.filter((each) => each.database === record.database);
    const action = decideBackup({
      record,
      previous: newestAttempt(siblings, record.part - 1)?.status,
      superseded: (newestAttempt(siblings, record.part)?.attempt ?? 0) > record.attempt,
      othersRunning: records.filter((each) => each.status === "SUBMITTED" && each.label !== record.label)
        .length,
      slot: slotView(slot, record.runId),
      job,
      snapshot: lookedUp,
      givenUp: pursuit.kind === "give-up",
    });
    switch (action.kind) {
      case "done":
        return undefined;
      case "wait": {
        if (job?.label !== record.label || job.phase !== "running" || pursuit.kind === "give-up")
          return action;
        return { ...action, stall: await watchProgress(catalog, record, job, pursuit.patience, progress) };
      }
      case "look-up":
        lookedUp = await readSnapshot(catalog.session, record.repository, record.label);
        break;
      case "give-up":
        return pursuit.kind === "give-up"
          ? await giveUpSnapshot(catalog, record, pursuit.ending, action.because)
          : undefined;
      default: {
        lookedUp = undefined;
        const blocked = await actOnBackup(catalog, record, slot, action, progress);
        if (blocked !== undefined) return blocked;
        // The new attempt is a record of its own, and this one is done.
        if (action.kind === "retry") return undefined;
      }
    }
  }
}

function newestAttempt(records: readonly BackupRecord[], part: number): BackupRecord | undefined {
  return records
    .filter((each) => each.part === part)
    .sort((one, other) => one.attempt - other.attempt)
    .at(-1);
}

/**
 * Ends a snapshot of which there is nothing in StarRocks, unless a step that is at work has got further with it.
 *
 * @returns what to wait for when it has
 */
async function giveUpSnapshot(
  catalog: Catalog,
  { label, runId, status }: BackupRecord,
  { state, error }: Ending,
  because: string | undefined,
): Promise<Wait | undefined> {
  const said =
    because === undefined ? error.message : `${error.message} StarRocks says of its job: ${because}`;
  await updateBackup(catalog, label, { status: state, after: status, error: said });
  const now = (await readRunBackups(catalog, runId)).find((each) => each.label === label)?.status;
  return now === "PLANNED" || now === "SUBMITTED"
    ? waitFor(`${label}: another execution of its step has got further with it`)
    : undefined;
}

/** Everything is final: the run is what its snapshots are. */
async function closeRun(catalog: Catalog, runId: string, pursuit: Pursuit): Promise<void> {
  const records = await readRunBackups(catalog, runId);
  // No restore reads them, and no attempt will be made of them any more.
  for (const { label, status } of records) if (status !== "FINISHED") await deleteManifest(catalog, label);
  const slots = await readSlots(catalog, scopesOf(records));
  await releaseSlots(catalog, ownSlots(slots, runId));
  // It may have been cancelled meanwhile.
  const state = await readRunState(catalog, runId);
  if (state !== undefined && isOver({ state })) return;
  const failed = records.filter(
    (record) =>
      record.status !== "FINISHED" &&
      !records.some(
        (each) =>
          each.database === record.database && each.part === record.part && each.attempt > record.attempt,
      ),
  );
  if (failed.length === 0) return await updateRun(catalog, runId, { state: "FINISHED" });
  if (pursuit.kind === "give-up") return await updateRun(catalog, runId, pursuit.ending);
  await updateRun(catalog, runId, {
    state: "FAILED",
    error: {
      code: "BACKUP_FAILED",
      message: failed
        .map((record) => sentence(`Backup ${record.label} failed: ${record.error ?? record.status}`))
        .join(" "),
      next: "Correct what is named and run the backup again; it gets a fresh label. Finished snapshots are kept.",
    },
  });
}

function scopesOf(records: readonly BackupRecord[]): readonly string[] {
  return [...new Set(records.map((record) => slotScope(record.database)))];
}

/** An expired slot that nobody has taken over is still the run's. */
function ownSlots(slots: ReadonlyMap<string, Slot>, runId: string): readonly Slot[] {
  return [...slots.values()].filter((slot) => !slot.released && slot.runId === runId);
}
