import type { Catalog } from "../../catalog/catalog.ts";
import { secondsBetween } from "../../planning/instants.ts";
import { isJobOf, type RestoreObservation } from "../../planning/restore/decision.ts";
import type { Wait } from "../../planning/wait.ts";
import { readClock } from "../../starrocks/observe/clock.ts";
import { endPatience, recordEverySeconds } from "../backup/stall.ts";
import type { Progress } from "../step/progress.ts";
import type { Patience } from "../step/pursuit.ts";
import { recordProgress, type WatchedSubmission } from "./submissions.ts";

/** What is true of one database, its last submission with how far that was seen to be. */
export interface WatchedObservation extends RestoreObservation {
  readonly submission: WatchedSubmission | undefined;
}

/**
 * Watches the job of a run's submission, as `watchProgress` does for backups. How far it was is kept beside the
 * submission, so the next submission begins anew.
 *
 * @param wait what is waited for
 * @returns the same, with what there is to say about a job that has stalled
 */
export async function watchRestore(
  catalog: Catalog,
  runId: string,
  seen: WatchedObservation,
  wait: Wait,
  patience: Patience,
  progress: Progress,
): Promise<Wait> {
  const { database, slot, restoreJob: job, submission } = seen;
  if (slot.kind !== "ours" || job?.phase !== "running" || submission === undefined) return wait;
  if (!isJobOf(submission, job)) return wait;
  const { now } = await readClock(catalog.session);
  const known = submission.progress;
  const stillSeconds = known === undefined ? recordEverySeconds : secondsBetween(known.since, now);
  if (job.mark !== known?.mark) {
    const watched = { ...submission, progress: { mark: job.mark, since: now } };
    if (stillSeconds >= recordEverySeconds) await recordProgress(catalog, runId, database, watched);
    return wait;
  }
  const still = { kind: "RESTORE", database, label: job.label, stillSeconds } as const;
  const stalled = await endPatience(still, catalog, patience, progress);
  return { ...wait, stall: stalled };
}
