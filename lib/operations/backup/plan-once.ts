import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "../../catalog/catalog.ts";
import { readDeadClaims, releaseLabels, updateBackup } from "../../catalog/history.ts";
import { deleteManifest } from "../../catalog/manifest.ts";
import { readRunOfJob } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import type { BackupPlan } from "../../planning/backup/plan.ts";

/*
 * A step may be killed and run again, or run twice at once. Planning leaves labels and manifests before it leaves a run, so
 * the executions of one job agree on one run here, and what the others left is taken away.
 */

/** The run of a job, and its plan. */
export interface PlanOfJob {
  readonly runId: string;
  readonly planHash: string;
  readonly plan: BackupPlan;
}

/** What an earlier execution of this job has planned, completed where it was cut short. */
export async function earlierPlan(catalog: Catalog, prefix: string): Promise<PlanOfJob | undefined> {
  const run = await readRunOfJob(catalog, prefix);
  if (run === undefined) return undefined;
  const plan = JSON.parse(run.plan) as BackupPlan;
  await settlePlan(catalog, run.runId, plan, prefix);
  return { runId: run.runId, planHash: run.planHash, plan };
}

const pauseMs = 200;
const mostLooks = 50;

/** The plan of the execution that was first; its row may take a moment to be visible. */
export async function settledPlan(catalog: Catalog, prefix: string): Promise<PlanOfJob> {
  for (let look = 0; look < mostLooks; look++) {
    const plan = await earlierPlan(catalog, prefix);
    if (plan !== undefined) return plan;
    await sleep(pauseMs);
  }
  throw new BackupError(
    "ALREADY_CLAIMED",
    "Another execution of this step is recording its plan.",
    "Run the step again.",
    true,
  );
}

/** Does what comes after the run's row; may be repeated. */
export async function settlePlan(
  catalog: Catalog,
  runId: string,
  plan: BackupPlan,
  prefix: string,
): Promise<void> {
  if (plan.nothingToDo) await recordRestorePoint(catalog, plan);
  const dead = await readDeadClaims(catalog, runId, prefix);
  for (const label of dead) await deleteManifest(catalog, label);
  await releaseLabels(catalog, dead);
}

/** Nothing has changed: the state of now is what the baselines hold, and can be restored under a label of its own. */
async function recordRestorePoint(catalog: Catalog, plan: BackupPlan): Promise<void> {
  for (const { label } of plan.snapshots) {
    await updateBackup(catalog, label, { status: "NOTHING_TO_DO", cutTo: plan.plannedAt });
  }
}
