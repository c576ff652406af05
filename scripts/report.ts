import * as z from "zod";
import { closeFailedRun, couldNotBeEnded, reportRun } from "../lib/operations/run/report.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { runId, starrocksResource } from "../lib/windmill/fields.ts";
import { flowError, runError } from "../lib/windmill/flow-error.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderFailure } from "../lib/windmill/results/failure.ts";
import { renderReport } from "../lib/windmill/results/report.ts";
import { defineScript } from "../lib/windmill/script.ts";

const input = z
  .object({
    starrocks: starrocksResource,
    run_id: runId.optional(),
    error: flowError.optional().meta({
      title: "Error",
      description: "What a flow failed with; given by its failure step only.",
    }),
    notes: z.array(z.string()).default([]).meta({
      title: "Notes",
      description: "What the plan noted; given by a flow.",
    }),
  })
  .refine((given) => given.run_id !== undefined || given.error !== undefined, {
    path: ["run_id"],
    error: "write the run_id of the run to report on",
  });

export const script = defineScript({
  summary: "Report how a run went",
  description:
    "Says what a backup or restore run did. As the failure step of a flow it also ends the run, so that no job slot and no temporary table stays behind.",
  input,
  run: async ({ starrocks, run_id, error, notes }) => {
    const settings = clusterSettings(starrocks);
    if (error === undefined) return renderReport(await reportRun(settings, run_id ?? "", progress), notes);
    const failure = runError(error);
    const left = run_id === undefined ? undefined : await closeFailedRun(settings, run_id, failure, progress);
    return renderFailure(failure, run_id, left);
  },
  // The failure of a flow is often that its input is unusable; its last step has to say so all the same.
  otherwise: (args) => {
    const { data } = failureOnly.safeParse(args);
    if (data === undefined) return undefined;
    const { run_id, error } = data;
    const left = run_id && couldNotBeEnded(run_id, "the starrocks resource is not usable");
    return renderFailure(runError(error), run_id, left);
  },
});

const failureOnly = z.object({ run_id: runId.optional(), error: flowError });
