import type { Catalog } from "../../catalog/catalog.ts";
import { releaseLabels, updateBackup } from "../../catalog/history.ts";
import { deleteManifest } from "../../catalog/manifest.ts";
import type { BackupPlan } from "../../planning/backup/backup-plan.ts";
import type { RecordedPlan } from "../step/plan-once.ts";

/**
 * Does what comes after the run's row; may be repeated. Planning leaves labels and manifests before it leaves a run, so
 * what the job's other executions left is taken away.
 */
export async function completePlan(
  catalog: Catalog,
  { runId, plan, claims }: RecordedPlan<BackupPlan>,
): Promise<void> {
  if (plan.nothingToDo) await recordRestorePoint(catalog, plan);
  // The row of this run may not have been visible to whoever looked for those of all runs.
  const dead = claims.filter((claim) => claim.runId !== runId).map(({ label }) => label);
  for (const label of dead) await deleteManifest(catalog, label);
  await releaseLabels(catalog, dead);
}

/** Nothing has changed: the state of now is what the baselines hold, and can be restored under a label of its own. */
async function recordRestorePoint(catalog: Catalog, plan: BackupPlan): Promise<void> {
  for (const { label } of plan.snapshots) {
    await updateBackup(catalog, label, { status: "NOTHING_TO_DO", cutTo: plan.plannedAt });
  }
}
