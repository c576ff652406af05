import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "../../catalog/catalog.ts";
import { type RunState, readRun } from "../../catalog/runs.ts";
import { BackupError } from "../../errors.ts";
import { pauseSeconds, staySeconds } from "../../planning/pause.ts";
import { meanPercent } from "../../planning/percent.ts";
import { waitText } from "../../planning/wait.ts";
import type { Progress } from "../step/progress.ts";
import type { Patience } from "../step/pursuit.ts";
import type { ClusterSettings } from "../step/settings.ts";
import { type Advance, advanceRun } from "./advance.ts";
import { giveUpRun } from "./give-up.ts";
import { workingFor } from "./working-for.ts";

export interface PollResult {
  readonly done: boolean;
  readonly run_id: string;
  readonly state: RunState;
  readonly waiting_for: readonly string[];
  /** How long to pause before the next call, which holds no worker meanwhile. */
  readonly pause_seconds: number;
}

const firstPauseMs = 200;

/**
 * Does for a run what can be done now, and returns when only waiting is left.
 *
 * @param waitSeconds how long to stay for what may come in a moment; a worker is held meanwhile
 */
export async function pollRun(
  settings: ClusterSettings,
  runId: string,
  waitSeconds: number,
  patience: Patience,
  progress: Progress,
): Promise<PollResult> {
  return await workingFor(settings, runId, progress, async (catalog) => {
    let shown: string | undefined;
    let pause = firstPauseMs;
    const began = performance.now();
    for (;;) {
      const advance = await advanceOrGiveUp(catalog, runId, patience, progress);
      if (advance.over) return pollResult(runId, advance);
      const waiting = advance.waitingFor.map(waitText).join("; ");
      if (waiting !== shown) {
        if (waiting !== "") progress.say(`Waiting: ${waiting}`);
        pause = firstPauseMs;
      }
      shown = waiting;
      await progress.percent(meanPercent(advance.waitingFor.map((wait) => wait.percent)));
      const stay = staySeconds(advance.waitingFor, advance.waitingSeconds, waitSeconds);
      if (performance.now() + pause > began + stay * 1000) return pollResult(runId, advance);
      await sleep(pause);
      pause *= 1.5;
    }
  });
}

/**
 * An error that running again would not mend ends the run here, so that the flow goes on to its report. (An error inside
 * a loop would make the list of iterations the flow's result.)
 */
async function advanceOrGiveUp(
  catalog: Catalog,
  runId: string,
  patience: Patience,
  progress: Progress,
): Promise<Advance> {
  try {
    return await advanceRun(catalog, runId, progress, patience);
  } catch (error) {
    if (!(error instanceof BackupError) || error.retriable) throw error;
    if (error.code === "NOT_APPROVED" || error.code === "UNKNOWN_RUN") throw error;
    const { code, message, next } = error;
    const ending = { state: "FAILED", error: { code, message, next } } as const;
    const { state } = await giveUpRun(catalog, await readRun(catalog, runId), ending, progress);
    return { state, over: true, waitingFor: [], waitingSeconds: 0 };
  }
}

/** Advances a run once: submits what can be submitted. */
export async function startRun(
  settings: ClusterSettings,
  runId: string,
  progress: Progress,
): Promise<PollResult> {
  return await workingFor(settings, runId, progress, async (catalog) =>
    pollResult(runId, await advanceRun(catalog, runId, progress)),
  );
}

export function pollResult(runId: string, advance: Advance): PollResult {
  return {
    done: advance.over,
    run_id: runId,
    state: advance.state,
    waiting_for: advance.waitingFor.map(waitText),
    pause_seconds: pauseSeconds(advance.waitingFor, advance.waitingSeconds),
  };
}
