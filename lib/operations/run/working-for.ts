import { isBeatDue } from "../../catalog/pulse.ts";
import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { whileBeating } from "../step/heartbeat.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import type { RunReference, Step } from "../step/step.ts";
import { withCatalog } from "../step/with-catalog.ts";
import { settleRuns } from "./settle.ts";
import { readSilentBeside } from "./silent.ts";

/**
 * Opens the catalog for a step that works for a run: gives signs of life all along, and settles what is in its way.
 *
 * @param work gets what the catalog said of the run when the step began
 */
export async function workingFor<Result>(
  settings: ClusterSettings,
  { runId, planHash }: RunReference,
  progress: Progress,
  work: (step: Step, view: RunView) => Promise<Result>,
): Promise<Result> {
  return await withCatalog(settings, async (catalog, backups) => {
    const step = { catalog, progress, backups };
    // Before the first beat, which hides how long the run itself has been silent.
    const view = await readRunView(catalog, runId);
    const beside = await readSilentBeside(catalog, view.open, runId);
    const own = view.open.find((each) => each.runId === runId);
    return await whileBeating(catalog, { runId, isDue: own !== undefined && isBeatDue(own) }, async () => {
      await settleRuns(step, beside);
      // Settling may take its time.
      return await work(
        { ...step, planHash },
        beside.length === 0 ? view : await readRunView(catalog, runId),
      );
    });
  });
}
