import type { RunError } from "../../catalog/runs.ts";
import { withoutStop } from "../../sentence.ts";

/**
 * The result of a failed flow: what happened, a code, and the next step. Windmill shows its red box only for a result
 * whose one key is `error`, and in it the name, the message and `extra`, which is where it puts the other properties of
 * an error that a script throws.
 *
 * @param left why the run could not be ended; undefined when it was, or there is none
 */
export function renderFailure(error: RunError, runId: string | undefined, left: string | undefined) {
  const open =
    left === undefined
      ? ""
      : ` Run ${runId} could not be ended (${withoutStop(left)}): run cancel for it when that is mended.`;
  return {
    error: {
      name: "StarRocksBackupError",
      message: error.message,
      extra: { code: error.code, next: `${error.next}${open}`, run_id: runId ?? null, status: "FAILED" },
    },
  };
}
