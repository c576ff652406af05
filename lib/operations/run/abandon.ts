import { markAbandoned } from "../../catalog/pulse.ts";
import { type Run, type RunState, readRunState } from "../../catalog/runs.ts";
import { releaseRunSlots } from "../../catalog/slots.ts";
import { waitText } from "../../planning/wait.ts";
import type { Ending } from "../step/ending.ts";
import { endless } from "../step/patience.ts";
import type { Step } from "../step/step.ts";
import { checkPlan } from "./check-plan.ts";
import { kindOf } from "./kinds.ts";

/** How far a run that was given up has come to its end. */
export interface Abandoned {
  readonly state: RunState;
  /** What StarRocks still works on; empty when the run is over. */
  readonly open: readonly string[];
}

/**
 * Ends a run: records as finished what StarRocks has finished, drops its temporary tables, frees its slots. What StarRocks
 * still works on stays open; whoever meets the run later records how that ended. May be repeated.
 */
export async function abandonRun(step: Step, run: Run, ending: Ending): Promise<Abandoned> {
  const { catalog, progress } = step;
  const { runId } = run;
  checkPlan(run);
  await markAbandoned(catalog, runId, ending.error);
  const waits = await kindOf(run).abandon({ ...step, run, patience: endless }, ending);
  if (waits.length === 0) return { state: (await readRunState(catalog, runId)) ?? run.state, open: [] };
  // Its job keeps others off the database; the slot would keep them off longer.
  await releaseRunSlots(catalog, runId);
  const open = waits.map(waitText);
  progress.say(
    `Still at work in StarRocks: ${open.join("; ")}. The end of run ${runId} is recorded by the next run or by status.`,
  );
  return { state: run.state, open };
}
