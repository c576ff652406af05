import { failOpenBackups } from "../../catalog/history.ts";
import { markAbandoned } from "../../catalog/pulse.ts";
import { failOpenRestores } from "../../catalog/restores.ts";
import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { type Run, type RunState, updateRun } from "../../catalog/runs.ts";
import { releaseRunSlots } from "../../catalog/slots.ts";
import type { ErrorText } from "../../errors.ts";
import { waitText } from "../../planning/wait.ts";
import type { Ending } from "../step/ending.ts";
import { endless } from "../step/patience.ts";
import type { Step } from "../step/step.ts";
import { isUnchanged, planChanged } from "./check-plan.ts";
import { kindOf } from "./kinds.ts";

/** How far a run that was given up has come to its end. */
export interface Abandoned {
  readonly state: RunState;
  /** What StarRocks still works on; empty when the run is over. */
  readonly open: readonly string[];
  /** Why it has ended so, where that is not the ending that was given. */
  readonly instead?: ErrorText;
}

/**
 * Ends a run: records as finished what StarRocks has finished, drops its temporary tables, frees its slots. What StarRocks
 * still works on stays open; whoever meets the run later records how that ended. May be repeated.
 */
export async function abandonRun(step: Step, view: RunView, ending: Ending): Promise<Abandoned> {
  const { catalog, progress } = step;
  const { run } = view;
  const { runId } = run;
  if (!isUnchanged(run, step.planHash)) return await endWithoutPlan(step, run);
  await markAbandoned(catalog, runId, ending.error);
  // Until the mark was set, a step of the run that is at work may have got further.
  const marked = await readRunView(catalog, runId);
  const pursued = await kindOf(run).abandon({ ...step, run, patience: endless }, marked, ending);
  if (pursued.kind === "over") return { state: pursued.state, open: [] };
  // Its job keeps others off the database; the slot would keep them off longer.
  await releaseRunSlots(catalog, runId);
  const open = pursued.waits.map(waitText);
  progress.say(
    `Still at work in StarRocks: ${open.join("; ")}. The end of run ${runId} is recorded by the next run or by status.`,
  );
  return { state: run.state, open };
}

/** Ends a run by whose plan nothing may be done: what it has left is for a person to look at. */
async function endWithoutPlan({ catalog, progress }: Step, run: Run): Promise<Abandoned> {
  const { code, message, next } = planChanged(run);
  const instead = { code, message, next };
  await updateRun(catalog, run.runId, { state: "FAILED", error: instead });
  await failOpenRestores(catalog, run.runId, message);
  await failOpenBackups(catalog, run.runId, message);
  await releaseRunSlots(catalog, run.runId);
  progress.say(`${message} ${next}`);
  return { state: "FAILED", open: [], instead };
}
