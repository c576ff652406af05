import type { FlowModule, InputTransforms } from "../../../build/flow/open-flow.ts";
import { errorOutcome } from "../job/job-outcome.ts";
import { runJob } from "../job/run-job.ts";
import { branchAll, branchOne } from "./branches.ts";
import { flowJob, placeOf } from "./flow-job.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { forLoop, whileLoop } from "./loops.ts";
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
      return await flowWork(module, value, context);
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
  const scope = transformScope(context);
  return await orFailingStep(module, async () => {
    const args = await transformedAll(input_transforms, scope);
    const timeout = module.timeout === undefined ? undefined : await transformed(module.timeout, scope);
    // A step timeout of 0 or less means none (worker: effective_flow_step_timeout).
    const timeoutSeconds = typeof timeout === "number" && timeout > 0 ? timeout : undefined;
    return () => runJob(run, { path, args, timeoutSeconds, place: placeOf(job, module.id) });
  });
}

/** A sub-flow sees nothing of the flow around it but its arguments, and has a failure module of its own. */
async function flowWork(
  module: FlowModule,
  { path, input_transforms }: Runnable,
  context: StepContext,
): Promise<Work> {
  const { run, job, runInner } = context;
  const flow = await run.built.flow(path);
  return await orFailingStep(module, async () => {
    const input = await transformedAll(input_transforms, transformScope(context));
    return async () => {
      const {
        stopped: _stopped,
        handled: _handled,
        recovered: _recovered,
        ...outcome
      } = await runInner(run, flowJob(path, flow, input, job.rootId), flow.value.modules);
      return outcome;
    };
  });
}

/** Arguments that cannot be evaluated make a failed job, to which retry and continue_on_error apply. */
async function orFailingStep(module: FlowModule, prepare: () => Promise<Work>): Promise<Work> {
  try {
    return await prepare();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return async () => errorOutcome("ExecutionErr", message, module.id);
  }
}
