import type { RunError } from "../../catalog/runs.ts";
import { withoutStop } from "../../sentence.ts";

/**
 * The result of a failed flow: one sentence, a code, and the next step.
 *
 * @param left why the run could not be ended; undefined when it was, or there is none
 */
export function renderFailure(error: RunError, runId: string | undefined, left: string | undefined) {
  const open =
    left === undefined
      ? ""
      : ` Run ${runId} could not be ended (${withoutStop(left)}): run cancel for it when that is mended.`;
  return {
    status: "FAILED",
    run_id: runId ?? null,
    error: {
      name: "StarRocksBackupError",
      code: error.code,
      message: error.message,
      next: `${error.next}${open}`,
    },
  };
}
