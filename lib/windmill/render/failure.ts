import type { RunError } from "../../catalog/runs.ts";

/** The result of a failed flow: one sentence, a code, and the next step. */
export function renderFailure(error: RunError, runId: string | undefined) {
  return {
    status: "FAILED",
    run_id: runId ?? null,
    error: { name: "StarRocksBackupError", code: error.code, message: error.message, next: error.next },
  };
}
