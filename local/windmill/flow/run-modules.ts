import type { FlowModule } from "../../../build/flow/open-flow.ts";
import type { Json } from "../../../build/json.ts";
import { errorOutcome } from "../job/job-outcome.ts";
import type { RunContext } from "../run-context.ts";
import { runFailureModule } from "./failure-module.ts";
import type { FlowJob } from "./flow-job.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { PredicateError } from "./predicate.ts";
import { runModule } from "./run-module.ts";
import { resultScope, type StepContext, transformed } from "./step-context.ts";
import { passGate } from "./suspend-gate.ts";

/** Runs a list of steps as one job, in Windmill's order: gate of the step before, its sleep, then the step. */
export async function runModules(
  run: RunContext,
  job: FlowJob,
  modules: readonly FlowModule[],
): Promise<FlowOutcome> {
  let before: FinishedStep | undefined;
  for (const module of withTrailingWait(modules)) {
    const outcome = await runStep(run, job, module, before);
    if (outcome.stopped) return outcome;
    if (!outcome.success) {
      const tolerated = module.continue_on_error === true && !outcome.outsidePolicy;
      if (!tolerated) return await runFailureModule(run, job, module.id, outcome);
    }
    job.results.set(module.id, outcome.result);
    before = { module, outcome };
  }
  return { success: true, result: before?.outcome.result ?? job.input };
}

interface FinishedStep {
  readonly module: FlowModule;
  readonly outcome: FlowOutcome;
}

async function runStep(
  run: RunContext,
  job: FlowJob,
  module: FlowModule,
  before: FinishedStep | undefined,
): Promise<FlowOutcome> {
  const previousResult: Json = before?.outcome.result ?? job.input;
  try {
    const gate = await passGate(run, before?.module, before?.outcome);
    if (gate.kind === "refused") return { ...gate.outcome, outsidePolicy: true };
    const previousId = before?.module.id ?? "";
    const context = { run, job, previousId, previousResult, resumes: gate.resumes, runInner: runModules };
    return await runModule(module, context, () => sleepAfter(before?.module, context));
  } catch (error) {
    if (!(error instanceof PredicateError)) throw error;
    return { ...errorOutcome("ExecutionErr", error.message, module.id), outsidePolicy: true };
  }
}

/** `sleep` delays the step after the one that carries it; its expression cannot see `results`. */
async function sleepAfter(before: FlowModule | undefined, context: StepContext): Promise<void> {
  if (before?.sleep === undefined) return;
  const { results: _results, ...scope } = resultScope(context.run, context.job, context.previousResult);
  const seconds = await transformed(before.sleep, scope).catch((error: unknown) => String(error));
  if (typeof seconds !== "number")
    throw new PredicateError(`Expected a number of seconds, found: ${JSON.stringify(seconds)}`);
  context.run.emit({ kind: "sleeping", stepId: before.id, seconds });
  await context.run.sleep(seconds);
}

/** A wait after the last step needs a step to wait for; the worker appends `<id>-v`, which does nothing. */
function withTrailingWait(modules: readonly FlowModule[]): readonly FlowModule[] {
  const last = modules.at(-1);
  if (last?.sleep === undefined && last?.suspend === undefined) return modules;
  return [...modules, { id: `${last.id}-v`, value: { type: "identity" } }];
}
