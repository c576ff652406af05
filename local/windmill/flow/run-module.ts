import type { FlowModule } from "../../../windmill/flow/open-flow.ts";
import { throwIfCanceled } from "../cancel.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { chainPredicate, predicate } from "./predicate.ts";
import { prepareWork } from "./prepare-work.ts";
import { retryDelay } from "./retry-delay.ts";
import { resultScope, type StepContext, transformScope } from "./step-context.ts";
import { stopAfter } from "./stop-after.ts";

/**
 * One step: `skip_if`, then its arguments, then the pending sleep, then the work with its retries, then
 * `stop_after_if`.
 */
export async function runModule(
  module: FlowModule,
  context: StepContext,
  sleep: () => Promise<void>,
): Promise<FlowOutcome> {
  if (await isSkipped(module, context)) {
    context.run.emit({ kind: "skipped", stepId: module.id });
    await sleep();
    return { success: true, result: context.previousResult, skipped: true };
  }
  const work = await prepareWork(module, context);
  await sleep();
  return await stopAfter(module, context, await withRetries(module, context, work));
}

async function isSkipped(module: FlowModule, context: StepContext): Promise<boolean> {
  if (module.skip_if === undefined) return false;
  const scope = transformScope(context);
  return await chainPredicate(module.skip_if.expr, {
    ...scope,
    names: { ...scope.names, result: context.previousResult },
  });
}

/** A retry runs with the same arguments: transforms are evaluated once (worker: `get_args_from_id`). */
async function withRetries(
  module: FlowModule,
  context: StepContext,
  work: () => Promise<FlowOutcome>,
): Promise<FlowOutcome> {
  for (let failures = 0; ; failures += 1) {
    const outcome = await work();
    throwIfCanceled(context.run.cancel);
    const mayRetry = !outcome.success && !outcome.stopped && !outcome.outsidePolicy;
    const seconds = mayRetry ? await retryIn(module, context, outcome, failures) : undefined;
    if (seconds === undefined) return outcome;
    context.run.emit({ kind: "retrying", stepId: module.id, attempt: failures + 1, seconds });
    await context.run.sleep(seconds);
  }
}

async function retryIn(
  { retry }: FlowModule,
  { run, job }: StepContext,
  { result }: FlowOutcome,
  failures: number,
): Promise<number | undefined> {
  if (retry === undefined) return undefined;
  const { results: _results, ...scope } = resultScope(run, job, result);
  if (retry.retry_if !== undefined && !(await predicate(retry.retry_if.expr, scope))) return undefined;
  return retryDelay(retry, failures);
}
