import * as z from "zod";
import { backupPlanner } from "../lib/operations/backup/planner.ts";
import { planRun } from "../lib/operations/run/plan.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { backupFields } from "../lib/windmill/forms/backup-fields.ts";
import { periodSeconds } from "../lib/windmill/forms/period.ts";
import { givenNames, unknownNames } from "../lib/windmill/forms/unknown-names.ts";
import { windmillJob } from "../lib/windmill/job-id.ts";
import { progress } from "../lib/windmill/progress.ts";
import { renderBackupPlan } from "../lib/windmill/results/backup-plan.ts";
import { defineScript } from "../lib/windmill/script.ts";

export const script = defineScript({
  summary: "Plan a backup",
  description:
    "Reads the cluster and shows what a backup would copy. Changes no table; unless it is a dry run, the plan is stored in the catalog for the next steps.",
  input: z
    .object({ ...backupFields, given: givenNames })
    .omit({ stall_minutes: true, cancel_stalled: true, fail_on_gaps: true })
    .superRefine(({ given }, context) => {
      const message = unknownNames(given, Object.keys(backupFields));
      if (message !== undefined) context.addIssue({ code: "custom", path: [], message });
    })
    .refine((given) => given.baseline === undefined || given.type !== "full", {
      path: ["baseline"],
      error: "leave it empty for a full backup",
    }),
  run: async ({ starrocks, group, type, baseline, full_every, max_chain, dry_run, ...given }) => {
    const policy = {
      type,
      baseline,
      fullEverySeconds: full_every === undefined ? undefined : periodSeconds(full_every),
      maxChain: max_chain,
    };
    const { max_partitions_per_job: maxPartitionsPerJob, name, repository } = given;
    const planner = backupPlanner({ group, policy, maxPartitionsPerJob, name, repository, dryRun: dry_run });
    const planned = await planRun(clusterSettings(starrocks), planner, progress, windmillJob());
    return renderBackupPlan(planned, dry_run);
  },
});
