import { isJsonObject, type Json, type JsonObject } from "../../windmill/json.ts";
import { CanceledRun, canceledOutcome } from "./cancel.ts";
import { flowJob } from "./flow/flow-job.ts";
import type { FlowOutcome } from "./flow/flow-outcome.ts";
import { predicate } from "./flow/predicate.ts";
import { runModules } from "./flow/run-modules.ts";
import { resultScope } from "./flow/step-context.ts";
import { SuspendedRun } from "./flow/suspend-gate.ts";
import type { Suspended } from "./run-context.ts";
import { progressOf, type RunOptions, runContext, windmillPath } from "./run-options.ts";
import { withWindmillApi } from "./windmill-api.ts";

export type RunOutcome =
  | { readonly kind: "success"; readonly result: Json }
  | { readonly kind: "failure"; readonly error: Json; readonly result: Json }
  | ({ readonly kind: "suspended" } & Suspended);

/**
 * Runs a built flow as Windmill would, each step in a process of its own.
 *
 * @example
 * const outcome = await runFlow("restore", { starrocks: "$res:f/ops/starrocks" }, { approve: "approve" });
 *
 * @throws {Error} when the flow is not built, or uses something the runner does not model.
 */
export async function runFlow(
  name: string,
  input: JsonObject,
  options: RunOptions = {},
): Promise<RunOutcome> {
  return await withWindmillApi(progressOf(options), async (api) => {
    const run = runContext(options, api);
    const path = windmillPath(name);
    const flow = await run.built.flow(path);
    const job = flowJob(path, flow, input);
    const skip = flow.value.skip_expr;
    if (skip !== undefined && (await predicate(skip, resultScope(run, job, {})))) {
      return { kind: "success", result: "stopped early" };
    }
    try {
      return outcomeOfRun(await runModules(run, job, flow.value.modules));
    } catch (error) {
      if (error instanceof SuspendedRun) return { kind: "suspended", ...error.suspended };
      if (error instanceof CanceledRun) return outcomeOfRun(canceledOutcome("running"));
      throw error;
    }
  });
}

export function outcomeOfRun({ success, result, recovered }: FlowOutcome): RunOutcome {
  if (success || recovered === true) return { kind: "success", result };
  const error = isJsonObject(result) ? result["error"] : undefined;
  return { kind: "failure", error: error ?? result, result };
}
