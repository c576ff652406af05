import { isJsonObject, type Json } from "../../../build/json.ts";
import type { ProcessEnd } from "./job-process.ts";

/** A finished job, as Windmill stores it. */
export interface JobOutcome {
  readonly success: boolean;
  /** A failed job's result holds `error: {name, message, stack?, step_id?, extra?}`. */
  readonly result: Json;
}

export function errorOutcome(name: string, message: string, stepId = ""): JobOutcome {
  return {
    success: false,
    result: { error: { name, message, ...(stepId === "" ? {} : { step_id: stepId }) } },
  };
}

export function outcomeOf(end: ProcessEnd, path: string, stepId: string): JobOutcome {
  if (end.timedOut)
    return errorOutcome("ExecutionErr", `${path} was killed: it ran into its timeout.`, stepId);
  if (end.output === undefined) {
    const how = end.signal === null ? `exit code ${end.exitCode}` : `signal ${end.signal}`;
    return errorOutcome("ExecutionErr", `${path} ended without a result (${how}).`, stepId);
  }
  if (end.exitCode !== 0) return { success: false, result: { error: end.output } };
  return manualFailure(end.output) ?? { success: true, result: end.output };
}

/** A result with `wm_failure: "text"` fails the job and keeps the result beside the error (worker: result_processor). */
function manualFailure(result: Json): JobOutcome | undefined {
  if (!isJsonObject(result) || typeof result["wm_failure"] !== "string") return undefined;
  return {
    success: false,
    result: { ...result, error: { name: "ManualFailure", message: result["wm_failure"] } },
  };
}
