import type { BranchAll, BranchOne, FlowModule } from "../../../build/flow/open-flow.ts";
import { innerJob } from "./flow-job.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { predicate } from "./predicate.ts";
import { type StepContext, transformScope } from "./step-context.ts";

/** Takes the first branch whose condition holds, else the default; an empty one hands on the result before it. */
export async function branchOne(value: BranchOne, context: StepContext): Promise<FlowOutcome> {
  const { run, job, runInner } = context;
  const modules = await chosen(value, context);
  if (modules.length === 0) return { success: true, result: context.previousResult };
  const { recovered: _recovered, ...outcome } = await runInner(run, innerJob(job), modules);
  return outcome;
}

async function chosen(
  { branches, default: fallback }: BranchOne,
  context: StepContext,
): Promise<readonly FlowModule[]> {
  for (const { expr, modules } of branches) {
    if (await predicate(expr, transformScope(context))) return modules;
  }
  return fallback;
}

/** Runs every branch; the result is the list of theirs. */
export async function branchAll(
  { branches, parallel }: BranchAll,
  context: StepContext,
): Promise<FlowOutcome> {
  const { run, job, runInner } = context;
  const start = ({ modules }: { readonly modules: readonly FlowModule[] }) =>
    runInner(run, innerJob(job), modules);
  const outcomes: FlowOutcome[] = parallel ? await Promise.all(branches.map(start)) : [];
  for (const branch of parallel ? [] : branches) {
    const outcome = await start(branch);
    outcomes.push(outcome);
    if (outcome.stopped || (!outcome.success && branch.skip_failure !== true)) break;
  }
  const success = outcomes.every(
    (outcome, index) => outcome.success || branches[index]?.skip_failure === true,
  );
  const stopped = !parallel && outcomes.some((outcome) => outcome.stopped);
  const handled = !success && outcomes.some((outcome) => outcome.handled);
  return {
    success,
    result: outcomes.map(({ result }) => result),
    ...(stopped ? { stopped } : {}),
    ...(handled ? { handled } : {}),
  };
}
