import * as z from "zod";
import { type CancelTarget, cancelRuns } from "../lib/operations/run/cancel.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { groupName, jobIdText, runId, starrocksResource } from "../lib/windmill/fields.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderCancel } from "../lib/windmill/results/cancel.ts";
import { defineScript } from "../lib/windmill/script.ts";

const input = z
  .object({
    starrocks: starrocksResource,
    run_id: runId.optional().meta({
      title: "Run",
      description:
        "run_id of the run to stop. Give a run, a group or a job; none of them: list what is open.",
    }),
    group: groupName.optional().meta({
      title: "Group",
      description: "Stop every open run of this inventory group.",
    }),
    job_id: jobIdText.optional().meta({
      title: "Flow's job",
      description: "Stop the run of this job: the id in the address of the flow's page.",
    }),
  })
  .refine((given) => [given.run_id, given.group, given.job_id].filter(Boolean).length <= 1, {
    path: ["run_id"],
    error: "give one of run, group and job, or none to list what is open",
  });

export const script = defineScript({
  summary: "Stop a backup or restore run, or list what is open",
  description:
    "Cancels the jobs in StarRocks of a run, records it as cancelled, frees its job slots and drops its temporary tables; the run's flow then ends by itself. Without a run, a group or a job it only lists what is open. Cancelling a flow in Windmill does not stop the job in StarRocks; this does.",
  input,
  run: async ({ starrocks, ...given }) => {
    const target = targetOf(given);
    return renderCancel(await cancelRuns(clusterSettings(starrocks), target, progress), target);
  },
});

function targetOf({ run_id, group, job_id }: Omit<z.output<typeof input>, "starrocks">): CancelTarget {
  if (run_id !== undefined) return { kind: "run", runId: run_id };
  if (group !== undefined) return { kind: "group", group };
  return job_id === undefined ? { kind: "nothing" } : { kind: "job", jobId: job_id };
}
