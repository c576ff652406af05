import type { FlowModule, StopAfterIf } from "../../../windmill/flow/open-flow.ts";
import type { Json } from "../../../windmill/json.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { predicate } from "./predicate.ts";
import { resultScope, type StepContext } from "./step-context.ts";

/**
 * Applies `stop_after_if` to a step that succeeded, and `stop_after_all_iters_if` to a finished loop or branchall.
 * A loop asks its own `stop_after_if` after every iteration instead (see `for-loop.ts`).
 */
export async function stopAfter(
  module: FlowModule,
  context: StepContext,
  outcome: FlowOutcome,
): Promise<FlowOutcome> {
  if (outcome.stopped) return outcome;
  const isLoop = module.value.type === "forloopflow" || module.value.type === "whileloopflow";
  if (isLoop || module.value.type === "branchall") {
    return await applied(module.stop_after_all_iters_if, context, outcome);
  }
  return outcome.success ? await applied(module.stop_after_if, context, outcome) : outcome;
}

async function applied(
  stop: StopAfterIf | undefined,
  { run, job }: StepContext,
  outcome: FlowOutcome,
): Promise<FlowOutcome> {
  if (stop === undefined || !(await predicate(stop.expr, resultScope(run, job, outcome.result))))
    return outcome;
  // skip_if_stopped wins over error_message (worker: get_stop_after_if_data).
  const message = stop.skip_if_stopped ? null : (stop.error_message ?? null);
  return message === null ? { ...outcome, stopped: true } : earlyStopError(stop, message, outcome.result);
}

function earlyStopError(
  { expr, error_include_result: included }: StopAfterIf,
  message: string,
  result: Json,
): FlowOutcome {
  const error = { name: "EarlyStopError", message: message === "" ? `stop after if: ${expr}` : message };
  return { success: false, outsidePolicy: true, result: { error: included ? { ...error, result } : error } };
}
