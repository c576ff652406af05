import type { FlowModule, InputTransforms } from "../../../windmill/flow/open-flow.ts";
import type { JsonObject } from "../../../windmill/json.ts";
import { errorOutcome } from "../job/job-outcome.ts";
import { runJob } from "../job/run-job.ts";
import { branchAll, branchOne } from "./branches.ts";
import { flowJob, placeOf } from "./flow-job.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { forLoop, whileLoop } from "./loops.ts";
import { chained } from "./predicate.ts";
import { type StepContext, transformed, transformedAll, transformScope } from "./step-context.ts";

type Work = () => Promise<FlowOutcome>;

/** Evaluates what a step is given, once, and returns what its attempts run. */
export async function prepareWork(module: FlowModule, context: StepContext): Promise<Work> {
  const { value, mock } = module;
  if (mock?.enabled === true) return async () => ({ success: true, result: mock.return_value ?? null });
  switch (value.type) {
    case "identity":
      return async () => ({ success: true, result: context.previousResult });
    case "forloopflow":
      return () => forLoop(module, value, context);
    case "whileloopflow":
      return () => whileLoop(module, value, context);
    case "branchone":
      return () => branchOne(value, context);
    case "branchall":
      return () => branchAll(value, context);
    case "script":
      return await scriptWork(module, value, context);
    case "flow":
      return await flowWork(value, context);
  }
}

interface Runnable {
  readonly path: string;
  readonly input_transforms: InputTransforms;
}

async function scriptWork(
  module: FlowModule,
  { path, input_transforms }: Runnable,
  context: StepContext,
): Promise<Work> {
  const { run, job } = context;
  const timeoutSeconds = await timeoutOf(module, context);
  return await withArguments(input_transforms, context, (args) =>
    runJob(run, { path, args, timeoutSeconds, place: placeOf(job, module.id) }),
  );
}

/** A step timeout of 0 or less means none (worker: effective_flow_step_timeout). */
async function timeoutOf({ timeout }: FlowModule, context: StepContext): Promise<number | undefined> {
  if (timeout === undefined) return undefined;
  const seconds = await chained(() => transformed(timeout, transformScope(context)));
  return typeof seconds === "number" && seconds > 0 ? seconds : undefined;
}

/** A sub-flow sees nothing of the flow around it but its arguments, and has a failure module of its own. */
async function flowWork({ path, input_transforms }: Runnable, context: StepContext): Promise<Work> {
  const { run, job, runInner } = context;
  const flow = await run.built.flow(path);
  return await withArguments(input_transforms, context, async (input) => {
    const {
      stopped: _stopped,
      handled: _handled,
      recovered: _recovered,
      ...outcome
    } = await runInner(run, flowJob(path, flow, input, job.rootId), flow.value.modules);
    return outcome;
  });
}

/**
 * Arguments that cannot be evaluated make a failed job, to which retry and continue_on_error apply. That job was pushed
 * without any, and a retry takes the arguments of the job before it (worker: get_args_from_id).
 */
async function withArguments(
  transforms: InputTransforms,
  context: StepContext,
  start: (args: JsonObject) => Promise<FlowOutcome>,
): Promise<Work> {
  try {
    const args = await transformedAll(transforms, transformScope(context));
    return () => start(args);
  } catch (error) {
    const failures = [errorOutcome("ExecutionErr", error instanceof Error ? error.message : String(error))];
    return async () => failures.pop() ?? (await start({}));
  }
}
