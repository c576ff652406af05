import { groupBy } from "../../group-by.ts";
import type { Job } from "../../starrocks/observe/jobs.ts";
import type { SlotView } from "../backup/decision.ts";
import { jobPercent, meanPercent, taskFraction } from "../percent.ts";
import { type Wait, waitFor } from "../wait.ts";
import type { PlannedRestore, RestorePart } from "./restore-plan.ts";
import type { Schedule } from "./schedule.ts";

/** How far one table of a restore is, by the catalog. `over`: it was given up. */
export type TableStage = "planned" | "ready" | "live" | "over";

/** One table of a restore, as planned and as it stands. */
export interface TableProgress {
  readonly planned: PlannedRestore;
  readonly stage: TableStage;
}

/** Remembers which job the database showed right before a submission: jobs have no name of ours. */
export interface Submission {
  readonly label: string;
  /** Identity of the job before; undefined: there was none. */
  readonly before: string | undefined;
  /** The tables it restores; undefined: those of an older release, all that need the snapshot. */
  readonly tables?: readonly string[];
}

/** What is true of one database of a restore run right now. */
export interface RestoreObservation {
  readonly database: string;
  readonly slot: SlotView;
  readonly tables: readonly TableProgress[];
  /** Names of the database's tables that belong to the run or are its targets. */
  readonly present: ReadonlySet<string>;
  readonly restoreJob: Job | undefined;
  readonly backupJob: Job | undefined;
  readonly submission: Submission | undefined;
  /** Of a restore that makes all of its tables live or none; undefined: each stands for itself. */
  readonly together: Together | undefined;
  /** Restored tables of the run whose partitions still come and go by a schedule of theirs. */
  readonly scheduled: readonly ScheduledTable[];
}

/**
 * How far all tables are, in all databases. `broken`: one was given up. `publishing`: all are ready to be live, or are.
 */
export type Together = "gathering" | "publishing" | "live" | "broken";

export function togetherOf(stages: readonly TableStage[]): Together {
  if (stages.includes("over")) return "broken";
  if (stages.includes("planned")) return "gathering";
  return stages.includes("ready") ? "publishing" : "live";
}

/** A restored table that is not live yet, with the properties by which its partitions come and go. */
export interface ScheduledTable {
  readonly table: string;
  readonly schedule: Schedule;
}

interface Done {
  readonly kind: "done";
}

/** Tables that only the run needs, and that nobody works on any more. */
interface Sweep {
  readonly kind: "sweep";
  readonly names: readonly string[];
}

export type RestoreAction =
  | Done
  | Wait
  | Sweep
  | { readonly kind: "take-slot" }
  | {
      readonly kind: "submit";
      readonly label: string;
      readonly timestamp: string;
      readonly tables: readonly PlannedRestore[];
    }
  /** Before anything else on a restored table: its schedule would drop what was restored. */
  | { readonly kind: "hold"; readonly tables: readonly ScheduledTable[] }
  | { readonly kind: "assemble"; readonly table: PlannedRestore }
  | { readonly kind: "publish"; readonly table: PlannedRestore }
  /** One table's failure stops that table; the others go on. */
  | { readonly kind: "fail"; readonly tables: readonly PlannedRestore[]; readonly error: string }
  /** A table's failure ends the whole restore. */
  | { readonly kind: "give-up" };

export type AbandonAction =
  | Done
  | Wait
  | Sweep
  /** Finds out whether a table that was ready has become live, and takes it away if it has not. */
  | { readonly kind: "withdraw"; readonly table: PlannedRestore }
  /** A table that is live, and must not be without the others. */
  | { readonly kind: "take-back"; readonly table: PlannedRestore }
  | { readonly kind: "abandon"; readonly tables: readonly PlannedRestore[] };

/** The next thing to do in one database of a restore run. Total: it goes on from whatever was interrupted before. */
export function decideRestore(seen: RestoreObservation): RestoreAction {
  if (seen.together === "broken") return { kind: "give-up" };
  const open = seen.tables.filter(isOpen);
  if (open.length === 0) return waitForOthers(seen) ?? sweep(seen);
  if (seen.slot.kind === "other") return waitFor(`run ${seen.slot.runId} works on ${seen.database}`);
  if (seen.slot.kind === "free") return { kind: "take-slot" };
  const running = [seen.restoreJob, seen.backupJob].find((job) => job?.phase === "running");
  if (running !== undefined) {
    return waitForJob(seen, running);
  }
  const failed = failedSubmission(seen);
  if (failed !== undefined) return failed;
  if (seen.scheduled.length > 0) return { kind: "hold", tables: seen.scheduled };
  return nextPart(seen, open) ?? nextTable(seen, open);
}

/**
 * The next thing to do in one database of a restore that is given up: nothing new is begun, a job of the run that still
 * works is waited for, and what was published is told from what was not.
 */
export function decideAbandoned(seen: RestoreObservation): AbandonAction {
  const open = seen.tables.filter(isOpen);
  const ready = open.find((table) => table.stage === "ready");
  if (ready !== undefined) return { kind: "withdraw", table: ready.planned };
  const live = seen.tables.find((table) => table.stage === "live");
  if (live !== undefined && seen.together !== undefined && seen.together !== "live")
    return { kind: "take-back", table: live.planned };
  if (open.length === 0) return sweep(seen);
  const { restoreJob, submission } = seen;
  if (restoreJob?.phase === "running" && isJobOf(submission, restoreJob)) return waitForJob(seen, restoreJob);
  return { kind: "abandon", tables: open.map((table) => table.planned) };
}

