import * as z from "zod";
import { closeFailedRun, couldNotBeEnded } from "../lib/operations/run/close-failed.ts";
import { restoreSettings } from "../lib/windmill/cluster-settings.ts";
import { flowError, runError } from "../lib/windmill/errors/flow-error.ts";
import { intoCluster, planHash, runId, starrocksResource } from "../lib/windmill/forms/fields.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderFailure } from "../lib/windmill/results/failure.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Say why a flow failed, and end its run",
  description:
    "The failure step of the flows: says what went wrong and what to do next, and ends the run, so that no job slot and no temporary table stays behind.",
  input: z.object({
    // The failure of a flow is often that its input is unusable; its last step has to say so all the same.
    starrocks: starrocksResource.optional().catch(undefined),
    into: intoCluster.catch(undefined),
    run_id: runId.optional(),
    plan_hash: planHash,
    error: flowError.meta({ title: "Error", description: "What the flow failed with." }),
  }),
  run: async ({ starrocks, into, run_id, plan_hash, error }) => {
    const failure = runError(error);
    if (run_id === undefined) return renderFailure(failure, run_id, undefined);
    const left =
      starrocks === undefined
        ? couldNotBeEnded(run_id, "the starrocks resource is not usable")
        : await closeFailedRun(
            restoreSettings({ starrocks, into }),
            { runId: run_id, planHash: plan_hash },
            failure,
            progress,
          );
    return renderFailure(failure, run_id, left);
  },
});
