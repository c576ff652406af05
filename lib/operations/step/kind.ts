import type { RunView } from "../../catalog/run-view.ts";
import type { RunState } from "../../catalog/runs.ts";
import type { Wait } from "../../planning/wait.ts";
import type { Ending } from "./ending.ts";
import type { RunStep } from "./step.ts";

/** Where a run stands when only waiting is left of what can be done for it. */
export type Pursued =
  | { readonly kind: "waiting"; readonly waits: readonly Wait[] }
  | { readonly kind: "over"; readonly state: RunState };

/**
 * What the driver asks of a kind of run. Each may be killed anywhere, run again, and run twice at once.
 *
 * @typeParam Plan the plan that the kind writes into the run's row, and reads from it
 * @typeParam Outcome what is told of a run that is over
 */
export interface RunKind<Plan extends object = object, Outcome = unknown> {
  /**
   * Does everything that can be done now: observe, decide, act, again, until only waiting is left. What is done is recorded,
   * the run's end too.
   *
   * @param view what the catalog says of the run, as it was read a moment ago
   */
  advance(step: RunStep<Plan>, view: RunView): Promise<Pursued>;
  /**
   * Brings a run to its end and begins nothing new: what StarRocks has finished is recorded as finished, what is lost gets
   * the ending. It waits for what StarRocks still works on.
   */
  abandon(step: RunStep<Plan>, view: RunView, ending: Ending): Promise<Pursued>;
  /** Cancels the run's jobs in StarRocks, never anybody else's. @returns those that were cancelled now */
  cancelJobs(step: RunStep<Plan>, view: RunView): Promise<readonly string[]>;
  report(step: RunStep<Plan>, view: RunView): Outcome;
}
