import { isOver, type Run, readRun } from "../../catalog/runs.ts";
import { BackupError, type ErrorText } from "../../errors.ts";
import { withoutStop } from "../../sentence.ts";
import { endless } from "../step/patience.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import type { Step } from "../step/step.ts";
import { withCatalog } from "../step/with-catalog.ts";
import { abandonRun } from "./abandon.ts";
import { advanceRun } from "./advance.ts";
import { kindOf, type Report } from "./kinds.ts";

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
    const step = { catalog, progress };
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
      const { open } = await abandonRun({ catalog, progress }, run, { state: "FAILED", error });
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
