import type { CancelledRun, CancelResult, CancelTarget } from "../../operations/run/cancel.ts";
import { outcomeSentence } from "../../planning/restore/table-outcome.ts";
import { counted } from "./amounts.ts";
import { type Document, headline, list, paragraph } from "./document.ts";
import { openRun, openRunBlocks } from "./open-runs.ts";
import { shown } from "./shown.ts";

/** What was stopped, and what is open. `run_id` and `state` speak of the one run that was meant. */
export function renderCancel(result: CancelResult, target: CancelTarget) {
  const { runs, open } = result;
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
      tables: run.tables.map(({ table, outcome, keptAs, reason }) => ({
        table,
        outcome,
        replaced_kept_as: keptAs ?? null,
        reason: reason ?? null,
      })),
    })),
    open: open.map(openRun),
    ...shown(documentOf(result, target)),
  };
}

function documentOf({ runs, open }: CancelResult, target: CancelTarget): Document {
  return [headline(headlineOf(runs, target)), ...runs.flatMap(runBlocks), ...openRunBlocks(open)];
}

function headlineOf(runs: readonly CancelledRun[], target: CancelTarget): string {
  if (target.kind === "nothing")
    return "What is open; run this again with a run, a group or a job to stop it";
  if (runs.length === 0) {
    return target.kind === "group"
      ? `Nothing of group ${target.group} is open`
      : "No open run belongs to that job";
  }
  return `${counted(runs.filter((run) => run.state === "CANCELLED").length, "run")} stopped`;
}

function runBlocks({ runId, state, cancelled, open, tables }: CancelledRun): Document {
  return [
    paragraph(`Run ${runId} is ${state}.`),
    ...(cancelled.length === 0 ? [] : [paragraph("Cancelled in StarRocks:"), list(cancelled)]),
    ...(tables.length === 0 ? [] : [list(tables.map(outcomeSentence))]),
    ...(open.length === 0 ? [] : [paragraph("StarRocks still works on it:"), list(open)]),
  ];
}
