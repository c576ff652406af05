import { readRunView } from "../../catalog/run-view.ts";
import { isOver } from "../../catalog/runs.ts";
import { BackupError, type ErrorText } from "../../errors.ts";
import { withoutStop } from "../../sentence.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import type { RunReference } from "../step/step.ts";
import { withCatalog } from "../step/with-catalog.ts";
import { abandonRun } from "./abandon.ts";

/**
 * Closes a run whose flow has failed, as far as nothing of it still works in StarRocks.
 *
 * @returns one sentence on what is left open, such as when the cluster is out of reach: what the flow failed with must be
 * told all the same
 */
export async function closeFailedRun(
  settings: ClusterSettings,
  { runId, planHash }: RunReference,
  error: ErrorText,
  progress: Progress,
): Promise<string | undefined> {
  try {
    return await withCatalog(settings, async (catalog) => {
      const view = await readRunView(catalog, runId);
      if (isOver(view.run)) return undefined;
      const { open } = await abandonRun({ catalog, progress, planHash }, view, { state: "FAILED", error });
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
