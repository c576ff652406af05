import * as z from "zod";
import { backupPlanner } from "../lib/operations/backup/planner.ts";
import { restorePlanner } from "../lib/operations/restore/planner.ts";
import { planRun } from "../lib/operations/run/plan.ts";
import { backupFields, periodSeconds } from "../lib/windmill/backup-fields.ts";
import { clusterSettings } from "../lib/windmill/cluster-settings.ts";
import { windmillJob } from "../lib/windmill/job-id.ts";
import { progress } from "../lib/windmill/progress.ts";
import { restoreFields } from "../lib/windmill/restore-fields.ts";
import { renderBackupPlan } from "../lib/windmill/results/backup-plan.ts";
import { renderRestorePlan } from "../lib/windmill/results/restore-plan.ts";
import { defineScript } from "../lib/windmill/script.ts";
import { utcInstant } from "../lib/windmill/utc-instant.ts";

const input = z
  .object({
    starrocks: backupFields.starrocks,
    operation: z.enum(["backup", "restore"]).default("backup").meta({
      title: "Operation",
      description: "What to plan.",
    }),
    group: backupFields.group.optional(),
    type: backupFields.type,
    baseline: backupFields.baseline,
    full_every: backupFields.full_every,
    max_chain: backupFields.max_chain,
    max_partitions_per_job: backupFields.max_partitions_per_job,
    name: backupFields.name,
    target_label: restoreFields.target_label,
    target_time: restoreFields.target_time,
    tables: restoreFields.tables,
    repository: backupFields.repository,
    dry_run: backupFields.dry_run,
  })
  .refine((given) => given.operation !== "backup" || given.group !== undefined, {
    path: ["group"],
    error: "write the group to plan a backup of",
  })
  .refine((given) => given.operation !== "backup" || given.baseline === undefined || given.type !== "full", {
    path: ["baseline"],
    error: "leave it empty for a full backup",
  })
  .refine(
    (given) =>
      given.operation !== "restore" ||
      (given.target_label === undefined) !== (given.target_time === undefined),
    {
      path: ["target_label"],
      error: "give either a backup or a time",
    },
  );

export const script = defineScript({
  summary: "Plan a backup or a restore",
  description:
    "Reads the cluster and shows what a backup would copy or a restore would replace. Changes no table; unless it is a dry run, the plan is stored in the catalog for the next steps.",
  input,
  run: async (given) => (given.operation === "backup" ? await planBackup(given) : await planRestore(given)),
});

type Given = z.output<typeof input>;

async function planBackup(given: Given) {
  const { starrocks, group = "", type, baseline, full_every, max_chain, name, repository, dry_run } = given;
  const policy = {
    type,
    baseline,
    fullEverySeconds: full_every === undefined ? undefined : periodSeconds(full_every),
    maxChain: max_chain,
  };
  const maxPartitionsPerJob = given.max_partitions_per_job;
  const request = { group, policy, maxPartitionsPerJob, name, repository, dryRun: dry_run };
  const planned = await planRun(clusterSettings(starrocks), backupPlanner(request), progress, windmillJob());
  return renderBackupPlan(planned, dry_run);
}

async function planRestore(given: Given) {
  const { starrocks, target_label, target_time = "", tables = [], group, repository, dry_run } = given;
  const at =
    target_label === undefined
      ? ({ kind: "time", time: utcInstant(target_time) ?? "" } as const)
      : ({ kind: "label", label: target_label } as const);
  // A restore puts each table together once; a name that is given twice means no more than once.
  const target = { at, tables: [...new Set(tables)], group, repository };
  const request = { target, dryRun: dry_run };
  const planned = await planRun(clusterSettings(starrocks), restorePlanner(request), progress, windmillJob());
  return renderRestorePlan(planned, dry_run);
}
