import { isJsonObject } from "../../../windmill/json.ts";
import { errorOutcome } from "../job/job-outcome.ts";
import type { RunContext } from "../run-context.ts";
import type { FlowJob } from "./flow-job.ts";
import type { FlowOutcome } from "./flow-outcome.ts";
import { ChainError, PredicateError } from "./predicate.ts";
import { runModule } from "./run-module.ts";
import { NO_RESUMES } from "./step-context.ts";

/**
 * Runs the flow's failure module after `failedId` failed, unless one ran deeper inside. Its result becomes the
 * flow's; the flow stays failed unless that result says `recover: true`.
 */
export async function runFailureModule(
  run: RunContext,
  job: FlowJob,
  failedId: string,
  failed: FlowOutcome,
): Promise<FlowOutcome> {
  const module = job.failureModule;
  if (module === undefined || failed.handled) return failed;
  const context = {
    run,
    job,
    previousId: failedId,
    previousResult: failed.result,
    resumes: NO_RESUMES,
    runInner: () => Promise.reject(new PredicateError("A failure module must be a script.")),
  };
  const outcome = await runModule(module, context, async () => undefined).catch((error: unknown) => {
    if (error instanceof PredicateError || error instanceof ChainError)
      return errorOutcome("InternalError", error.message);
    throw error;
  });
  const recovered = outcome.success && isJsonObject(outcome.result) && outcome.result["recover"] === true;
  return { success: false, result: outcome.result, handled: true, recovered };
}
