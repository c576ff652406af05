import type { ErrorText } from "../../errors.ts";

/** How a run ends that does not finish. */
export interface Ending {
  readonly state: "FAILED" | "CANCELLED";
  readonly error: ErrorText;
}

/** How a run ends that was given up with an error: cancelled by a person, or failed. */
export function endingOf(error: ErrorText): Ending {
  return { state: error.code === "CANCELLED" ? "CANCELLED" : "FAILED", error };
}
