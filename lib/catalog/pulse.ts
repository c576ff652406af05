import { beginningOf } from "../cut.ts";
import type { ErrorText } from "../errors.ts";
import type { Catalog } from "./catalog.ts";
import type { ListedRun } from "./open-runs.ts";
import { errorColumns, openStates } from "./runs.ts";
import { now } from "./sql/column.ts";
import { matching, secondsSince } from "./sql/condition.ts";
import { type ChangeOf, column } from "./sql/table.ts";
import { updateStatement } from "./sql/write.ts";
import { runStatus } from "./tables/run-status.ts";
import { runs } from "./tables/runs.ts";

/*
 * The pulse of a run: its last sign of life, and what it waits for since when. Each is a row of the catalog, since a
 * worker keeps nothing; the FE's clock is the only one that counts.
 */

/** The longest text that is kept of what a run waits for. */
const longestReason = 1000;

/** A pulse is a version of a tablet of the catalog, so one that says nothing new is given no oftener. */
const beatEverySeconds = 20;

/** What a run's row says of its signs of life. */
export interface Pulse {
  /** What it waits for; empty for nothing. */
  readonly waitingFor: string;
  /** For how long it has waited for just that. */
  readonly waitingSeconds: number;
  readonly silentSeconds: number;
  /** The same of the slot it holds that was renewed last; 0 without any. */
  readonly slotSeconds: number;
}

/** What is asked for of a run's row. */
export function pulseQuery(runId: string) {
  const computed = {
    waitingSeconds: secondsSince(column(runs, "waitingSince")),
    silentSeconds: `coalesce(${secondsSince(column(runs, "heartbeatAt"))}, ${beatEverySeconds})`,
  };
  return { from: runs, fields: ["waitingFor"], computed, where: matching(runs, { runId }) } as const;
}

/**
 * Gives a sign of life and remembers what the run waits for.
 *
 * @param seen the pulse as it was when the step began to look after the run
 * @param reason what is waited for; empty for nothing
 * @returns for how many seconds the run has waited for just that, by the FE's clock
 */
export async function recordPulse(
  catalog: Catalog,
  runId: string,
  seen: Pulse,
  reason: string,
): Promise<number> {
  const kept = beginningOf(reason, longestReason);
  const isNew = seen.waitingFor !== kept;
  if (isNew || seen.silentSeconds >= beatEverySeconds)
    await beat(catalog, runId, isNew ? { waitingFor: kept, waitingSince: now } : {});
  if (seen.slotSeconds >= beatEverySeconds) await renewSlots(catalog, runId);
  return isNew ? 0 : seen.waitingSeconds;
}

/**
 * Whether a sign of life has something to say: of a run that is under way, and has given none for a while. Whoever begins a
 * run gives one by that.
 */
export function isBeatDue({ state, silentSeconds }: Pick<ListedRun, "state" | "silentSeconds">): boolean {
  return state === "RUNNING" && silentSeconds >= beatEverySeconds;
}

/** A sign of life of a run while a step of it works, and of the slots it holds. */
export async function beatRun(catalog: Catalog, runId: string): Promise<void> {
  await beat(catalog, runId, {});
  await renewSlots(catalog, runId);
}

async function renewSlots(catalog: Catalog, runId: string): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, runStatus, { heartbeatAt: now }, { runId, state: "ACTIVE" }),
    "renew the job slots",
  );
}

/** An UPDATE may write the whole row it has read: one that had read PLANNED would take an approval back. */
async function beat(catalog: Catalog, runId: string, more: ChangeOf<typeof runs>): Promise<void> {
  await catalog.session.execute(
    updateStatement(catalog, runs, { heartbeatAt: now, ...more }, { runId, state: "RUNNING" }),
    `give a sign of life of run ${runId}`,
  );
}

/**
 * Marks an open run as given up, before anything is done about it: whoever carries it on sees the mark and begins nothing
 * new, and whoever meets it may record its end at once.
 */
export async function markAbandoned(catalog: Catalog, runId: string, error: ErrorText): Promise<void> {
  const change = { heartbeatAt: "1970-01-01 00:00:00", ...errorColumns(error) };
  await catalog.session.execute(
    updateStatement(catalog, runs, change, { runId, state: openStates }),
    `give run ${runId} up`,
  );
}
