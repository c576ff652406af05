import type { Wait } from "../../planning/wait.ts";
import type { Ending } from "./ending.ts";
import type { RunStep } from "./step.ts";

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
   * @returns what is waited for; nothing when the run is over
   */
  advance(step: RunStep<Plan>): Promise<readonly Wait[]>;
  /**
   * Brings a run to its end and begins nothing new: what StarRocks has finished is recorded as finished, what is lost gets
   * the ending.
   *
   * @returns what StarRocks still works on; nothing when the run is over
   */
  abandon(step: RunStep<Plan>, ending: Ending): Promise<readonly Wait[]>;
  /** Cancels the run's jobs in StarRocks, never anybody else's. @returns those that were cancelled now */
  cancelJobs(step: RunStep<Plan>): Promise<readonly string[]>;
  report(step: RunStep<Plan>): Promise<Outcome>;
}
