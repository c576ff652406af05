import { secondsBetween } from "../../instants.ts";
import { isJobOf } from "../../planning/restore/decision.ts";
import type { Wait } from "../../planning/wait.ts";
import { endPatience, recordEverySeconds } from "../step/stall.ts";
import type { WatchedObservation } from "./observe.ts";
import type { DatabaseStep } from "./restore-step.ts";
import { recordProgress } from "./submissions.ts";

/**
 * Watches the job of a run's submission. How far it was is kept beside the submission, so the next submission begins anew.
 *
 * @param wait what is waited for
 * @returns the same, with what there is to say about a job that has stalled
 */
export async function watchRestore(
  step: DatabaseStep,
  { slot, restoreJob: job, submission }: WatchedObservation,
  wait: Wait,
): Promise<Wait> {
  const { catalog, database } = step;
  if (slot.kind !== "ours" || job?.phase !== "running" || submission === undefined) return wait;
  if (!isJobOf(submission, job)) return wait;
  const now = catalog.clock();
  const known = submission.progress;
  const stillSeconds = known === undefined ? recordEverySeconds : secondsBetween(known.since, now);
  if (job.mark === known?.mark) {
    const stall = await endPatience(step, { kind: "RESTORE", database, label: job.label, stillSeconds });
    return { ...wait, stall };
  }
  const watched = { ...submission, progress: { mark: job.mark, since: now } };
  if (stillSeconds >= recordEverySeconds) await recordProgress(step, watched);
  return wait;
}
