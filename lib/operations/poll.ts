import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "../catalog/catalog.ts";
import { type RunState, readRun } from "../catalog/runs.ts";
import { BackupError } from "../errors.ts";
import { meanPercent } from "../planning/percent.ts";
import { abandonRun } from "./abandon.ts";
import { type Advance, advanceRun } from "./advance.ts";
import type { Patience } from "./backup/stall.ts";
import type { Progress } from "./progress.ts";
import type { ClusterSettings } from "./settings.ts";
import { withCatalog } from "./with-catalog.ts";

export interface PollResult {
  readonly done: boolean;
  readonly run_id: string;
  readonly state: RunState;
  readonly waiting_for: readonly string[];
}

const firstPauseMs = 200;
const longestPauseMs = 10_000;

/**
 * Advances a run until it is over or the time is up. SHOW BACKUP can answer with megabytes (it names every partition and
 * tablet), so the pause grows while nothing changes.
 *
 * @param waitSeconds how long one call may take; the flow's loop calls again
 */
export async function pollRun(
  settings: ClusterSettings,
  runId: string,
  waitSeconds: number,
  patience: Patience,
  progress: Progress,
): Promise<PollResult> {
  return await withCatalog(settings, async (catalog) => {
    const deadline = performance.now() + waitSeconds * 1000;
    let pause = firstPauseMs;
    let shown = "";
    for (;;) {
      const advance = await advanceOrAbandon(catalog, runId, patience, progress);
      const waiting = advance.waitingFor.map((wait) => wait.reason).join("; ");
      if (advance.over || performance.now() + pause > deadline) return pollResult(runId, advance);
      if (waiting !== shown) {
        progress.say(`Waiting: ${waiting}`);
        pause = firstPauseMs;
      }
      shown = waiting;
      await progress.percent(meanPercent(advance.waitingFor.map((wait) => wait.percent)));
      await sleep(pause);
      pause = Math.min(pause * 1.5, longestPauseMs);
    }
  });
}

/**
 * An error that running again would not mend ends the run here, so that the flow goes on to its report. (An error inside
 * a loop would make the list of iterations the flow's result.)
 */
async function advanceOrAbandon(
  catalog: Catalog,
  runId: string,
  patience: Patience,
  progress: Progress,
): Promise<Advance> {
  try {
    return await advanceRun(catalog, runId, progress, patience);
  } catch (error) {
    if (!(error instanceof BackupError) || error.retriable || error.code === "NOT_APPROVED") throw error;
    const { code, message, next } = error;
    const state = await abandonRun(
      catalog,
      await readRun(catalog, runId),
      { code, message, next },
      "FAILED",
      progress,
    );
    return { state, over: true, waitingFor: [] };
  }
}

/** Advances a run once: submits what can be submitted. */
export async function startRun(
  settings: ClusterSettings,
  runId: string,
  progress: Progress,
): Promise<PollResult> {
  return await withCatalog(settings, async (catalog) =>
    pollResult(runId, await advanceRun(catalog, runId, progress)),
  );
}

export function pollResult(runId: string, advance: Advance): PollResult {
  return {
    done: advance.over,
    run_id: runId,
    state: advance.state,
    waiting_for: advance.waitingFor.map((wait) => wait.reason),
  };
}
