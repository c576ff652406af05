import { updateRun } from "../../catalog/runs.ts";
import { decideBackup } from "../../planning/backup/decision.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { readSnapshot, type SnapshotInRepository } from "../../starrocks/observe/snapshot.ts";
import type { Ending } from "../step/ending.ts";
import { abandonSnapshot } from "./abandon.ts";
import { actOnBackup } from "./act.ts";
import { closeRun } from "./close.ts";
import { type BackupStep, observeRun, observeSnapshot, type SeenRun } from "./observe.ts";
import { watchProgress } from "./watch.ts";

/**
 * Brings every snapshot of a backup run as far as it goes without waiting; says what is waited for.
 *
 * @param ending of a run that is given up; undefined: it is carried on
 */
export async function advanceBackup(step: BackupStep, ending: Ending | undefined): Promise<readonly Wait[]> {
  const { catalog, run } = step;
  if (ending === undefined && run.state === "PLANNED") {
    await updateRun(catalog, run.runId, { state: "RUNNING", approvedBy: undefined });
  }
  const first = await observeRun(step);
  const waitingFor = [...invisible(step, first, ending)];
  let seen = first;
  for (const { label } of first.records) {
    const outcome = await advanceSnapshot(step, seen, label, ending);
    seen = outcome.seen;
    if (outcome.wait !== undefined) waitingFor.push(outcome.wait);
  }
  if (waitingFor.length > 0) return waitingFor;
  // A new attempt is a record that was not there before.
  if (seen.records.length > first.records.length) return await advanceBackup(step, ending);
  await closeRun(step, ending);
  return [];
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

/** Repeats observe, decide, act for one snapshot; looks at the run again after each act. */
async function advanceSnapshot(
  step: BackupStep,
  first: SeenRun,
  label: string,
  ending: Ending | undefined,
): Promise<SnapshotOutcome> {
  let seen = first;
  let snapshot: SnapshotInRepository | undefined;
  for (;;) {
    const record = seen.records.find((each) => each.label === label);
    if (record === undefined) return { wait: waitFor(`${label}: its row is not visible`), seen };
    const { observation, slot } = await observeSnapshot(step, seen, record);
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
        return { wait, seen: await observeRun(step) };
      }
      default: {
        snapshot = undefined;
        const blocked = await actOnBackup(step, { record, slot }, action);
        seen = await observeRun(step);
        // The new attempt is a record of its own, and this one is done.
        if (blocked !== undefined || action.kind === "retry") return { wait: blocked, seen };
      }
    }
  }
}
