/** A process that is about to run, or runs, a step. */
export interface RunningStep {
  readonly stepId: string;
  readonly path: string;
  readonly jobId: string;
  /** 0 for the first process of the job; a restart by {@link StepFault} counts up. */
  readonly execution: number;
}

/** What may happen to a step's process. Windmill does all of these to any step. */
export type StepFault =
  /**
   * The worker dies at the moment `when` settles and the job goes back to the queue: killed with SIGKILL, then
   * run again with the same job id and the same arguments.
   */
  | { readonly kind: "kill-and-restart"; readonly when: (process: ObservedProcess) => Promise<unknown> }
  /** The worker dies after the script has done everything, before its result is stored; then as above. */
  | { readonly kind: "lose-result-and-restart" }
  /** A stalled worker is taken for dead: two processes of one job run at once, the first result counts. */
  | { readonly kind: "run-twice-at-once" }
  /** The same, but the first process stands still from `when` on until the second has ended: then it goes on. */
  | {
      readonly kind: "stall-and-restart";
      readonly when: (process: ObservedProcess) => Promise<unknown>;
      readonly resume: () => void;
    }
  /** SIGKILL and no restart, as after a timeout or a cancellation. */
  | { readonly kind: "kill"; readonly when: (process: ObservedProcess) => Promise<unknown> };

/** What a fault can wait for. */
export interface ObservedProcess {
  /** Settles when the process has written a line that matches. */
  readonly line: (pattern: RegExp) => Promise<unknown>;
  readonly milliseconds: (duration: number) => Promise<unknown>;
}

/** Decides for each process whether it meets a fault; return undefined to let it run. */
export type FaultPlan = (step: RunningStep) => StepFault | undefined;
