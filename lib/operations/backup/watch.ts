import { recordProgress } from "../../catalog/history.ts";
import type { BackupObservation } from "../../planning/backup/decision.ts";
import { endPatience, recordEverySeconds } from "../step/stall.ts";
import type { BackupStep } from "./observe.ts";

/**
 * Watches the job of a snapshot while it runs. A stuck one (a backend that died after its tasks were given out) shows
 * `[OK]` until its timeout, so only a lack of progress tells.
 *
 * @returns what to add to the wait's reason; undefined while the job gets on
 */
export async function watchProgress(
  step: BackupStep,
  { record, job }: Pick<BackupObservation, "record" | "job">,
): Promise<string | undefined> {
  const { label, database, progressMark, stillSeconds } = record;
  if (job?.label !== label || job.phase !== "running") return undefined;
  if (job.mark === progressMark) {
    return await endPatience(step, { kind: "BACKUP", database, label, stillSeconds });
  }
  const due = progressMark === undefined || stillSeconds >= recordEverySeconds;
  if (due) await recordProgress(step.catalog, label, job.mark);
  return undefined;
}
