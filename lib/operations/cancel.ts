import type { Catalog } from "../catalog/catalog.ts";
import { readRunBackups } from "../catalog/history.ts";
import { isOver, type Run, type RunState, readRun } from "../catalog/runs.ts";
import type { RestorePlan } from "../planning/restore/plan.ts";
import { readBackupJob, readRestoreJob } from "../starrocks/observe/jobs.ts";
import { databaseExists } from "../starrocks/observe/names.ts";
import { cancelStatement } from "../starrocks/statements/cancel.ts";
import { abandonRun } from "./abandon.ts";
import type { Progress } from "./progress.ts";
import type { ClusterSettings } from "./settings.ts";
import { withCatalog } from "./with-catalog.ts";

export interface CancelResult {
  readonly run_id: string;
  readonly state: RunState;
  /** Jobs of StarRocks that were cancelled now. */
  readonly cancelled: readonly string[];
}

/**
 * Stops a run: cancels its jobs in StarRocks (never anybody else's), records it as CANCELLED, frees its slots and drops
 * its temporary tables. What is finished stays; a run that is over stays as it is. May be repeated.
 */
export async function cancelRun(
  settings: ClusterSettings,
  runId: string,
  progress: Progress,
): Promise<CancelResult> {
  return await withCatalog(settings, async (catalog) => {
    const run = await readRun(catalog, runId);
    if (isOver(run)) return { run_id: runId, state: run.state, cancelled: [] };
    const cancelled =
      run.operation === "backup" ? await cancelBackups(catalog, run) : await cancelRestores(catalog, run);
    for (const job of cancelled) progress.say(`Cancelled ${job}`);
    const error = {
      code: "CANCELLED",
      message: `Run ${runId} was cancelled.`,
      next: "Run again when it is wanted; it gets a fresh label.",
    };
    return { run_id: runId, state: await abandonRun(catalog, run, error, "CANCELLED", progress), cancelled };
  });
}

async function cancelBackups(catalog: Catalog, run: Run): Promise<readonly string[]> {
  const cancelled: string[] = [];
  for (const record of await readRunBackups(catalog, run.runId)) {
    if (record.status !== "SUBMITTED" && record.status !== "PLANNED") continue;
    const job = await readBackupJob(catalog.session, record.database);
    if (job?.label !== record.label || job.phase !== "running") continue;
    await catalog.session.execute(
      cancelStatement("BACKUP", record.database),
      `cancel backup ${record.label}`,
    );
    cancelled.push(record.label);
  }
  return cancelled;
}

/** Restores go into temporary tables, so cancelling one harms nothing in any state. */
async function cancelRestores(catalog: Catalog, run: Run): Promise<readonly string[]> {
  const plan = JSON.parse(run.plan) as RestorePlan;
  const cancelled: string[] = [];
  for (const database of new Set(plan.tables.map((table) => table.database))) {
    if (run.state === "PLANNED" || !(await databaseExists(catalog.session, database))) continue;
    const job = await readRestoreJob(catalog.session, database);
    const ours = plan.tables.some(
      (table) => table.database === database && table.parts.some((part) => part.label === job?.label),
    );
    if (job === undefined || !ours || job.phase !== "running") continue;
    await catalog.session.execute(cancelStatement("RESTORE", database), `cancel the restore of ${job.label}`);
    cancelled.push(`${database}: ${job.label}`);
  }
  return cancelled;
}
