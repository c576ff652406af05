import type { Catalog } from "../../catalog/catalog.ts";
import { type RestoreRecord, readRunRestores } from "../../catalog/restores.ts";
import { isOver, type Run, readRun, updateRun } from "../../catalog/runs.ts";
import {
  beatSlots,
  isHeld,
  readSlots,
  releaseSlots,
  type Slot,
  slotScope,
  takeSlot,
} from "../../catalog/slots.ts";
import { BackupError } from "../../errors.ts";
import { decideRestore, type RestoreAction, type TableStage } from "../../planning/restore/decision.ts";
import type { RestorePlan } from "../../planning/restore/plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { sentence } from "../../sentence.ts";
import { readBackupJob, readRestoreJob } from "../../starrocks/observe/jobs.ts";
import { databaseExists, readTableNames } from "../../starrocks/observe/names.ts";
import { name } from "../../starrocks/quote.ts";
import type { Patience } from "../backup/stall.ts";
import type { Progress } from "../progress.ts";
import { runMark } from "../run-id.ts";
import { assembleTable } from "./assemble.ts";
import { dropTemporary, failTables } from "./fail.ts";
import { publishTable } from "./publish.ts";
import { type WatchedObservation, watchRestore } from "./stall.ts";
import { readSubmissions } from "./submissions.ts";
import { submitRestore } from "./submit.ts";

/** Brings every database of a restore run as far as it goes without waiting; says what is waited for. */
export async function advanceRestore(
  catalog: Catalog,
  run: Run,
  patience: Patience,
  progress: Progress,
): Promise<readonly Wait[]> {
  if (run.state === "PLANNED") throw notApproved(run.runId);
  const plan = JSON.parse(run.plan) as RestorePlan;
  const waitingFor: Wait[] = [];
  for (const database of new Set(plan.tables.map((table) => table.database))) {
    const wait = await advanceDatabase(catalog, run.runId, plan, database, patience, progress);
    if (wait !== undefined) waitingFor.push(wait);
  }
  if (waitingFor.length === 0) await closeRun(catalog, run.runId, plan);
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
    const { observation, slot } = await observe(catalog, runId, plan, database);
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
      return await assembleTable(catalog, runId, action.table, slot, progress);
    case "publish":
      return await publishTable(catalog, runId, action.table, progress);
    case "sweep":
      for (const table of action.names) await dropTemporary(catalog, seen.database, table);
      return undefined;
    case "fail":
      await failTables(catalog, runId, seen, action.error, progress);
      return undefined;
  }
}

async function observe(
  catalog: Catalog,
  runId: string,
  plan: RestorePlan,
  database: string,
): Promise<{ readonly observation: WatchedObservation; readonly slot: Slot | undefined }> {
  const { session } = catalog;
  const scope = slotScope(database);
  const slot = (await readSlots(catalog, [scope])).get(scope);
  const held = slot !== undefined && isHeld(slot);
  if (held && slot.runId === runId) await beatSlots(catalog, [slot]);
  const planned = plan.tables.filter((table) => table.database === database);
  const records = await readRunRestores(catalog, runId);
  const observation: WatchedObservation = {
    database,
    slot: !held
      ? { kind: "free" }
      : slot.runId === runId
        ? { kind: "ours" }
        : { kind: "other", runId: slot.runId },
    tables: planned.map((table) => ({
      planned: table,
      stage: stage(records.find((record) => record.database === database && record.table === table.table)),
    })),
    present: await readTableNames(
      session,
      database,
      planned.map((table) => table.table),
      runMark(runId),
    ),
    restoreJob: await readRestoreJob(session, database),
    backupJob: await readBackupJob(session, database),
    submission: (await readSubmissions(catalog, runId))[database],
  };
  return { observation, slot };
}

function stage(record: RestoreRecord | undefined): TableStage {
  switch (record?.status) {
    case "FINISHED":
    case "FAILED":
    case "CANCELLED":
      return "over";
    case "READY":
      return "ready";
    case "PLANNED":
    case undefined:
      return "planned";
  }
}

async function createDatabase(catalog: Catalog, database: string): Promise<void> {
  await catalog.session.execute(
    `CREATE DATABASE IF NOT EXISTS ${name(database)}`,
    `create database ${database}`,
  );
}

async function closeRun(catalog: Catalog, runId: string, plan: RestorePlan): Promise<void> {
  // It may have been cancelled meanwhile.
  if (isOver(await readRun(catalog, runId))) return;
  const records = await readRunRestores(catalog, runId);
  const finished = records.filter((record) => record.status === "FINISHED");
  if (finished.length === plan.tables.length) return await updateRun(catalog, runId, { state: "FINISHED" });
  const failed = records.filter((record) => record.status !== "FINISHED");
  await updateRun(catalog, runId, {
    state: "FAILED",
    error: {
      code: "RESTORE_FAILED",
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
  return new BackupError(
    "NOT_APPROVED",
    `Restore run ${runId} has not been approved.`,
    "Run the restore script with its plan_hash and approved set.",
  );
}
