import type { BranchAll, BranchOne, FlowModule } from "../../../windmill/flow/open-flow.ts";
import { evaluatePredicate } from "../expression/evaluate.ts";
import { errorOutcome } from "../job/job-outcome.ts";
import { innerJob } from "./flow-job.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { type StepContext, transformScope } from "./step-context.ts";

/** Takes the first branch whose condition holds, else the default; an empty one hands on the result before it. */
export async function branchOne(value: BranchOne, context: StepContext): Promise<FlowOutcome> {
  const { run, job, runInner } = context;
  const taken = await chosen(value, context);
  if ("result" in taken) return taken;
  if (taken.modules.length === 0) return { success: true, result: context.previousResult };
  const inner = innerJob(job, `branchone-${taken.number}`);
  const { recovered: _recovered, ...outcome } = await runInner(run, inner, taken.modules);
  return outcome;
}

interface Taken {
  /** 0 is the default's. */
  readonly number: number;
  readonly modules: readonly FlowModule[];
}

/** The branch, or the failure of the step when a condition is broken. */
async function chosen(
  { branches, default: fallback }: BranchOne,
  context: StepContext,
): Promise<Taken | FlowOutcome> {
  for (const [index, { expr, modules }] of branches.entries()) {
    try {
      if (await evaluatePredicate(expr, transformScope(context))) return { number: index + 1, modules };
    } catch (error) {
      return errorOutcome("ExecutionErr", error instanceof Error ? error.message : String(error));
    }
  }
  return { number: 0, modules: fallback };
}

/** Runs every branch; the result is the list of theirs. */
export async function branchAll(
  { branches, parallel }: BranchAll,
  context: StepContext,
): Promise<FlowOutcome> {
  const { run, job, runInner } = context;
  const start = ({ modules }: { readonly modules: readonly FlowModule[] }, index: number) =>
    runInner(run, innerJob(job, `branchall-${index}`), modules);
  const outcomes: FlowOutcome[] = parallel ? await Promise.all(branches.map(start)) : [];
  for (const [index, branch] of parallel ? [] : branches.entries()) {
    const outcome = await start(branch, index);
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
