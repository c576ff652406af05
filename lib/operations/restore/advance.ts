import type { Catalog } from "../../catalog/catalog.ts";
import { readRunRestores } from "../../catalog/restores.ts";
import { isOver, type Run, readRun, updateRun } from "../../catalog/runs.ts";
import { beatSlots, releaseSlots, type Slot, slotScope, takeSlot } from "../../catalog/slots.ts";
import { BackupError } from "../../errors.ts";
import { decideRestore, type RestoreAction } from "../../planning/restore/decision.ts";
import type { RestorePlan } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { sentence } from "../../sentence.ts";
import { databaseExists } from "../../starrocks/observe/names.ts";
import { name } from "../../starrocks/quote.ts";
import type { Progress } from "../step/progress.ts";
import type { Patience, Pursuit } from "../step/pursuit.ts";
import { assembleTable } from "./assemble.ts";
import { dropTemporary, failTables } from "./fail.ts";
import { giveUpDatabase } from "./give-up.ts";
import { observeDatabase } from "./observe.ts";
import { publishTable } from "./publish.ts";
import { recordTables } from "./record-tables.ts";
import { type WatchedObservation, watchRestore } from "./stall.ts";
import { submitRestore } from "./submit.ts";

/** Brings every database of a restore run as far as it goes without waiting; says what is waited for. */
export async function advanceRestore(
  catalog: Catalog,
  run: Run,
  pursuit: Pursuit,
  progress: Progress,
): Promise<readonly Wait[]> {
  if (run.state === "PLANNED" && pursuit.kind === "carry-on") throw notApproved(run.runId);
  const plan = JSON.parse(run.plan) as RestorePlan;
  if (pursuit.kind === "give-up") await recordTables(catalog, run.runId, plan);
  const waitingFor: Wait[] = [];
  for (const database of new Set(plan.tables.map((table) => table.database))) {
    const wait =
      pursuit.kind === "carry-on"
        ? await advanceDatabase(catalog, run.runId, plan, database, pursuit.patience, progress)
        : await giveUpDatabase({ catalog, runId: run.runId, plan, database }, pursuit.ending, progress);
    if (wait !== undefined) waitingFor.push(wait);
  }
  if (waitingFor.length === 0) await closeRun(catalog, run.runId, plan, pursuit);
  return waitingFor;
}

/** Repeats observe, decide, act for one database. Returns what it waits for, or undefined when it is done. */
async function advanceDatabase(
  catalog: Catalog,
  runId: string,
  plan: RestorePlan,
  database: string,
  patience: Patience,
  progress: Progress,
): Promise<Wait | undefined> {
  if (!(await databaseExists(catalog.session, database))) await createDatabase(catalog, database);
  for (;;) {
    const { observation, slot } = await observeDatabase({ catalog, runId, plan, database });
    if (slot !== undefined && observation.slot.kind === "ours") await beatSlots(catalog, [slot]);
    const action = decideRestore(observation);
    if (action.kind === "done") {
      if (slot !== undefined && observation.slot.kind === "ours") await releaseSlots(catalog, [slot]);
      return undefined;
    }
    if (action.kind === "wait")
      return await watchRestore(catalog, runId, observation, action, patience, progress);
    const blocked = await act(catalog, runId, plan, observation, slot, action, progress);
    if (blocked !== undefined) return blocked;
  }
}

type Act = Exclude<RestoreAction, { readonly kind: "done" | "wait" }>;

/** Carries one decision out. Returns what to wait for when it could not be carried out now. */
async function act(
  catalog: Catalog,
  runId: string,
  plan: RestorePlan,
  seen: WatchedObservation,
  slot: Slot | undefined,
  action: Act,
  progress: Progress,
): Promise<Wait | undefined> {
  switch (action.kind) {
    case "take-slot":
      if (await takeSlot(catalog, slotScope(seen.database), runId, slot)) return undefined;
      return waitFor(`another run is taking the slot of ${seen.database}`);
    case "submit":
      return await submitRestore(catalog, runId, plan, seen, action, progress);
    case "assemble":
      return await assembleTable(catalog, runId, action.table, progress);
    case "publish":
      return await publishTable(catalog, runId, action.table, progress);
    case "sweep":
      for (const table of action.names) await dropTemporary(catalog, runId, seen.database, table);
      return undefined;
    case "fail":
      await failTables(catalog, runId, seen, action.error, progress);
      return undefined;
  }
}

async function createDatabase(catalog: Catalog, database: string): Promise<void> {
  await catalog.session.execute(
    `CREATE DATABASE IF NOT EXISTS ${name(database)}`,
    `create database ${database}`,
  );
}

async function closeRun(catalog: Catalog, runId: string, plan: RestorePlan, pursuit: Pursuit): Promise<void> {
  // It may have been cancelled meanwhile.
  if (isOver(await readRun(catalog, runId))) return;
  const records = await readRunRestores(catalog, runId);
  const finished = records.filter((record) => record.status === "FINISHED");
  if (finished.length === plan.tables.length) return await updateRun(catalog, runId, { state: "FINISHED" });
  if (pursuit.kind === "give-up" && finished.length === 0)
    return await updateRun(catalog, runId, pursuit.ending);
  const failed = records.filter((record) => record.status !== "FINISHED");
  await updateRun(catalog, runId, {
    state: pursuit.kind === "give-up" ? pursuit.ending.state : "FAILED",
    error: {
      code: pursuit.kind === "give-up" ? pursuit.ending.error.code : "RESTORE_FAILED",
      message: failed
        .map((each) =>
          sentence(`${each.database}.${each.table} was not restored: ${each.error ?? each.status}`),
        )
        .join(" "),
      next: "Live tables are only replaced at the very end. Correct what is named and plan the restore again.",
    },
  });
}

function notApproved(runId: string): BackupError {
  return new BackupError({
    code: "NOT_APPROVED",
    message: `Restore run ${runId} has not been approved.`,
    next: "Run the restore script with its plan_hash and approved set.",
  });
}
