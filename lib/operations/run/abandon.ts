import { markGivenUp } from "../../catalog/pulse.ts";
import { type Run, type RunState, readRunState } from "../../catalog/runs.ts";
import { releaseRunSlots } from "../../catalog/slots.ts";
import { BackupError } from "../../errors.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { waitText } from "../../planning/wait.ts";
import type { Ending } from "../step/ending.ts";
import { endless } from "../step/patience.ts";
import type { Step } from "../step/step.ts";
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
  if (planHash(run.plan) !== run.planHash) throw changed(run);
  await markGivenUp(catalog, runId, ending.error);
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

function changed({ runId }: Run): BackupError {
  return new BackupError({
    code: "PLAN_CHANGED",
    message: `The stored plan of run ${runId} is not the one that was made: its hash differs.`,
    next: "Nothing was done for it. Look who has written to the table runs of the catalog.",
  });
}
