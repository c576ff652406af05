import * as z from "zod";
import type { RunError } from "../catalog/runs.ts";

/**
 * The error a failure module gets: `{message, name, stack, step_id, extra}`, where `extra` holds the other properties of
 * what was thrown. A rejected or timed-out approval comes with a name only.
 */
export const flowError = z.looseObject({
  name: z.string().optional(),
  message: z.string().optional(),
  step_id: z.string().optional(),
  extra: z.looseObject({ code: z.string().optional(), next: z.string().optional() }).optional(),
});

/** What went wrong, in this project's words. */
export function runError(error: z.output<typeof flowError>): RunError {
  const approval = approvals.get(error.name ?? "");
  if (approval !== undefined) return approval;
  return {
    code: error.extra?.code ?? "STEP_FAILED",
    message: error.message ?? "A step failed without a message.",
    next: error.extra?.next ?? "Look at the failed step's log, then run again.",
  };
}

const approvals: ReadonlyMap<string, RunError> = new Map([
  [
    "SuspendedDisapproved",
    {
      code: "REJECTED",
      message: "The plan was rejected; nothing was changed.",
      next: "Plan again when it is wanted.",
    },
  ],
  [
    "SuspendedTimedOut",
    {
      code: "APPROVAL_TIMED_OUT",
      message: "Nobody approved the plan in time; nothing was changed.",
      next: "Plan again.",
    },
  ],
]);
