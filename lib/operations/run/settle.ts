import type { Catalog } from "../../catalog/catalog.ts";
import { type OpenRun, readOpenRuns } from "../../catalog/open-runs.ts";
import { isOver, type RunState, readRun } from "../../catalog/runs.ts";
import { slotExpirySeconds } from "../../catalog/slots.ts";
import { BackupError, type ErrorText } from "../../errors.ts";
import { withoutStop } from "../../sentence.ts";
import type { Progress } from "../step/progress.ts";
import { endingOf } from "../step/pursuit.ts";
import { giveUpRun } from "./give-up.ts";

/** A run that was silent, and what has become of it. */
export interface Settled {
  readonly runId: string;
  readonly state: RunState;
  /** One sentence. */
  readonly outcome: string;
}

/** An approval comes within a day; a plan that is older than two begins no more. */
const plannedForSeconds = 2 * 24 * 3600;

/** Whether nobody works for an open run any more: a step beats every minute, and a flow pauses for a minute at most. */
export function isSilent({ state, silentSeconds }: OpenRun): boolean {
  return silentSeconds >= (state === "PLANNED" ? plannedForSeconds : slotExpirySeconds);
}

/**
 * Records the true end of every run whose worker is gone: what StarRocks has finished is finished and can be restored and
 * built upon, what is lost has failed, and its temporary tables go. A run that cannot be settled now is no reason to stop
 * whoever meets it.
 *
 * @param concerns which of them concern the caller
 */
export async function settleSilentRuns(
  catalog: Catalog,
  progress: Progress,
  concerns: (run: OpenRun) => boolean,
): Promise<readonly Settled[]> {
  const settled: Settled[] = [];
  for (const { runId } of (await silentRuns(catalog)).filter(concerns)) {
    // The list is as old as the runs before took to be settled.
    const silent = (await silentRuns(catalog)).find((each) => each.runId === runId);
    if (silent !== undefined) settled.push(await settleRun(catalog, silent, progress));
  }
  for (const { outcome } of settled) progress.say(outcome);
  return settled;
}

/**
 * Which silent runs concern a step that works for a run: those of its databases. Where the run itself has been silent that
 * long, what kept its step from a worker may keep others', so nothing is concluded from their silence.
 */
export async function silentBeside(catalog: Catalog, runId: string): Promise<(run: OpenRun) => boolean> {
  const own = (await readOpenRuns(catalog, { kind: "all" })).find((each) => each.runId === runId);
  if (own === undefined || isSilent(own)) return () => false;
  const databases = new Set(own.databases);
  return (run) => run.runId !== runId && run.databases.some((database) => databases.has(database));
}

/**
 * Settles silent runs before something is planned.
 *
 * @param dryRun nothing is written then
 * @returns what a reader of the plan should know of them, one sentence a run
 */
export async function settleBeforePlan(
  catalog: Catalog,
  dryRun: boolean,
  progress: Progress,
  concerns: (run: OpenRun) => boolean,
): Promise<readonly string[]> {
  if (!dryRun) return (await settleSilentRuns(catalog, progress, concerns)).map((run) => run.outcome);
  return (await silentRuns(catalog))
    .filter(concerns)
    .map(
      ({ runId }) =>
        `Run ${runId} has nobody who works for it: the next run records its end first, which may change this plan.`,
    );
}

async function silentRuns(catalog: Catalog): Promise<readonly OpenRun[]> {
  return (await readOpenRuns(catalog, { kind: "all" })).filter(isSilent);
}

async function settleRun(catalog: Catalog, silent: OpenRun, progress: Progress): Promise<Settled> {
  const { runId, state: before } = silent;
  try {
    const run = await readRun(catalog, runId);
    if (isOver(run)) return { runId, state: run.state, outcome: `Run ${runId} is ${run.state}.` };
    const error = run.error ?? lost(silent);
    const { state, open } = await giveUpRun(catalog, run, endingOf(error), progress);
    const waiting = `Run ${runId} has nobody who works for it; StarRocks still does: ${open.join("; ")}.`;
    const over =
      state === "FINISHED"
        ? `Run ${runId} had nobody who worked for it any more; StarRocks had finished it, and it is recorded as FINISHED.`
        : `Run ${runId} had nobody who worked for it any more and was ended: ${state}. ${error.next}`;
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
