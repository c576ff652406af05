import type { PlannedRestore, RestorePlan } from "../../planning/restore/restore-plan.ts";
import { runMark } from "../step/run-id.ts";
import type { RunStep } from "../step/step.ts";

/** A step that works for a restore run. */
export type RestoreStep = RunStep<RestorePlan>;

/** One database of a restore run. */
export interface DatabaseStep extends RestoreStep {
  readonly database: string;
  /** What the names of the run's tables carry. */
  readonly mark: string;
}

/** One table of a restore run. */
export interface TableStep extends DatabaseStep {
  readonly table: string;
  readonly planned: PlannedRestore;
}

/** The databases of a restore run, in the order of its plan. */
export function databasesOf(step: RestoreStep): readonly DatabaseStep[] {
  const { run } = step;
  const mark = runMark(run.runId);
  const databases = new Set(run.plan.tables.map((table) => table.database));
  return [...databases].map((database) => ({ ...step, database, mark }));
}

export function ofTable(step: DatabaseStep, planned: PlannedRestore): TableStep {
  return { ...step, table: planned.table, planned };
}
