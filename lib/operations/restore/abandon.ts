import { readRunRestores, updateRestore } from "../../catalog/restores.ts";
import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { readSlots, releaseSlots, slotScope } from "../../catalog/slots.ts";
import { type AbandonAction, decideAbandoned } from "../../planning/restore/decision.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readRestoreJob } from "../../starrocks/observe/jobs.ts";
import type { Ending } from "../step/ending.ts";
import type { Pursued } from "../step/kind.ts";
import { closeRun } from "./close.ts";
import { observationOf, observeDatabase, ofTable, type SeenDatabase } from "./observe.ts";
import { recordTables } from "./record-tables.ts";
import { type DatabaseStep, databasesOf, type RestoreStep } from "./restore-step.ts";
import { sweepTables } from "./sweep.ts";
import { takeBackTable } from "./take-back.ts";
import { dropTemporaries, type Leftover, leftoverText, temporaryNames } from "./temporary.ts";
import { withdrawOrLeave } from "./withdraw.ts";

/**
 * Ends a restore run without beginning anything new: what became live is recorded as finished, everything else gets the
 * ending and its temporary tables are dropped.
 */
export async function abandonRestore(step: RestoreStep, view: RunView, ending: Ending): Promise<Pursued> {
  const { catalog, run } = step;
  if (view.restores.length < run.plan.tables.length) await recordTables(catalog, run);
  const waits: Wait[] = [];
  for (const database of databasesOf(step)) {
    const wait = await abandonDatabase(database, ending);
    if (wait !== undefined) waits.push(wait);
  }
  if (waits.length > 0) return { kind: "waiting", waits };
  const records = await readRunRestores(catalog, run.runId);
  return { kind: "over", state: await closeRun(step, records, ending) };
}

async function abandonDatabase(step: DatabaseStep, ending: Ending): Promise<Wait | undefined> {
  if (await isGone(step)) return await endTables(step, ending);
  const settled = new Set<string>();
  for (let isRecorded = false; ; ) {
    const seen = await observeDatabase(step, await readRunView(step.catalog, step.run.runId));
    const action = nextAction(step, seen, settled);
    if (action.kind === "done") return await releaseSlot(step);
    if (action.kind === "wait") return action;
    // Rows that were written a moment ago may not be visible yet; then nothing was recorded.
    if (action.kind === "abandon" && isRecorded)
      return waitFor(`${step.database}: the records of run ${step.run.runId} are not visible yet`);
    isRecorded ||= action.kind === "abandon";
    const blocked = await act(step, { seen, settled }, action, ending);
    if (blocked !== undefined) return blocked;
  }
}

/** @param settled tables that cannot be dropped or taken back, which would come up again and again */
function nextAction(step: DatabaseStep, seen: SeenDatabase, settled: ReadonlySet<string>): AbandonAction {
  const observation = observationOf(step, seen);
  const present = new Set([...observation.present].filter((each) => !settled.has(each)));
  const tables = observation.tables.map((each) =>
    settled.has(each.planned.table) ? { ...each, stage: "over" as const } : each,
  );
  return decideAbandoned({ ...observation, present, tables });
}

type Act = Exclude<AbandonAction, { readonly kind: "done" | "wait" }>;

/** @param settled gets what could not be dropped, and what was taken back or could not be */
async function act(
  step: DatabaseStep,
  { seen, settled }: { readonly seen: SeenDatabase; readonly settled: Set<string> },
  action: Act,
  ending: Ending,
): Promise<Wait | undefined> {
  switch (action.kind) {
    case "sweep":
      for (const { table } of await sweepTables(step, seen, action.names)) settled.add(table);
      return undefined;
    case "withdraw": {
      const acted = await withdrawOrLeave(ofTable(step, action.table, seen), ending);
      return acted.kind === "wait" ? acted : undefined;
    }
    case "take-back": {
      const acted = await takeBackTable(ofTable(step, action.table, seen), ending);
      if (acted.kind === "wait") return acted;
      settled.add(action.table.table);
      return undefined;
    }
    case "abandon":
      for (const table of action.tables) await abandonTable(step, table, ending);
      return undefined;
  }
}

/**
 * Drops before the record says so, since nobody looks for the tables afterwards; and once more, since an execution that is
 * still at work may have made one meanwhile, and stops when it sees the record.
 */
async function abandonTable(step: DatabaseStep, planned: PlannedRestore, ending: Ending): Promise<void> {
  const { catalog, run, database } = step;
  const { state, error } = ending;
  const temporary = temporaryNames(planned);
  const left: readonly Leftover[] = await dropTemporaries(step, temporary);
  const restore = { runId: run.runId, database, table: planned.table };
  const reason = `${error.message}${leftoverText(database, left)}`;
  await updateRestore(catalog, restore, { status: state, after: "PLANNED", error: reason });
  const named = new Set(left.map((each) => each.table));
  await dropTemporaries(
    step,
    temporary.filter((name) => !named.has(name)),
  );
}

/** Only StarRocks' word counts: what a user may not see is not gone. */
async function isGone({ catalog, database }: DatabaseStep): Promise<boolean> {
  try {
    await readRestoreJob(catalog.session, database);
    return false;
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "unknown-database") return true;
    throw error;
  }
}

/** The database is gone, and with it all there was to find out. */
async function endTables(step: DatabaseStep, { state, error }: Ending): Promise<undefined> {
  const { catalog, run, database } = step;
  for (const record of await readRunRestores(catalog, run.runId)) {
    if (record.database !== database || (record.status !== "PLANNED" && record.status !== "READY")) continue;
    await updateRestore(catalog, record, { status: state, error: error.message });
  }
  return await releaseSlot(step);
}

async function releaseSlot({ catalog, run, database }: DatabaseStep): Promise<undefined> {
  const slots = [...(await readSlots(catalog, [slotScope(database)])).values()];
  await releaseSlots(
    catalog,
    slots.filter((slot) => !slot.released && slot.runId === run.runId),
  );
  return undefined;
}
