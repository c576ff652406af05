import { type RestoreRecord, readRunRestores } from "../../catalog/restores.ts";
import { isOver, readRunState, updateRun } from "../../catalog/runs.ts";
import { sentence } from "../../sentence.ts";
import type { Ending } from "../step/ending.ts";
import type { RestoreStep } from "./restore-step.ts";

/**
 * Everything is final: the run is what its tables are.
 *
 * @param ending of a run that is given up; undefined: it was carried on
 */
export async function closeRun({ catalog, run }: RestoreStep, ending: Ending | undefined): Promise<void> {
  const { runId, plan } = run;
  // It may have been cancelled meanwhile.
  const state = await readRunState(catalog, runId);
  if (state !== undefined && isOver({ state })) return;
  const records = await readRunRestores(catalog, runId);
  const finished = records.filter((record) => record.status === "FINISHED");
  if (finished.length === plan.tables.length) return await updateRun(catalog, runId, { state: "FINISHED" });
  if (ending !== undefined && finished.length === 0) return await updateRun(catalog, runId, ending);
  const failed = records.filter((record) => record.status !== "FINISHED");
  await updateRun(catalog, runId, {
    state: ending?.state ?? "FAILED",
    error: {
      code: ending?.error.code ?? "RESTORE_FAILED",
      message: failed.map(failure).join(" "),
      next: "Live tables are only replaced at the very end. Correct what is named and plan the restore again.",
    },
  });
}

function failure({ database, table, error, status }: RestoreRecord): string {
  return sentence(`${database}.${table} was not restored: ${error ?? status}`);
}
