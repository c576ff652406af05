import type { JsonObject } from "../../windmill/json.ts";
import { CanceledRun, canceledOutcome } from "./cancel.ts";
import { ALONE } from "./job/environment.ts";
import { runJob } from "./job/run-job.ts";
import { outcomeOfRun, type RunOutcome } from "./run-flow.ts";
import { progressOf, type RunOptions, runContext, windmillPath } from "./run-options.ts";
import { withWindmillApi } from "./windmill-api.ts";

/** Runs one built script as Windmill would when somebody presses Run. */
export async function runScript(
  name: string,
  args: JsonObject,
  options: RunOptions = {},
): Promise<RunOutcome> {
  return await withWindmillApi(progressOf(options), async (api) => {
    try {
      const job = { path: windmillPath(name), args, place: ALONE };
      return outcomeOfRun(await runJob(runContext(options, api), job));
    } catch (error) {
      if (error instanceof CanceledRun) return outcomeOfRun(canceledOutcome("queued"));
      throw error;
    }
  });
}
