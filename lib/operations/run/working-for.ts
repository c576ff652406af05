import type { Catalog } from "../../catalog/catalog.ts";
import { whileBeating } from "../step/heartbeat.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import { withCatalog } from "../step/with-catalog.ts";
import { settleSilentRuns, silentBeside } from "./settle.ts";

/** Opens the catalog for a step that works for a run: gives signs of life all along, and settles what is in its way. */
export async function workingFor<Result>(
  settings: ClusterSettings,
  runId: string,
  progress: Progress,
  work: (catalog: Catalog) => Promise<Result>,
): Promise<Result> {
  return await withCatalog(settings, async (catalog) => {
    // Before the first beat, which hides how long the run itself has been silent.
    const concerns = await silentBeside(catalog, runId);
    return await whileBeating(catalog, runId, async () => {
      await settleSilentRuns(catalog, progress, concerns);
      return await work(catalog);
    });
  });
}
