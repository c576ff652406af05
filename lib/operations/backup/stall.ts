import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, recordProgress } from "../../catalog/history.ts";
import type { Job } from "../../starrocks/observe/jobs.ts";
import { cancelStatement } from "../../starrocks/statements/cancel.ts";
import type { Progress } from "../step/progress.ts";
import type { Patience } from "../step/pursuit.ts";

/** Each record is a version of a tablet of the catalog, so not every change is written down. */
export const recordEverySeconds = 30;

/**
 * Watches a running job. A stuck one (a backend that died after its tasks were given out) shows `[OK]` until its timeout,
 * so only a lack of progress tells.
 *
 * @returns what to add to the wait's reason; undefined while the job gets on
 */
export async function watchProgress(
  catalog: Catalog,
  record: BackupRecord,
  job: Job,
  patience: Patience,
  progress: Progress,
): Promise<string | undefined> {
  if (job.mark !== record.progressMark) {
    const due = record.progressMark === undefined || record.stillSeconds >= recordEverySeconds;
    if (due) await recordProgress(catalog, record.label, job.mark);
    return undefined;
  }
  return await endPatience(
    { kind: "BACKUP", database: record.database, label: record.label, stillSeconds: record.stillSeconds },
    catalog,
    patience,
    progress,
  );
}

/** A running job, and for how long it has not got on. */
export interface StillJob {
  readonly kind: "BACKUP" | "RESTORE";
  readonly database: string;
  readonly label: string;
  readonly stillSeconds: number;
}

/**
 * Says that a job has stalled, and cancels it where that is asked for.
 *
 * @returns what to add to the wait's reason; undefined while there is patience
 */
export async function endPatience(
  job: StillJob,
  catalog: Catalog,
  patience: Patience,
  progress: Progress,
): Promise<string | undefined> {
  const { kind, database, label, stillSeconds } = job;
  if (stillSeconds < patience.stallSeconds) return undefined;
  const still = `no progress for ${Math.floor(stillSeconds / 60)} min`;
  if (!patience.cancelStalled) return `${still}; run cancel to give up`;
  progress.say(`${label}: ${still}, cancelling it`);
  const doing = `cancel the ${kind.toLowerCase()} of ${label} in ${database}`;
  await catalog.session.execute(cancelStatement(kind, database), doing);
  return `${still}, cancelled`;
}
