import type { CancelResult } from "../../operations/cancel.ts";
import { openRun } from "./open-runs.ts";

/** What was stopped, and what is open. `run_id`, `state` and `cancelled` speak of the one run that was meant. */
export function renderCancel({ runs, open }: CancelResult) {
  const [only, ...others] = runs;
  const one = others.length === 0 ? only : undefined;
  return {
    run_id: one?.runId ?? null,
    state: one?.state ?? null,
    cancelled: runs.flatMap((run) => run.cancelled),
    runs: runs.map((run) => ({
      run_id: run.runId,
      state: run.state,
      cancelled: run.cancelled,
      still_at_work: run.open,
    })),
    open: open.map(openRun),
  };
}
