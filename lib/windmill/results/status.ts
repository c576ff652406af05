import type { StatusResult } from "../../operations/status/status.ts";
import { headline, note, paragraph } from "./document.ts";
import { openRun, openRunBlocks } from "./open-runs.ts";
import { shown } from "./shown.ts";

/** What is going on: runs that were settled now, and what is open. */
export function renderStatus({ settled, open }: StatusResult) {
  return {
    settled: settled.map((run) => ({ run_id: run.runId, state: run.state, outcome: run.outcome })),
    open: open.map(openRun),
    ...shown([
      headline("What is going on"),
      ...settled.map((run) => (run.state === "FINISHED" ? paragraph(run.outcome) : note(run.outcome))),
      ...openRunBlocks(open),
    ]),
  };
}
