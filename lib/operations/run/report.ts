import { isOver, type Run, readRun } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { endless } from "../step/patience.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import type { RunReference, Step } from "../step/step.ts";
import { withCatalog } from "../step/with-catalog.ts";
import { advanceRun } from "./advance.ts";
import { kindOf, type Report } from "./kinds.ts";

/**
 * Reads how a run went.
 *
 * @throws {BackupError} what the run failed with, or `RUN_NOT_OVER`
 */
export async function reportRun(
  settings: ClusterSettings,
  { runId, planHash }: RunReference,
  progress: Progress,
): Promise<Report> {
  return await withCatalog(settings, async (catalog, backups) => {
    const step = { catalog, progress, planHash, backups };
    const run = await readOverRun(step, runId);
    if (run.error !== undefined) throw new BackupError(run.error);
    if (!isOver(run)) {
      throw new BackupError({
        code: "RUN_NOT_OVER",
        message: `Run ${runId} is ${run.state}.`,
        next: "Run the poll script until it is over.",
        retriable: true,
      });
    }
    return await kindOf(run).report({ ...step, run, patience: endless });
  });
}

/**
 * The run, brought to its end where only the record of that is missing: of two updates of a row at once the last wins, and
 * may have been a sign of life.
 */
async function readOverRun(step: Step, runId: string): Promise<Run> {
  const run = await readRun(step.catalog, runId);
  if (run.state !== "RUNNING" || run.error !== undefined) return run;
  await advanceRun(step, runId);
  return await readRun(step.catalog, runId);
}
