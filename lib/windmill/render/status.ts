import type { StatusResult } from "../../operations/status.ts";
import { openRun } from "./open-runs.ts";

/** What is going on: runs that were settled now, and what is open. */
export function renderStatus({ settled, open }: StatusResult) {
  return {
    settled: settled.map((run) => ({ run_id: run.runId, state: run.state, outcome: run.outcome })),
    open: open.map(openRun),
  };
}
