import type { PollResult } from "../../operations/run/poll.ts";
import { type Document, headline, list, paragraph } from "./document.ts";
import { shown } from "./shown.ts";

/** Where a run stands: the result of the scripts that carry it on. */
export function renderPoll(result: PollResult) {
  return { ...result, ...shown(documentOf(result)) };
}

function documentOf({ done, run_id, state, waiting_for }: PollResult): Document {
  if (done) return [headline(`Run ${run_id} is over: ${state}`), paragraph("The report says how it went.")];
  return [
    headline(`Run ${run_id} goes on`),
    ...(waiting_for.length === 0 ? [] : [paragraph("It waits:"), list(waiting_for)]),
  ];
}
