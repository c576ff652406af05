import type { ErrorText } from "../../errors.ts";

/** What to do about a job that does not get on. */
export interface Patience {
  readonly stallSeconds: number;
  readonly cancelStalled: boolean;
}

/** For steps that only submit. */
export const endless: Patience = { stallSeconds: Number.POSITIVE_INFINITY, cancelStalled: false };

/** How a run ends that does not finish. */
export interface Ending {
  readonly state: "FAILED" | "CANCELLED";
  readonly error: ErrorText;
}

/** How a run ends that was given up with an error: cancelled by a person, or failed. */
export function endingOf(error: ErrorText): Ending {
  return { state: error.code === "CANCELLED" ? "CANCELLED" : "FAILED", error };
}

/**
 * What is wanted of a run. One that is given up begins nothing new: what StarRocks has finished is recorded as finished,
 * what is lost gets the ending, and what StarRocks still works on stays open.
 */
export type Pursuit =
  | { readonly kind: "carry-on"; readonly patience: Patience }
  | { readonly kind: "give-up"; readonly ending: Ending };
