import type { JobOutcome } from "../job/job-outcome.ts";

/** How a step, or a list of steps, ended. */
export interface FlowOutcome extends JobOutcome {
  /** Set when `stop_after_if` ended the list; a loop around it ends, an enclosing branch hands it on. */
  readonly stopped?: boolean;
  /** The failure module has run, deeper inside or here: it runs once only. */
  readonly handled?: boolean;
  /** The failure module's result holds `recover: true`. */
  readonly recovered?: boolean;
  /** The step was passed over by `skip_if`; its suspend does not arm then. */
  readonly skipped?: boolean;
  /** Not made by the step's own work (a refused approval, a broken predicate): no retry, no continue_on_error. */
  readonly outsidePolicy?: boolean;
}
