import type { RestoreRecord } from "../../catalog/restores.ts";
import { closeOpenRun, type RunState } from "../../catalog/runs.ts";
import type { ErrorText } from "../../errors.ts";
import { outcomesText, type TableOutcome, tableOutcome } from "../../planning/restore/table-outcome.ts";
import { sentence } from "../../sentence.ts";
import type { Ending } from "../step/ending.ts";
import type { RestoreStep } from "./restore-step.ts";

/**
 * Everything is final: the run is what its tables are, unless it was cancelled meanwhile.
 *
 * @param records of its tables
 * @param ending of a run that is given up; undefined: it was carried on
 * @returns how it is over
 */
export async function closeRun(
  { catalog, run }: RestoreStep,
  records: readonly RestoreRecord[],
  ending: Ending | undefined,
): Promise<RunState> {
  const { runId, plan } = run;
  const finished = records.filter((record) => record.status === "FINISHED");
  if (finished.length === plan.tables.length)
    return await closeOpenRun(catalog, runId, { state: "FINISHED" });
  const outcomes = records.map((record) => tableOutcome(record, ending?.error.message));
  return await closeOpenRun(catalog, runId, {
    state: ending?.state ?? "FAILED",
    error: errorOf(outcomes, ending),
  });
}

/** Why a restore is given up that was to make all of its tables live or none; what became of each follows. */
export const broken: ErrorText = {
  code: "RESTORE_FAILED",
  message: "Not every table could be restored, and all were to be or none (all_or_nothing).",
  next: "Correct what is named and plan the restore again; or leave those tables out, or let each stand for itself (all_or_nothing).",
};

/** What the run ended with, and of each table what became of it. */
function errorOf(outcomes: readonly TableOutcome[], ending: Ending | undefined): ErrorText {
  if (ending === undefined) {
    return {
      code: "RESTORE_FAILED",
      message: outcomesText(outcomes),
      next: "Correct what is named and plan the restore of those tables again.",
    };
  }
  const { code, message, next } = ending.error;
  // All share its end: there is nothing to say of each.
  if (outcomes.every((each) => each.outcome === "untouched")) return { code, message, next };
  return { code, message: `${sentence(message)} ${outcomesText(outcomes)}`, next };
}
