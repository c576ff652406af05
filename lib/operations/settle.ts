import type { Catalog } from "../catalog/catalog.ts";
import { type OpenRun, readOpenRuns } from "../catalog/open-runs.ts";
import { isOver, type RunState, readRun } from "../catalog/runs.ts";
import { slotExpirySeconds } from "../catalog/slots.ts";
import { BackupError } from "../errors.ts";
import { withoutStop } from "../sentence.ts";
import { giveUpRun } from "./give-up.ts";
import type { Progress } from "./progress.ts";

/** A run that was silent, and what has become of it. */
export interface Settled {
  readonly runId: string;
  readonly state: RunState;
  /** One sentence. */
  readonly outcome: string;
}

/** An approval comes within a day; a plan that is older than two begins no more. */
const plannedForSeconds = 2 * 24 * 3600;

/** Whether nobody works for an open run any more: a step beats every minute, and a flow comes back after at most one. */
export function isSilent({ state, silentSeconds }: OpenRun): boolean {
  return silentSeconds >= (state === "PLANNED" ? plannedForSeconds : slotExpirySeconds);
}

/**
 * Records the true end of every run whose worker is gone: what StarRocks has finished is finished and can be restored and
 * built upon, what is lost has failed, and its temporary tables go. A run that cannot be settled now is no reason to stop
 * whoever meets it.
 *
 * @param own the run that the caller works for, which is not silent however long its job has waited for a worker
 */
export async function settleSilentRuns(
  catalog: Catalog,
  progress: Progress,
  own?: string,
): Promise<readonly Settled[]> {
  const open = await readOpenRuns(catalog, { kind: "all" });
  const silent = open.filter((run) => isSilent(run) && run.runId !== own);
  const settled: Settled[] = [];
  for (const run of silent) settled.push(await settleRun(catalog, run, progress));
  for (const { outcome } of settled) progress.say(outcome);
  return settled;
}

/**
 * Settles silent runs before something is planned.
 *
 * @param dryRun nothing is written then
 * @returns what a reader of the plan should know of them, one sentence a run
 */
export async function silentRuns(
  catalog: Catalog,
  dryRun: boolean,
  progress: Progress,
): Promise<readonly string[]> {
  if (!dryRun) return (await settleSilentRuns(catalog, progress)).map((run) => run.outcome);
  const silent = (await readOpenRuns(catalog, { kind: "all" })).filter(isSilent);
  return silent.map(
    ({ runId }) =>
      `Run ${runId} has nobody who works for it: the next run records its end first, which may change this plan.`,
  );
}

async function settleRun(catalog: Catalog, silent: OpenRun, progress: Progress): Promise<Settled> {
  const { runId, state: before } = silent;
  try {
    const run = await readRun(catalog, runId);
    if (isOver(run)) return { runId, state: run.state, outcome: `Run ${runId} is ${run.state}.` };
    const ending = { state: "FAILED", error: run.error ?? lost(silent) } as const;
    const { state, open } = await giveUpRun(catalog, run, ending, progress);
    const waiting = `Run ${runId} has nobody who works for it; StarRocks still does: ${open.join("; ")}.`;
    const over = `Run ${runId} had nobody who worked for it any more and was ended: ${state}.`;
    return { runId, state, outcome: open.length > 0 ? waiting : over };
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    const reason = withoutStop(error.message);
    return {
      runId,
      state: before,
      outcome: `Run ${runId} has nobody who works for it and could not be ended: ${reason}.`,
    };
  }
}

function lost({ runId, state }: OpenRun) {
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
