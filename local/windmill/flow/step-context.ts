import type { FlowModule, InputTransform, InputTransforms } from "../../../windmill/flow/open-flow.ts";
import type { Json, JsonObject } from "../../../windmill/json.ts";
import { evaluate } from "../expression/evaluate.ts";
import type { ExpressionScope } from "../expression/scope.ts";
import type { RunContext } from "../run-context.ts";
import { type FlowJob, resultsOf } from "./flow-job.ts";
import type { FlowOutcome } from "./flow-outcome.ts";

/** What a step finds when its turn comes. */
export interface StepContext {
  readonly run: RunContext;
  readonly job: FlowJob;
  readonly previousId: string;
  /** Result of the step before; the flow's arguments for the first one. */
  readonly previousResult: Json;
  /** Answers to the suspend just before this step; nobody else sees them. */
  readonly resumes: Resumes;
  /** Runs the steps of an iteration, a branch or a sub-flow. */
  readonly runInner: (run: RunContext, job: FlowJob, modules: readonly FlowModule[]) => Promise<FlowOutcome>;
}

export interface Resumes {
  readonly payloads: readonly Json[];
  readonly approvers: readonly string[];
}

export const NO_RESUMES: Resumes = { payloads: [], approvers: [] };

/** What transforms, iterators and branch conditions see. */
export function transformScope({
  run,
  job,
  previousId,
  previousResult,
  resumes,
}: StepContext): ExpressionScope {
  return {
    flowInput: job.input,
    flowEnv: job.flowEnv,
    workspace: run.workspace,
    results: resultsOf(job, previousId),
    names: {
      params: {},
      previous_result: previousResult,
      resume: resumes.payloads.at(-1) ?? null,
      resumes: resumes.payloads,
      approvers: resumes.approvers,
    },
  };
}

/** What `stop_after_if` and its relatives see after a step; `results` too, but no `resume`. */
export function resultScope(run: RunContext, job: FlowJob, result: Json): ExpressionScope {
  return {
    flowInput: job.input,
    flowEnv: job.flowEnv,
    workspace: run.workspace,
    results: resultsOf(job, ""),
    names: { result, previous_result: result },
  };
}

export async function transformed(transform: InputTransform, scope: ExpressionScope): Promise<Json> {
  return transform.type === "static" ? (transform.value ?? null) : await evaluate(transform.expr, scope);
}

export async function transformedAll(
  transforms: InputTransforms,
  scope: ExpressionScope,
): Promise<JsonObject> {
  const values: Record<string, Json> = {};
  for (const [name, transform] of Object.entries(transforms))
    values[name] = await transformed(transform, scope);
  return values;
}
