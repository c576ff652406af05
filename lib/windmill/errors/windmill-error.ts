import type { ErrorText } from "../../errors.ts";
import { oneLine } from "../results/one-line.ts";

/**
 * Reads the errors that Windmill makes itself: they say what happened to a process or an argument in the worker's words,
 * and nothing of what to do. (Texts of 1.788: worker_flow, handle_child, result_processor, common, monitor.)
 *
 * @returns undefined for what is none of them
 */
export function windmillError(
  name: string,
  message: string,
  stepId: string | undefined,
): ErrorText | undefined {
  switch (name) {
    case "SuspendedDisapproved":
      return rejected(/^Disapproved by (.+)$/.exec(message)?.[1]);
    case "SuspendedTimedOut":
      return {
        code: "APPROVAL_TIMED_OUT",
        message: "Nobody approved the plan in time; nothing was changed.",
        next: "Plan again.",
      };
    case "ExecutionErr":
      return missing(message) ?? executionError(message, stepId === undefined ? "A step" : `Step ${stepId}`);
    default:
      return undefined;
  }
}

function rejected(by: string | undefined): ErrorText {
  // Windmill writes "unknown" when the one who pressed was not logged in.
  const who = by === undefined || by === "unknown" ? "" : ` by ${oneLine(by)}`;
  return {
    code: "REJECTED",
    message: `The plan was rejected${who}; nothing was changed.`,
    next: "Plan again when it is wanted.",
  };
}

/** `$res:` and `$var:` are resolved right before the step starts; a variable may be named within a resource. */
function missing(message: string): ErrorText | undefined {
  const [, path] = /Resource (\S+) not found for `/.exec(message) ?? [];
  const [, variable] = /Variable (\S+) not found/.exec(message) ?? [];
  if (variable !== undefined) {
    return {
      code: "VARIABLE_MISSING",
      message: `There is no variable ${variable}${path === undefined ? "" : `, which the resource ${path} names`}, or the user of this run may not read it.`,
      next: "Create the variable, or give the user access to it, and run again.",
    };
  }
  if (path === undefined) return undefined;
  return {
    code: "RESOURCE_MISSING",
    message: `There is no resource ${path}, or the user of this run may not read it.`,
    next: "Choose another one in the form or the schedule, or give the user access to it, and run again.",
  };
}

function executionError(message: string, step: string): ErrorText {
  const end = ends.find(([pattern]) => pattern.test(message));
  const [, detail = ""] = end?.[0].exec(message) ?? [];
  if (end === undefined) {
    return {
      code: "STEP_FAILED",
      message: `${step} could not be executed: ${oneLine(message.replace(/^execution error:\s*/, ""))}`,
      next: "Look at the failed step's log, then run again.",
    };
  }
  return {
    code: "STEP_KILLED",
    message: `${step} ${end[1](oneLine(detail))}.`,
    next: "What StarRocks had finished is kept: run again. The status script says whether StarRocks is still at work for the run; cancel stops it.",
  };
}

const outOfMemory = "was killed, most likely because the worker ran out of memory";

const ends: readonly (readonly [RegExp, (detail: string) => string])[] = [
  // The signal is written as `Some(\n    9,\n)`.
  [
    /process terminated by signal(?:: Some\(\s*(\d+))?/,
    (signal) => (signal === "9" || signal === "" ? outOfMemory : `was killed by signal ${signal}`),
  ],
  // What an isolating parent makes of signal 9.
  [/exit code for "[^"]*": 137,/, () => outOfMemory],
  [/exit code for "[^"]*": (\d+),/, (code) => `ended without a result (exit code ${code})`],
  [/job process terminated due to timeout/, () => "ran into Windmill's time limit and was killed"],
  [
    /job process terminated due to cancelled(?: by (.+))?/,
    (by) => `was cancelled${by === "" ? "" : ` by ${by}`}`,
  ],
  [/job process terminated due to (.+)/, (reason) => `was killed: ${reason}`],
  [/timed out after no ping/, () => "was lost: its worker died, or could not be reached any more"],
];