function isOpen({ stage }: TableProgress): boolean {
  return stage === "planned" || stage === "ready";
}

/** All that could be done here is done: others are still to become ready, or live. */
function waitForOthers({ database, together }: RestoreObservation): Wait | undefined {
  if (together !== "gathering" && together !== "publishing") return undefined;
  return waitFor(`${database}: its tables become live with those of other databases, or not at all`);
}

/** Whether a job came from a submission: another run may restore the same snapshot, and jobs have no name of ours. */
export function isJobOf(submission: Submission | undefined, job: Job): boolean {
  return submission !== undefined && job.label === submission.label && job.identity !== submission.before;
}

function waitForJob(seen: RestoreObservation, job: Job): Wait {
  return {
    ...waitFor(`${seen.database}: job ${job.label} is in state ${job.state}`, percent(seen, job)),
    fraction: taskFraction(job.progress),
  };
}

/** A worker that stood still before its RESTORE may send it once more; whoever closes the run drops what that brings. */
function sweep({ slot, restoreJob, submission, tables, present }: RestoreObservation): Done | Wait | Sweep {
  if (slot.kind !== "other" && restoreJob?.phase === "running" && restoreJob.label === submission?.label)
    return waitFor(`a superfluous job ${restoreJob.label} is in state ${restoreJob.state}`);
  const parts = tables.flatMap(({ planned }) => [
    ...planned.parts.map((part) => part.as),
    // Its rows are in the live table now.
    ...(planned.strategy === "partitions" ? [planned.assembledAs] : []),
  ]);
  const names = parts.filter((part) => present.has(part));
  return names.length === 0 ? { kind: "done" } : { kind: "sweep", names };
}

/** Parts that are there count whole, the one that is coming by its job. */
function percent(seen: RestoreObservation, running: Job): number {
  const parts = seen.tables.flatMap(({ planned, stage }) =>
    planned.parts.map((part) => {
      if (part.label === running.label && stage === "planned")
        return jobPercent(running.state, running.progress);
      return stage !== "planned" || isPresent(seen, planned, part) ? 100 : 0;
    }),
  );
  return meanPercent(parts);
}

/** A part is there when its table is: StarRocks removes the tables of a RESTORE that fails. */
function nextPart(seen: RestoreObservation, open: readonly TableProgress[]): RestoreAction | undefined {
  const missing = open
    .filter((table) => table.stage === "planned")
    .flatMap(({ planned }) => planned.parts.map((part) => ({ planned, part })))
    .filter(({ planned, part }) => !isPresent(seen, planned, part));
  // One statement restores several tables of a snapshot, but has one replication number for all.
  const [first] = groupBy(missing, ({ planned, part }) => `${part.label} ${planned.replicationNum}`).values();
  const part = first?.[0]?.part;
  if (first === undefined || part === undefined) return undefined;
  return {
    kind: "submit",
    label: part.label,
    timestamp: part.timestamp,
    tables: first.map(({ planned }) => planned),
  };
}

/** The first part may have moved on to the name under which the table is assembled. */
function isPresent(seen: RestoreObservation, planned: PlannedRestore, part: RestorePart): boolean {
  return seen.present.has(part.as) || (part === planned.parts[0] && seen.present.has(planned.assembledAs));
}

function nextTable(seen: RestoreObservation, open: readonly TableProgress[]): RestoreAction {
  const planned = open.find((table) => table.stage === "planned");
  if (planned !== undefined) return { kind: "assemble", table: planned.planned };
  const ready = open.find((table) => table.stage === "ready");
  if (ready === undefined) return { kind: "done" };
  const wait = seen.together === "gathering" ? waitForOthers(seen) : undefined;
  return wait ?? { kind: "publish", table: ready.planned };
}

/**
 * What to do after a job that failed. StarRocks fails a RESTORE of several tables whole, whichever of them was the reason: so
 * each is tried alone then, unless somebody cancelled the job, or its time was up. A cancelled job is ours when it is not the
 * one that was shown before our submission.
 */
function failedSubmission(seen: RestoreObservation): RestoreAction | undefined {
  const { restoreJob: job, submission } = seen;
  if (job === undefined || submission === undefined || job.phase !== "cancelled") return undefined;
  if (!isJobOf(submission, job)) return undefined;
  const missing = seen.tables.flatMap(({ planned, stage }) => {
    if (stage !== "planned" || submission.tables?.includes(planned.table) === false) return [];
    const part = planned.parts.find((each) => each.label === submission.label);
    return part === undefined || isPresent(seen, planned, part) ? [] : [{ planned, part }];
  });
  const [first, ...others] = missing;
  if (first === undefined) return undefined;
  if (others.length === 0 || endedFromOutside(job)) {
    const error = `StarRocks cancelled the restore of ${submission.label}: ${job.status}`;
    return { kind: "fail", tables: missing.map((each) => each.planned), error };
  }
  const { label, timestamp } = first.part;
  return { kind: "submit", label, timestamp, tables: [first.planned] };
}

function endedFromOutside({ status }: Job): boolean {
  return /user cancelled|timeout/i.test(status);
}
