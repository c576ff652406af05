import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { isOver } from "../../catalog/runs.ts";
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
    const view = await readOverRun(step, runId);
    const { run } = view;
    if (run.error !== undefined) throw new BackupError(run.error);
    if (!isOver(run)) {
      throw new BackupError({
        code: "RUN_NOT_OVER",
        message: `Run ${runId} is ${run.state}.`,
        next: "Run the poll script until it is over.",
        retriable: true,
      });
    }
    return kindOf(run).report({ ...step, run, patience: endless }, view);
  });
}

/**
 * The run, brought to its end where only the record of that is missing: of two updates of a row at once the last wins, and
 * may have been a sign of life.
 */
async function readOverRun(step: Step, runId: string): Promise<RunView> {
  const view = await readRunView(step.catalog, runId);
  if (view.run.state !== "RUNNING" || view.run.error !== undefined) return view;
  await advanceRun(step, view);
  return await readRunView(step.catalog, runId);
}
