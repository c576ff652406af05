import type { FlowModule } from "../../windmill/flow/open-flow.ts";
import { isJsonObject, type Json, type JsonObject } from "../../windmill/json.ts";
import { CanceledRun, canceledOutcome } from "./cancel.ts";
import { type FlowJob, flowJob } from "./flow/flow-job.ts";
import type { FlowOutcome } from "./flow/flow-outcome.ts";
import { predicate } from "./flow/predicate.ts";
import { runModules } from "./flow/run-modules.ts";
import { resultScope } from "./flow/step-context.ts";
import { SuspendedRun } from "./flow/suspend-gate.ts";
import type { RunContext, Suspended } from "./run-context.ts";
import { progressOf, type RunOptions, runContext, windmillPath } from "./run-options.ts";
import { withWindmillApi } from "./windmill-api.ts";

export type RunOutcome =
  | { readonly kind: "success"; readonly result: Json }
  | { readonly kind: "failure"; readonly error: Json; readonly result: Json }
  | ({
      readonly kind: "suspended";
      /** Where to go on; undefined inside a loop or a branch. */
      readonly position: FlowPosition | undefined;
      /** By which the command line goes on with it. */
      readonly resume?: string;
    } & Suspended);

/** How far a flow has come that waits for an approval. */
export interface FlowPosition {
  readonly stepId: string;
  /** What its steps gave. */
  readonly results: JsonObject;
  /** Seconds that the approval is waited for. */
  readonly timeoutSeconds: number;
}

/**
 * Runs a built flow as Windmill would, each step in a process of its own.
 *
 * @example
 * const outcome = await runFlow("restore", { starrocks: "$res:f/ops/starrocks" }, { approve: "approve" });
 *
 * @param reached where another process has left the flow to an approval
 * @throws {Error} when the flow is not built, or uses something the runner does not model.
 */
export async function runFlow(
  name: string,
  input: JsonObject,
  options: RunOptions = {},
  reached?: FlowPosition,
): Promise<RunOutcome> {
  return await withWindmillApi(progressOf(options), async (api) => {
    const run = runContext(options, api);
    const path = windmillPath(name);
    const flow = await run.built.flow(path);
    const job = flowJob(path, flow, input);
    const { modules } = flow.value;
    if (reached !== undefined)
      for (const [id, result] of Object.entries(reached.results)) job.results.set(id, result);
    else if (await isSkipped(run, job, flow.value.skip_expr))
      return { kind: "success", result: "stopped early" };
    try {
      return outcomeOfRun(await runModules(run, job, modules, reached?.stepId));
    } catch (error) {
      if (error instanceof SuspendedRun) {
        const { suspended } = error;
        return { kind: "suspended", ...suspended, position: positionOf(job, modules, suspended) };
      }
      if (error instanceof CanceledRun) return outcomeOfRun(canceledOutcome("running"));
      throw error;
    }
  });
}

async function isSkipped(run: RunContext, job: FlowJob, skip: string | undefined): Promise<boolean> {
  return skip !== undefined && (await predicate(skip, resultScope(run, job, {})));
}

function positionOf(
  job: FlowJob,
  modules: readonly FlowModule[],
  { stepId }: Suspended,
): FlowPosition | undefined {
  const step = modules.find(({ id }) => id === stepId);
  if (step === undefined) return undefined;
  return {
    stepId,
    results: Object.fromEntries(job.results),
    timeoutSeconds: step.suspend?.timeout ?? Number.MAX_SAFE_INTEGER,
  };
}

export function outcomeOfRun({ success, result, recovered }: FlowOutcome): RunOutcome {
  if (success || recovered === true) return { kind: "success", result };
  const error = isJsonObject(result) ? result["error"] : undefined;
  return { kind: "failure", error: error ?? result, result };
}
