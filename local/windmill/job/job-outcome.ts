import { constants } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { isJsonObject, type Json } from "../../../windmill/json.ts";
import type { ProcessEnd } from "./job-process.ts";
import { asJsonb } from "./jsonb.ts";

/** Who presses Cancel here. */
export const CANCELER = "local";

/** A finished job, as Windmill stores it. */
export interface JobOutcome {
  readonly success: boolean;
  /** A failed job's result holds `error: {name, message, stack?, step_id?, extra?}`. */
  readonly result: Json;
  /** Not made by the step's own work (a lost worker, a refused approval): no retry, no continue_on_error. */
  readonly outsidePolicy?: boolean;
}

/** An error without a step's id is one that the worker met outside the step's process. */
export function errorOutcome(name: string, message: string, details: { readonly [key: string]: Json } = {}) {
  return { success: false, result: asJsonb({ error: { name, message, ...details } }) };
}

/** What the worker makes of an error around a step's process (worker: result_processor, process_result). */
export function executionError(message: string, stepId: string): JobOutcome {
  return errorOutcome("ExecutionErr", `execution error:\n${message}`, stepIdOf(stepId));
}

/** Four lost workers are too many for one job; its flow does not try again (monitor: handle_zombie_jobs). */
export function lostTooOften(lastPing: Date, restarts: number): JobOutcome {
  const message = `Job timed out after no ping from job since ${lastPing.toISOString().replace("T", " ").replace("Z", " UTC")} (ZOMBIE_JOB_TIMEOUT: 60, reason: "RestartLimit (${restarts})").
This likely means that the job died on worker wk-local, OOM are a common reason for worker crashes.
Check the workers around the time of the last ping and the exit code if any.`;
  return { ...errorOutcome("ExecutionErr", message), outsidePolicy: true };
}

/** The outcome of a job whose process has ended, word for word as the worker puts it. */
export function outcomeOf(end: ProcessEnd, stepId: string): JobOutcome {
  switch (end.kind) {
    case "terminated":
      return executionError(`job process terminated due to ${TERMINATIONS[end.because]}`, stepId);
    case "killed":
      // `{:#?}` of Rust's Option spans three lines (worker: process_status).
      return executionError(
        `process terminated by signal: Some(\n    ${constants.signals[end.signal]},\n), stopped_signal: None, core_dumped: false`,
        stepId,
      );
    case "silent":
      return silentExit(end.exitCode, end.logTail, stepId);
    case "spoke":
      if (end.exitCode !== 0) return { success: false, result: asJsonb({ error: end.output }) };
      return manualFailure(end.output) ?? { success: true, result: asJsonb(end.output) };
  }
}

const TERMINATIONS = {
  timeout: "timeout after exceeding job-specific duration limit",
  cancellation: `cancelled by ${CANCELER}`,
} as const;

/**
 * A process that left no result: `exit()` in the script, or a kill behind an isolation wrapper, which makes 137 of it
 * (worker: extract_error_value).
 */
function silentExit(exitCode: number, logTail: string, stepId: string): JobOutcome {
  if (exitCode === 0)
    throw new Error("The local runner does not model a script that exits without a result.");
  const lines = stripVTControlCharacters(logTail.trim());
  const message = `exit code for "bun run": ${exitCode}, last log lines:\n${lines}`;
  return errorOutcome("ExecutionErr", message, { ...stepIdOf(stepId), exit_code: exitCode });
}

function stepIdOf(stepId: string) {
  return stepId === "" ? {} : { step_id: stepId };
}

/** A result with `wm_failure: "text"` fails the job and keeps the result beside the error (worker: result_processor). */
function manualFailure(result: Json): JobOutcome | undefined {
  if (!isJsonObject(result) || typeof result["wm_failure"] !== "string") return undefined;
  const error = { name: "ManualFailure", message: result["wm_failure"] };
  return { success: false, result: asJsonb({ ...result, error }) };
}
