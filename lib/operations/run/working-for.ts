import { listOpenRuns } from "../../catalog/open-runs.ts";
import { isBeatDue } from "../../catalog/pulse.ts";
import { whileBeating } from "../step/heartbeat.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import type { RunReference, Step } from "../step/step.ts";
import { withCatalog } from "../step/with-catalog.ts";
import { settleRuns } from "./settle.ts";
import { readSilentBeside } from "./silent.ts";

/** Opens the catalog for a step that works for a run: gives signs of life all along, and settles what is in its way. */
export async function workingFor<Result>(
  settings: ClusterSettings,
  { runId, planHash }: RunReference,
  progress: Progress,
  work: (step: Step) => Promise<Result>,
): Promise<Result> {
  return await withCatalog(settings, async (catalog, backups) => {
    const step = { catalog, progress, backups };
    // Before the first beat, which hides how long the run itself has been silent.
    const open = await listOpenRuns(catalog, { kind: "all" });
    const beside = await readSilentBeside(catalog, open, runId);
    const own = open.find((each) => each.runId === runId);
    return await whileBeating(catalog, { runId, isDue: own !== undefined && isBeatDue(own) }, async () => {
      await settleRuns(step, beside);
      return await work({ ...step, planHash });
    });
  });
}
