import { withOwnNames } from "../../planning/restore/own-names.ts";
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

/** The databases of a restore run, in the order of its plan; the names of its tables are those that they have by right. */
export function databasesOf(step: RestoreStep): readonly DatabaseStep[] {
  const mark = runMark(step.run.runId);
  const run = { ...step.run, plan: withOwnNames(step.run.plan, mark) };
  const databases = new Set(run.plan.tables.map((table) => table.database));
  return [...databases].map((database) => ({ ...step, run, database, mark }));
}

export function ofTable(step: DatabaseStep, planned: PlannedRestore): TableStep {
  return { ...step, table: planned.table, planned };
}
