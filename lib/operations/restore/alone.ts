import { readRestore } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import { failTables } from "./fail.ts";
import { type Acted, lookAgain, type TableStep } from "./restore-step.ts";
import { withdrawOrLeave } from "./withdraw.ts";

/**
 * Works on one table. What that fails with, and running it again would not mend, ends this table's restore: the others of the
 * run go on.
 */
export async function alone(step: TableStep, work: (step: TableStep) => Promise<Acted>): Promise<Acted> {
  try {
    return await work(step);
  } catch (error) {
    if (!(error instanceof BackupError) || error.retriable) throw error;
    return await endTable(step, error);
  }
}

async function endTable(step: TableStep, error: BackupError): Promise<Acted> {
  const { catalog, run, database, table, planned, progress } = step;
  const record = await readRestore(catalog, { runId: run.runId, database, table });
  const reason = `${error.message} ${error.next}`;
  if (record?.status !== "READY") {
    await failTables(step, [planned], reason);
    return lookAgain;
  }
  const { code, next } = error;
  progress.say(`${database}.${table}: FAILED: ${reason}`);
  return await withdrawOrLeave(step, { state: "FAILED", error: { code, message: reason, next } });
}
