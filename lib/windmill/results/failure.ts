import type { RunError } from "../../catalog/runs.ts";

/**
 * The result of a failed flow: what happened, a code, and the next step. Windmill shows its red box only for a result
 * whose one key is `error`, and in it the name, the message and `extra`, which is where it puts the other properties of
 * an error that a script throws.
 */
export function renderFailure({ code, message, next }: RunError, runId: string | undefined) {
  const extra = { code, next, run_id: runId ?? null, status: "FAILED" };
  return { error: { name: "StarRocksBackupError", message, extra } };
}
