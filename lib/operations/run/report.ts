import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, readRunBackups } from "../../catalog/history.ts";
import { type RestoreRecord, readRunRestores } from "../../catalog/restores.ts";
import { isOver, type Run, readRun } from "../../catalog/runs.ts";
import { BackupError, type ErrorText } from "../../errors.ts";
import type { BackupPlan } from "../../planning/backup/backup-plan.ts";
import type { RestorePlan } from "../../planning/restore/restore-plan.ts";
import { withoutStop } from "../../sentence.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import { withCatalog } from "../step/with-catalog.ts";
import { advanceRun } from "./advance.ts";
import { giveUpRun } from "./give-up.ts";

/** How a run went, from the catalog. */
export type Report =
  | {
      readonly operation: "backup";
      readonly run: Run;
      readonly plan: BackupPlan;
      readonly backups: readonly BackupRecord[];
    }
  | {
      readonly operation: "restore";
      readonly run: Run;
      readonly plan: RestorePlan;
      readonly restores: readonly RestoreRecord[];
    };

/**
 * Reads how a run went.
 *
 * @throws {BackupError} what the run failed with, or `RUN_NOT_OVER`
 */
export async function reportRun(
  settings: ClusterSettings,
  runId: string,
  progress: Progress,
): Promise<Report> {
  return await withCatalog(settings, async (catalog) => {
    const run = await readOverRun(catalog, runId, progress);
    if (run.error !== undefined) throw new BackupError(run.error);
    if (!isOver(run)) {
      throw new BackupError({
        code: "RUN_NOT_OVER",
        message: `Run ${runId} is ${run.state}.`,
        next: "Run the poll script until it is over.",
        retriable: true,
      });
    }
    if (run.operation === "restore") {
      const plan = JSON.parse(run.plan) as RestorePlan;
      return { operation: "restore", run, plan, restores: await readRunRestores(catalog, runId) };
    }
    const plan = JSON.parse(run.plan) as BackupPlan;
    return { operation: "backup", run, plan, backups: await readRunBackups(catalog, runId) };
  });
}

/**
 * The run, brought to its end where only the record of that is missing: of two updates of a row at once the last wins, and
 * may have been a sign of life.
 */
async function readOverRun(catalog: Catalog, runId: string, progress: Progress): Promise<Run> {
  const run = await readRun(catalog, runId);
  if (run.state !== "RUNNING" || run.error !== undefined) return run;
  await advanceRun(catalog, runId, progress);
  return await readRun(catalog, runId);
}

/**
 * Closes a run whose flow has failed, as far as nothing of it still works in StarRocks.
 *
 * @returns one sentence on what is left open, such as when the cluster is out of reach: what the flow failed with must be
 * told all the same
 */
export async function closeFailedRun(
  settings: ClusterSettings,
  runId: string,
  error: ErrorText,
  progress: Progress,
): Promise<string | undefined> {
  try {
    return await withCatalog(settings, async (catalog) => {
      const run = await readRun(catalog, runId);
      if (isOver(run)) return undefined;
      const { open } = await giveUpRun(catalog, run, { state: "FAILED", error }, progress);
      return open.length === 0 ? undefined : stillAtWork(runId, open);
    });
  } catch (failed) {
    if (!(failed instanceof BackupError)) throw failed;
    return couldNotBeEnded(runId, failed.message);
  }
}

function stillAtWork(runId: string, open: readonly string[]): string {
  return `StarRocks still works on run ${runId} (${open.join("; ")}): the next run, or the status script, records how that ends; cancel stops it.`;
}

/** What to do about a run whose end could not be recorded. */
export function couldNotBeEnded(runId: string, reason: string): string {
  return `Run ${runId} could not be ended (${withoutStop(reason)}): run cancel for it when that is mended.`;
}
