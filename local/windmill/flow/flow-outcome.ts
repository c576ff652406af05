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
  /** The server could not go on with the job these steps belong to: its failure module does not run. */
  readonly broken?: boolean;
}
