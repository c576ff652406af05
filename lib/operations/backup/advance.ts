import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { isOver, readRunState, updateRun } from "../../catalog/runs.ts";
import { type BackupAction, decideBackup } from "../../planning/backup/decision.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { type Job, readBackupJob } from "../../starrocks/observe/jobs.ts";
import { readSnapshot, type SnapshotInRepository } from "../../starrocks/observe/snapshot.ts";
import type { Ending } from "../step/ending.ts";
import type { Pursued } from "../step/kind.ts";
import { abandonSnapshot } from "./abandon.ts";
import { actOnBackup } from "./act.ts";
import { closeRun } from "./close.ts";
import { type BackupStep, lookAgain, observeSnapshot, type SeenRun, seenOf } from "./observe.ts";
import { watchProgress } from "./watch.ts";

/**
 * Brings every snapshot of a backup run as far as it goes without waiting; says what is waited for.
 *
 * @param ending of a run that is given up; undefined: it is carried on
 */
export async function advanceBackup(
  step: BackupStep,
  view: RunView,
  ending: Ending | undefined,
): Promise<Pursued> {
  const { catalog, run } = step;
  if (ending === undefined && run.state === "PLANNED") {
    const begins = await updateRun(catalog, run.runId, { state: "RUNNING", approvedBy: undefined });
    const state = begins ? "RUNNING" : ((await readRunState(catalog, run.runId)) ?? run.state);
    if (isOver({ state })) return { kind: "over", state };
  }
  const first = seenOf(view);
  const waits = [...invisible(step, first, ending)];
  let seen = first;
  for (const { label } of first.records) {
    const outcome = await advanceSnapshot(step, seen, label, ending);
    seen = outcome.seen;
    if (outcome.wait !== undefined) waits.push(outcome.wait);
  }
  if (waits.length > 0) return { kind: "waiting", waits };
  // A new attempt is a record that was not there before.
  if (seen.records.length > first.records.length)
    return await advanceBackup(step, await readRunView(catalog, run.runId), ending);
  return { kind: "over", state: await closeRun(step, seen, ending) };
}

/** Rows become visible within seconds: of a run that is given up much later, what cannot be seen is not there. */
const visibleWithinSeconds = 600;

/** A planned snapshot whose row cannot be seen yet is not done. */
function invisible({ run }: BackupStep, { records }: SeenRun, ending: Ending | undefined): readonly Wait[] {
  if (ending !== undefined && run.ageSeconds > visibleWithinSeconds) return [];
  const seen = new Set(records.map((record) => record.label));
  return run.plan.snapshots
    .filter((snapshot) => !seen.has(snapshot.label))
    .map((snapshot) => waitFor(`${snapshot.label}: its row is not visible yet`));
}

/** How far one snapshot was brought. */
interface SnapshotOutcome {
  /** What it waits for; undefined when it is done. */
  readonly wait: Wait | undefined;
  /** What was seen of the run last. */
  readonly seen: SeenRun;
}

/** The job of a database as StarRocks showed it; there may be none. */
interface SeenJob {
  readonly seen: Job | undefined;
}

/** Repeats observe, decide, act for one snapshot; looks at the run again after each act. */
async function advanceSnapshot(
  step: BackupStep,
  first: SeenRun,
  label: string,
  ending: Ending | undefined,
): Promise<SnapshotOutcome> {
  let seen = first;
  let snapshot: SnapshotInRepository | undefined;
  let job: SeenJob | undefined;
  for (;;) {
    const record = seen.records.find((each) => each.label === label);
    if (record === undefined) return { wait: waitFor(`${label}: its row is not visible`), seen };
    job ??= { seen: await readBackupJob(step.catalog.session, record.database) };
    const { observation, slot } = observeSnapshot(seen, record, job.seen);
    const action = decideBackup({ ...observation, snapshot, abandoned: ending !== undefined });
    switch (action.kind) {
      case "done":
        return { wait: undefined, seen };
      case "wait": {
        const stall = ending === undefined ? await watchProgress(step, observation) : undefined;
        return { wait: { ...action, stall }, seen };
      }
      case "look-up":
        snapshot = await readSnapshot(step.catalog.session, record.repository, label);
        break;
      case "abandon": {
        const because = action.because;
        const wait = ending && (await abandonSnapshot(step, record, ending, because));
        return { wait, seen: await lookAgain(step) };
      }
      default: {
        snapshot = stillStored(action, snapshot);
        job = stillTrue(action, job);
        const acted = await actOnBackup(step, { seen, record, slot, job: observation.job }, action);
        seen = acted.seen;
        // The new attempt is a record of its own, and this one is done.
        if (acted.wait !== undefined || action.kind === "retry") return { wait: acted.wait, seen };
      }
    }
  }
}

/** Nothing but a submission has a job begin. */
function stillTrue({ kind }: BackupAction, job: SeenJob): SeenJob | undefined {
  return kind === "submit" ? undefined : job;
}

/** What the repository holds does not change by what is written down of it. */
function stillStored(
  { kind }: BackupAction,
  snapshot: SnapshotInRepository | undefined,
): SnapshotInRepository | undefined {
  return kind === "record-cut" ? snapshot : undefined;
}
