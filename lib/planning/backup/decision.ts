import type { BackupRecord } from "../../catalog/history.ts";
import type { Job } from "../../starrocks/observe/jobs.ts";
import type { SnapshotInRepository } from "../../starrocks/observe/snapshot.ts";
import { jobPercent, taskFraction } from "../percent.ts";
import { type Wait, waitFor } from "../wait.ts";
import { nothingLeft } from "./nothing-left.ts";

/** Whose the slot of the snapshot's database is. */
export type SlotView =
  | { readonly kind: "ours" }
  | { readonly kind: "free" }
  | { readonly kind: "other"; readonly runId: string };

/** What is true of one snapshot of a run right now. */
export interface BackupObservation {
  readonly record: BackupRecord;
  /** Status of the part before this one; undefined for the first. */
  readonly previous: BackupRecord["status"] | undefined;
  /** Whether a later attempt at the same part exists. */
  readonly superseded: boolean;
  /** Snapshots of the run that other databases are making right now. */
  readonly othersRunning: number;
  readonly slot: SlotView;
  /** The one backup job that StarRocks remembers for the database. */
  readonly job: Job | undefined;
  /** Looked up only when asked for by `look-up`. */
  readonly snapshot: SnapshotInRepository | undefined;
  /** Whether nothing new may be begun: only what StarRocks has done, or still does, is of interest. */
  readonly abandoned: boolean;
}

export type BackupAction =
  | { readonly kind: "done" }
  | Wait
  | { readonly kind: "take-slot" }
  | { readonly kind: "submit" }
  | { readonly kind: "look-up" }
  /** `at`: when the versions were fixed at the latest; undefined when only the past tells. */
  | { readonly kind: "record-cut"; readonly at: string | undefined }
  | { readonly kind: "retry" }
  | { readonly kind: "finish"; readonly timestamp: string | undefined }
  | { readonly kind: "fail"; readonly error: string }
  /** `because`: what StarRocks said of the end of its job. */
  | { readonly kind: "abandon"; readonly because?: string | undefined };

/** The next thing to do for one snapshot of a run. Total: whatever was interrupted before, this goes on from here. */
export function decideBackup(seen: BackupObservation): BackupAction {
  const { record, job } = seen;
  if (record.status === "FAILED" && !seen.superseded && !seen.abandoned && mayRetry(record))
    return { kind: "retry" };
  if (record.status !== "PLANNED" && record.status !== "SUBMITTED") return { kind: "done" };
  if (seen.abandoned && record.status === "PLANNED") return { kind: "abandon" };
  const before = decideByPrevious(seen);
  if (before !== undefined) return before;
  // Only tombstones and unchanged tables: the restore point exists in the catalog alone.
  if (record.partitions === 0 && record.tables > 0 && record.type === "incremental")
    return { kind: "finish", timestamp: undefined };
  if (job?.label === record.label) return decideByJob(seen, job);
  // Sent, or about to be, and the job's row is gone (a newer job replaces it): the repository knows the outcome.
  if (record.status === "SUBMITTED") return decideBySnapshot(seen);
  return decideSubmission(seen);
}

const mostAttempts = 3;

/** One thread of the leader walks all jobs, a step each, so more at once only take longer each. */
const mostJobsAtOnce = 4;

/**
 * Compaction merged past the version before the backends could link it, or the label was burnt by a half-done upload:
 * the next attempt, with a label of its own, is likely to succeed.
 */
function mayRetry(record: BackupRecord): boolean {
  const passing = /OLAP_VERSION_ALREADY_MERGED|version already merged|already exist in repository/;
  return record.attempt < mostAttempts && passing.test(record.error ?? "");
}

function decideByPrevious({ previous, record }: BackupObservation): BackupAction | undefined {
  if (previous === undefined || previous === "FINISHED") return undefined;
  if (previous === "FAILED" || previous === "CANCELLED")
    return { kind: "fail", error: "the part before it failed" };
  return {
    ...waitFor(`${record.label}: part ${record.part} of ${record.parts} comes after the one before`),
    queued: true,
  };
}

function decideByJob(seen: BackupObservation, job: Job): BackupAction {
  switch (job.phase) {
    case "cancelled":
      if (seen.abandoned) return { kind: "abandon", because: job.status };
      return { kind: "fail", error: `StarRocks cancelled the job: ${job.status}` };
    case "running":
      if (job.cut && seen.record.cutTo === undefined) return { kind: "record-cut", at: job.snapshotFinished };
      return {
        ...waitFor(runningReason(seen.record, job), jobPercent(job.state, job.progress)),
        fraction: taskFraction(job.progress),
      };
    case "finished":
      if (seen.snapshot?.kind === "none")
        return { kind: "fail", error: "the job finished, but its snapshot is gone" };
      return decideBySnapshot(seen);
  }
}

function decideBySnapshot(seen: BackupObservation): BackupAction {
  switch (seen.snapshot?.kind) {
    case undefined:
      return { kind: "look-up" };
    case "complete":
      // A job that was never seen between its cut and its end.
      if (seen.record.cutTo === undefined) {
        return {
          kind: "record-cut",
          at: seen.job?.label === seen.record.label ? seen.job.snapshotFinished : undefined,
        };
      }
      if (seen.record.tables === 0) return { kind: "fail", error: nothingLeft(seen.record) };
      return { kind: "finish", timestamp: seen.snapshot.timestamp };
    case "unreadable":
      return waitFor(`the repository cannot be read: ${seen.snapshot.status}`, 99);
    case "none":
      return decideSubmission(seen);
  }
}

function decideSubmission(seen: BackupObservation): BackupAction {
  const { slot, job, record } = seen;
  if (seen.abandoned) return { kind: "abandon" };
  if (slot.kind === "other") {
    return waitFor(`run ${slot.runId} works on database ${record.database}`);
  }
  if (seen.othersRunning >= mostJobsAtOnce) {
    return waitFor(`${record.label}: ${seen.othersRunning} other jobs of the run are at work`);
  }
  if (slot.kind === "free") return { kind: "take-slot" };
  if (job?.phase === "running") {
    return waitFor(`backup ${job.label}, not of this run, is in state ${job.state} on ${record.database}`);
  }
  return { kind: "submit" };
}

function runningReason(record: BackupRecord, job: Job): string {
  const errors = job.taskErrors === "" ? "" : `, task errors: ${job.taskErrors.slice(0, 200)}`;
  return `${record.label}: ${job.state}${errors}`;
}
