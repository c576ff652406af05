import { setTimeout as sleep } from "node:timers/promises";
import { type RunView, readRunView } from "../../catalog/run-view.ts";
import type { RunState } from "../../catalog/runs.ts";
import type { ErrorCode } from "../../error-codes.ts";
import { BackupError } from "../../errors.ts";
import { pauseSeconds, staySeconds } from "../../planning/pause.ts";
import { meanPercent } from "../../planning/percent.ts";
import { waitText } from "../../planning/wait.ts";
import type { Patience } from "../step/patience.ts";
import type { Progress } from "../step/progress.ts";
import type { ClusterSettings } from "../step/settings.ts";
import type { RunReference, Step } from "../step/step.ts";
import { abandonRun } from "./abandon.ts";
import { type Advance, advanceRun, ended } from "./advance.ts";
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

/** How a run is looked after. */
export interface Polling extends Patience {
  /** How long to stay for what may come in a moment; a worker is held meanwhile. */
  readonly waitSeconds: number;
}

/** Does for a run what can be done now, and returns when only waiting is left. */
export async function pollRun(
  settings: ClusterSettings,
  reference: RunReference,
  { waitSeconds, ...patience }: Polling,
  progress: Progress,
): Promise<PollResult> {
  const { runId } = reference;
  return await workingFor(settings, reference, progress, async (step, first) => {
    let view = first;
    let shown: string | undefined;
    let pause = firstPauseMs;
    const began = performance.now();
    for (;;) {
      const advance = await advanceOrAbandon(step, view, patience);
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
      view = await readRunView(step.catalog, runId);
    }
  });
}

/**
 * An error that running again would not mend ends the run here, so that the flow goes on to its report. (An error inside
 * a loop would make the list of iterations the flow's result.)
 */
async function advanceOrAbandon(step: Step, view: RunView, patience: Patience): Promise<Advance> {
  try {
    return await advanceRun(step, view, patience);
  } catch (error) {
    if (!(error instanceof BackupError) || error.retriable) throw error;
    if (ofTheCall.has(error.code)) throw error;
    const { code, message, next } = error;
    const latest = await readRunView(step.catalog, view.run.runId);
    const { state } = await abandonRun(step, latest, { state: "FAILED", error: { code, message, next } });
    return ended(state);
  }
}

/** What says nothing of the run, but of how the step was called. */
const ofTheCall: ReadonlySet<ErrorCode> = new Set(["NOT_APPROVED", "UNKNOWN_RUN", "BACKUPS_ELSEWHERE"]);

/** Advances a run once: submits what can be submitted. */
export async function startRun(
  settings: ClusterSettings,
  reference: RunReference,
  progress: Progress,
): Promise<PollResult> {
  const { runId } = reference;
  return await workingFor(settings, reference, progress, async (step, view) =>
    pollResult(runId, await advanceRun(step, view)),
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
