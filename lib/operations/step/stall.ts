import { cancelStatement } from "../../starrocks/statements/cancel.ts";
import type { RunStep } from "./step.ts";

/** Each record is a version of a tablet of the catalog, so not every change is written down. */
export const recordEverySeconds = 30;

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
  { catalog, patience, progress }: RunStep,
  { kind, database, label, stillSeconds }: StillJob,
): Promise<string | undefined> {
  if (stillSeconds < patience.stallSeconds) return undefined;
  const still = `no progress for ${Math.floor(stillSeconds / 60)} min`;
  if (!patience.cancelStalled) return `${still}; run cancel to give up`;
  progress.say(`${label}: ${still}, cancelling it`);
  const doing = `cancel the ${kind.toLowerCase()} of ${label} in ${database}`;
  await catalog.session.execute(cancelStatement(kind, database), doing);
  return `${still}, cancelled`;
}
