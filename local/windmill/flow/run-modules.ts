import type { FlowModule } from "../../../windmill/flow/open-flow.ts";
import { errorOutcome } from "../job/job-outcome.ts";
import type { RunContext } from "../run-context.ts";
import { runFailureModule } from "./failure-module.ts";
import type { FlowJob } from "./flow-job.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { ChainError, chained, PredicateError } from "./predicate.ts";
import { runModule } from "./run-module.ts";
import { resultScope, type StepContext, transformed } from "./step-context.ts";
import { passGate } from "./suspend-gate.ts";

/**
 * Runs a list of steps as one job, in Windmill's order: gate of the step before, its sleep, then the step.
 *
 * @param waitsAfter id of the step after which an earlier process left the job; what it and those before it gave is among the
 * job's results
 */
export async function runModules(
  run: RunContext,
  job: FlowJob,
  modules: readonly FlowModule[],
  waitsAfter?: string,
): Promise<FlowOutcome> {
  const all = withTrailingWait(modules);
  const reached = all.findIndex(({ id }) => id === waitsAfter);
  let before = finished(job, all[reached]);
  for (const module of all.slice(reached + 1)) {
    const outcome = await runStep(run, job, module, before);
    if (outcome.stopped) return outcome;
    if (!outcome.success) {
      const tolerated = module.continue_on_error === true && !outcome.outsidePolicy && !outcome.broken;
      if (!tolerated) return await failed(run, job, module.id, outcome);
    }
    job.results.set(module.id, outcome.result);
    before = { module, outcome };
  }
  return { success: true, result: before === undefined ? job.input : before.outcome.result };
}

/** Around a failed job, its failure is one like any other: policies of the step that it is apply. */
async function failed(
  run: RunContext,
  job: FlowJob,
  stepId: string,
  { outsidePolicy: _outsidePolicy, broken, ...outcome }: FlowOutcome,
): Promise<FlowOutcome> {
  return broken ? outcome : await runFailureModule(run, job, stepId, outcome);
}

function finished(job: FlowJob, module: FlowModule | undefined): FinishedStep | undefined {
  return module && { module, outcome: { success: true, result: job.results.get(module.id) ?? null } };
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
  const previousResult = before === undefined ? job.input : before.outcome.result;
  try {
    const gate = await passGate(run, before?.module, before?.outcome);
    if (gate.kind === "refused") return { ...gate.outcome, outsidePolicy: true };
    const previousId = before?.module.id ?? "";
    const context = { run, job, previousId, previousResult, resumes: gate.resumes, runInner: runModules };
    return await runModule(module, context, () => sleepAfter(before?.module, context));
  } catch (error) {
    if (error instanceof PredicateError)
      return { success: false, result: { error: error.message }, outsidePolicy: true };
    if (error instanceof ChainError) return chainFailure(job, before, error.message);
    throw error;
  }
}

/** What stops a flow before its first step is an error of its job, which its failure module hears of. */
function chainFailure(job: FlowJob, before: FinishedStep | undefined, message: string): FlowOutcome {
  if (before !== undefined) return { ...errorOutcome("InternalError", message), broken: true };
  const isInner = job.id !== job.rootId;
  return { ...errorOutcome("ExecutionErr", message), outsidePolicy: true, ...(isInner && { broken: true }) };
}

/**
 * `sleep` delays the step after the one that carries it. Its expression sees `result`, `previous_result` and the input,
 * no `results`; fractions count to the millisecond (worker: push_next_flow_job).
 */
async function sleepAfter(before: FlowModule | undefined, context: StepContext): Promise<void> {
  if (before?.sleep === undefined) return;
  const { id, sleep } = before;
  const { results: _results, ...scope } = resultScope(context.run, context.job, context.previousResult);
  const value = await chained(() => transformed(sleep, scope));
  if (typeof value !== "number" || (Number.isInteger(value) && value < 0))
    throw new ChainError(`Expected an integer, found: ${value === null ? "Null" : JSON.stringify(value)}`);
  const seconds = Math.max(0, Math.trunc(value * 1000) / 1000);
  context.run.emit({ kind: "sleeping", stepId: id, seconds });
  await context.run.sleep(seconds);
}

/** A wait after the last step needs a step to wait for; the worker appends `<id>-v`, which does nothing. */
function withTrailingWait(modules: readonly FlowModule[]): readonly FlowModule[] {
  const last = modules.at(-1);
  if (last?.sleep === undefined && last?.suspend === undefined) return modules;
  return [...modules, { id: `${last.id}-v`, value: { type: "identity" } }];
}
