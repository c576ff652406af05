import type { OpenRun } from "../../catalog/open-runs.ts";
import { readRunView } from "../../catalog/run-view.ts";
import { isOver, type RunState } from "../../catalog/runs.ts";
import { BackupError, type ErrorText } from "../../errors.ts";
import { withoutStop } from "../../sentence.ts";
import { endingOf } from "../step/ending.ts";
import type { Step } from "../step/step.ts";
import { abandonRun } from "./abandon.ts";
import { readSilentRuns } from "./silent.ts";

/** A run that was silent, and what has become of it. */
export interface Settled {
  readonly runId: string;
  readonly state: RunState;
  /** One sentence. */
  readonly outcome: string;
}

/**
 * Records the true end of runs whose worker is gone: what StarRocks has finished is finished and can be restored and built
 * upon, what is lost has failed, and its temporary tables go. A run that cannot be settled now is no reason to stop whoever
 * meets it.
 *
 * @param silent as listed a moment ago
 */
export async function settleRuns(step: Step, silent: readonly OpenRun[]): Promise<readonly Settled[]> {
  const settled: Settled[] = [];
  for (const { runId } of silent) {
    // The list is as old as the runs before took to be settled.
    const still = (await readSilentRuns(step.catalog)).find((each) => each.runId === runId);
    if (still !== undefined) settled.push(await settleRun(step, still));
  }
  for (const { outcome } of settled) step.progress.say(outcome);
  return settled;
}

/**
 * Settles silent runs before something is planned.
 *
 * @param dryRun nothing is written then
 * @param silent those of them that concern the plan
 * @returns what a reader of the plan should know of them, one sentence a run
 */
export async function settleBeforePlan(
  step: Step,
  dryRun: boolean,
  silent: readonly OpenRun[],
): Promise<readonly string[]> {
  if (!dryRun) return (await settleRuns(step, silent)).map((run) => run.outcome);
  return silent.map(
    ({ runId }) =>
      `Run ${runId} has nobody who works for it: the next run records its end first, which may change this plan.`,
  );
}

async function settleRun(step: Step, silent: OpenRun): Promise<Settled> {
  const { runId, state: before } = silent;
  try {
    const view = await readRunView(step.catalog, runId);
    const { run } = view;
    if (isOver(run)) return { runId, state: run.state, outcome: `Run ${runId} is ${run.state}.` };
    const error = run.error ?? lost(silent);
    const { state, open, instead } = await abandonRun(step, view, endingOf(error));
    const waiting = `Run ${runId} has nobody who works for it; StarRocks still does: ${open.join("; ")}.`;
    const over =
      state === "FINISHED"
        ? `Run ${runId} had nobody who worked for it any more; StarRocks had finished it, and it is recorded as FINISHED.`
        : `Run ${runId} had nobody who worked for it any more and was ended: ${state}. ${(instead ?? error).next}`;
    return { runId, state, outcome: open.length > 0 ? waiting : over };
  } catch (error) {
    const outcome = `Run ${runId} has nobody who works for it and could not be ended: ${reasonOf(error)}.`;
    return { runId, state: before, outcome };
  }
}

/** A row that cannot be read (of another release, or changed by somebody) must not stop every other run. */
function reasonOf(error: unknown): string {
  if (error instanceof BackupError) return withoutStop(error.message);
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return "its row in the catalog cannot be read";
}

function lost({ runId, state }: OpenRun): ErrorText {
  return state === "PLANNED"
    ? {
        code: "RUN_NEVER_BEGAN",
        message: `Run ${runId} was planned and never began.`,
        next: "Plan again when it is wanted.",
      }
    : {
        code: "RUN_LOST",
        message: `Nobody worked for run ${runId} any more: its flow was cancelled or its worker died.`,
        next: "Run it again; what StarRocks had finished is kept.",
      };
}
