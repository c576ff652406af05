import { recordPulse } from "../../catalog/pulse.ts";
import type { RunView } from "../../catalog/run-view.ts";
import { isOver, type Run, type RunState } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { type Wait, waitReason } from "../../planning/wait.ts";
import { endingOf } from "../step/ending.ts";
import type { Pursued } from "../step/kind.ts";
import { endless, type Patience } from "../step/patience.ts";
import type { RunStep, Step } from "../step/step.ts";
import { checkPlan } from "./check-plan.ts";
import { kindOf } from "./kinds.ts";

/** Where a run stands after everything that could be done without waiting has been done. */
export interface Advance {
  readonly state: RunState;
  readonly over: boolean;
  readonly waitingFor: readonly Wait[];
  /** For how long it has waited for just that. */
  readonly waitingSeconds: number;
}

/** A StarRocks job of ours lives for a week at most; a run that is still open after two has no end. */
const longestRunSeconds = 14 * 24 * 3600;

/**
 * Does everything for a run that can be done now. A run that was given up while its flow goes on is brought to its end, not
 * further.
 *
 * @param view what the catalog says of the run, as it was read a moment ago
 * @throws {BackupError} `RUN_TOO_LONG`, so that no flow loops for ever; `PLAN_CHANGED`
 */
export async function advanceRun(step: Step, view: RunView, patience: Patience = endless): Promise<Advance> {
  const { catalog } = step;
  const { run } = view;
  if (isOver(run)) return ended(run.state);
  if (run.ageSeconds > longestRunSeconds) throw tooLong(run);
  checkPlan(run, step.planHash);
  const pursued = await pursue({ ...step, run, patience }, view);
  if (pursued.kind === "over") return ended(pursued.state);
  const { waits } = pursued;
  const waitingSeconds = await recordPulse(catalog, run.runId, view.pulse, waitReason(waits));
  return { state: "RUNNING", over: false, waitingFor: waits, waitingSeconds };
}

/** Where a run stands for which nothing will be done any more. */
export function ended(state: RunState): Advance {
  return { state, over: true, waitingFor: [], waitingSeconds: 0 };
}

async function pursue(step: RunStep, view: RunView): Promise<Pursued> {
  const { error } = step.run;
  const kind = kindOf(step.run);
  return error === undefined
    ? await kind.advance(step, view)
    : await kind.abandon(step, view, endingOf(error));
}

function tooLong({ runId }: Run): BackupError {
  return new BackupError({
    code: "RUN_TOO_LONG",
    message: `Run ${runId} has been open for more than ${longestRunSeconds / 86_400} days.`,
    next: `Run cancel for ${runId}, look at what StarRocks still works on, and start again.`,
  });
}
