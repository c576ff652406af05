import { type OpenRun, readOpenRuns } from "../../catalog/open-runs.ts";
import { type Settled, settleRuns } from "../run/settle.ts";
import { readSilentRuns } from "../run/silent.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import { withCatalog } from "../step/with-catalog.ts";

export interface StatusResult {
  /** Runs nobody worked for any more, and what has become of them. */
  readonly settled: readonly Settled[];
  readonly open: readonly OpenRun[];
}

/** Lists what is open, after the runs nobody works for any more have been settled. */
export async function readStatus(settings: ClusterSettings, progress: Progress): Promise<StatusResult> {
  return await withCatalog(settings, async (catalog) => {
    const settled = await settleRuns({ catalog, progress }, await readSilentRuns(catalog));
    return { settled, open: await readOpenRuns(catalog, { kind: "all" }) };
  });
}
