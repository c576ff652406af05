import type { Catalog } from "../../catalog/catalog.ts";
import { readRunBackups } from "../../catalog/history.ts";
import { type OpenRun, readOpenRuns } from "../../catalog/open-runs.ts";
import { markGivenUp } from "../../catalog/pulse.ts";
import { isOver, type Run, type RunState, readRun } from "../../catalog/runs.ts";
import type { ErrorText } from "../../errors.ts";
import { isJobOf } from "../../planning/restore/decision.ts";
import type { RestorePlan } from "../../planning/restore/restore-plan.ts";
import { readBackupJob, readRestoreJob } from "../../starrocks/observe/jobs.ts";
import { databaseExists } from "../../starrocks/observe/names.ts";
import { cancelStatement } from "../../starrocks/statements/cancel.ts";
import { readSubmissions } from "../restore/submissions.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import { withCatalog } from "../step/with-catalog.ts";
import { giveUpRun } from "./give-up.ts";

/** What to stop. */
export type CancelTarget =
  | { readonly kind: "nothing" }
  | { readonly kind: "run"; readonly runId: string }
  | { readonly kind: "group"; readonly group: string }
  /** The job of Windmill: the flow's, as its page's address says it. */
  | { readonly kind: "job"; readonly jobId: string };

/** What has become of one run. */
export interface CancelledRun {
  readonly runId: string;
  readonly state: RunState;
  /** Jobs of StarRocks that were cancelled now. */
  readonly cancelled: readonly string[];
  /** What StarRocks still works on. */
  readonly open: readonly string[];
}

export interface CancelResult {
  readonly runs: readonly CancelledRun[];
  /** What is open on the cluster afterwards. */
  readonly open: readonly OpenRun[];
}

/**
 * Stops runs: cancels their jobs in StarRocks (never anybody else's), records them as CANCELLED, frees their slots and
 * drops their temporary tables. What is finished stays; a run that is over stays as it is. May be repeated, and works while
 * the run's flow goes on: its next step finds the run over.
 */
export async function cancelRuns(
  settings: ClusterSettings,
  target: CancelTarget,
  progress: Progress,
): Promise<CancelResult> {
  return await withCatalog(settings, async (catalog) => {
    const runs: CancelledRun[] = [];
    for (const runId of await runsOf(catalog, target)) runs.push(await cancelRun(catalog, runId, progress));
    return { runs, open: await readOpenRuns(catalog, { kind: "all" }) };
  });
}

async function runsOf(catalog: Catalog, target: CancelTarget): Promise<readonly string[]> {
  switch (target.kind) {
    case "nothing":
      return [];
    case "run":
      return [target.runId];
    case "group":
    case "job":
      return (await readOpenRuns(catalog, target)).map((run) => run.runId);
  }
}

async function cancelRun(catalog: Catalog, runId: string, progress: Progress): Promise<CancelledRun> {
  const run = await readRun(catalog, runId);
  if (isOver(run)) return { runId, state: run.state, cancelled: [], open: [] };
  const error: ErrorText = {
    code: "CANCELLED",
    message: `Run ${runId} was cancelled.`,
    next: "Run again when it is wanted; it gets a fresh label.",
  };
  // First, so that a step of the run's flow that is at work begins nothing new.
  await markGivenUp(catalog, runId, error);
  const cancelled =
    run.operation === "backup" ? await cancelBackups(catalog, run) : await cancelRestores(catalog, run);
  for (const job of cancelled) progress.say(`Cancelled ${job}`);
  const { state, open } = await giveUpRun(catalog, run, { state: "CANCELLED", error }, progress);
  return { runId, state, cancelled, open };
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
  const submissions = await readSubmissions(catalog, run.runId);
  const cancelled: string[] = [];
  for (const database of new Set(plan.tables.map((table) => table.database))) {
    if (run.state === "PLANNED" || !(await databaseExists(catalog.session, database))) continue;
    const job = await readRestoreJob(catalog.session, database);
    if (job?.phase !== "running" || !isJobOf(submissions[database], job)) continue;
    await catalog.session.execute(cancelStatement("RESTORE", database), `cancel the restore of ${job.label}`);
    cancelled.push(`${database}: ${job.label}`);
  }
  return cancelled;
}
