import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, recordProgress } from "../../catalog/history.ts";
import type { Job } from "../../starrocks/observe/jobs.ts";
import { cancelStatement } from "../../starrocks/statements/cancel.ts";
import type { Progress } from "../progress.ts";

/** What to do about a job that does not get on. */
export interface Patience {
  readonly stallSeconds: number;
  readonly cancelStalled: boolean;
}

/** For steps that only submit. */
export const endless: Patience = { stallSeconds: Number.POSITIVE_INFINITY, cancelStalled: false };

/** Each record is a version of the history's tablet, so not every change is written down. */
const recordEverySeconds = 30;

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
  if (record.stillSeconds < patience.stallSeconds) return undefined;
  const minutes = Math.floor(record.stillSeconds / 60);
  if (!patience.cancelStalled) return `no progress for ${minutes} min; run cancel to give up`;
  progress.say(`${record.label}: no progress for ${minutes} min, cancelling it`);
  await catalog.session.execute(cancelStatement("BACKUP", record.database), `cancel backup ${record.label}`);
  return `no progress for ${minutes} min, cancelled`;
}
