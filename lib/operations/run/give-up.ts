import type { Catalog } from "../../catalog/catalog.ts";
import { markGivenUp } from "../../catalog/pulse.ts";
import { type Run, type RunState, readRunState } from "../../catalog/runs.ts";
import { releaseRunSlots } from "../../catalog/slots.ts";
import { BackupError } from "../../errors.ts";
import { planHash } from "../../planning/plan-hash.ts";
import { waitText } from "../../planning/wait.ts";
import type { Progress } from "../step/progress.ts";
import type { Ending } from "../step/pursuit.ts";
import { pursueRun } from "./advance.ts";

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
  if (planHash(JSON.parse(run.plan) as object) !== run.planHash) throw changed(run);
  await markGivenUp(catalog, run.runId, ending.error);
  const waits = await pursueRun(catalog, run, { kind: "give-up", ending }, progress);
  if (waits.length > 0) {
    // Its job keeps others off the database; the slot would keep them off longer.
    await releaseRunSlots(catalog, run.runId);
    const open = waits.map(waitText);
    progress.say(
      `Still at work in StarRocks: ${open.join("; ")}. The end of run ${run.runId} is recorded by the next run or by status.`,
    );
    return { state: run.state, open };
  }
  return { state: (await readRunState(catalog, run.runId)) ?? run.state, open: [] };
}

function changed({ runId }: Run): BackupError {
  return new BackupError({
    code: "PLAN_CHANGED",
    message: `The stored plan of run ${runId} is not the one that was made: its hash differs.`,
    next: "Nothing was done for it. Look who has written to the table runs of the catalog.",
  });
}
