import { releaseSlots } from "../../catalog/slots.ts";
import { BackupError } from "../../errors.ts";
import { decideRestore } from "../../planning/restore/decision.ts";
import type { Wait } from "../../planning/wait.ts";
import { databaseExists } from "../../starrocks/observe/names.ts";
import { createDatabaseStatement } from "../../starrocks/statements/database.ts";
import { actOnRestore } from "./act.ts";
import { closeRun } from "./close.ts";
import { observeDatabase } from "./observe.ts";
import { checkBackupsGiven, type DatabaseStep, databasesOf, type RestoreStep } from "./restore-step.ts";
import { watchRestore } from "./watch.ts";

/** Brings every database of a restore run as far as it goes without waiting; says what is waited for. */
export async function advanceRestore(step: RestoreStep): Promise<readonly Wait[]> {
  if (step.run.state === "PLANNED") throw notApproved(step.run.runId);
  checkBackupsGiven(step);
  const waitingFor: Wait[] = [];
  for (const database of databasesOf(step)) {
    const wait = await advanceDatabase(database);
    if (wait !== undefined) waitingFor.push(wait);
  }
  if (waitingFor.length === 0) await closeRun(step, undefined);
  return waitingFor;
}

/** Repeats observe, decide, act for one database. Returns what it waits for, or undefined when it is done. */
async function advanceDatabase(step: DatabaseStep): Promise<Wait | undefined> {
  await createMissingDatabase(step);
  for (;;) {
    const { observation, slot } = await observeDatabase(step);
    const action = decideRestore(observation);
    if (action.kind === "done") {
      if (slot !== undefined && observation.slot.kind === "ours") await releaseSlots(step.catalog, [slot]);
      return undefined;
    }
    if (action.kind === "wait") return await watchRestore(step, observation, action);
    const blocked = await actOnRestore(step, { observation, slot }, action);
    if (blocked !== undefined) return blocked;
  }
}

async function createMissingDatabase({ catalog, database }: DatabaseStep): Promise<void> {
  if (await databaseExists(catalog.session, database)) return;
  await catalog.session.execute(createDatabaseStatement(database), `create database ${database}`);
}

function notApproved(runId: string): BackupError {
  return new BackupError({
    code: "NOT_APPROVED",
    message: `Restore run ${runId} has not been approved.`,
    next: "Run the restore script with its plan_hash and approved set.",
  });
}
