import type { ErrorText } from "../../errors.ts";

/**
 * The result of a failed flow: what happened, a code, and the next step. Windmill shows its red box only for a result
 * whose one key is `error`, and in it the name, the message and `extra`, which is where it puts the other properties of
 * an error that a script throws.
 *
 * @param left one sentence on what of the run is left open; undefined when nothing is
 */
export function renderFailure(error: ErrorText, runId: string | undefined, left: string | undefined) {
  const { code, message } = error;
  const next = left === undefined ? error.next : `${error.next} ${left}`;
  const extra = { code, next, run_id: runId ?? null, status: "FAILED" };
  return { error: { name: "StarRocksBackupError", message, extra } };
}
