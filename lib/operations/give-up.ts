import type { Catalog } from "../catalog/catalog.ts";
import { stopPulse } from "../catalog/pulse.ts";
import { type Run, type RunState, readRunState } from "../catalog/runs.ts";
import { releaseRunSlots } from "../catalog/slots.ts";
import { waitText } from "../planning/wait.ts";
import { pursueRun } from "./advance.ts";
import { whileBeating } from "./heartbeat.ts";
import type { Progress } from "./progress.ts";
import type { Ending } from "./pursuit.ts";

/** How far a run that was given up has come to its end. */
export interface GivenUp {
  readonly state: RunState;
  /** What StarRocks still works on; empty when the run is over. */
  readonly open: readonly string[];
}

/**
 * Ends a run: records as finished what StarRocks has finished, drops its temporary tables, frees its slots. What StarRocks
 * still works on stays open; whoever meets the run later records how that ended. May be repeated.
 */
export async function giveUpRun(
  catalog: Catalog,
  run: Run,
  ending: Ending,
  progress: Progress,
): Promise<GivenUp> {
  const waits = await whileBeating(catalog, run.runId, async () =>
    pursueRun(catalog, run, { kind: "give-up", ending }, progress),
  );
  if (waits.length > 0) {
    // Its job keeps others off the database; the slot would keep them off longer.
    await releaseRunSlots(catalog, run.runId);
    await stopPulse(catalog, run.runId, ending.error);
    const open = waits.map(waitText);
    progress.say(
      `Still at work in StarRocks: ${open.join("; ")}. The end of run ${run.runId} is recorded by the next run or by status.`,
    );
    return { state: run.state, open };
  }
  return { state: (await readRunState(catalog, run.runId)) ?? run.state, open: [] };
}
