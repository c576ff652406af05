import type { Catalog } from "../../catalog/catalog.ts";
import type { RestoreRecord } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import { withOwnNames } from "../../planning/restore/own-names.ts";
import type { PlannedRestore, RestorePlan } from "../../planning/restore/restore-plan.ts";
import type { Wait } from "../../planning/wait.ts";
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
  /** Its row, as it was seen last; undefined while it cannot be seen. */
  readonly record: RestoreRecord | undefined;
  /** Names of the database's tables that belong to the run or are its targets, as they were seen last. */
  readonly present: ReadonlySet<string>;
}

/** What was done for a table: what is known of it now, where that is all there is to know. */
export type Acted =
  | Wait
  | { readonly kind: "recorded"; readonly record: RestoreRecord; readonly present: ReadonlySet<string> }
  /** What has become of it is to be looked up. */
  | { readonly kind: "look" };

export const lookAgain: Acted = { kind: "look" };

/** The databases of a restore run, in the order in which all runs take their slots; the names of its tables are those that they have by right. */
export function databasesOf(step: RestoreStep): readonly DatabaseStep[] {
  const mark = runMark(step.run.runId);
  const run = { ...step.run, plan: withOwnNames(step.run.plan, mark) };
  const databases = new Set(run.plan.tables.map((table) => table.database));
  return [...databases].sort().map((database) => ({ ...step, run, database, mark }));
}

/**
 * Makes sure that a step can look into the catalog of the backups.
 *
 * @throws {BackupError} `BACKUPS_ELSEWHERE` where that is another cluster's, and whoever calls has named one only
 */
export function checkBackupsGiven({ run, backups }: RestoreStep): void {
  const { clusters } = run.plan;
  if (clusters === undefined || backups !== undefined) return;
  throw new BackupError({
    code: "BACKUPS_ELSEWHERE",
    message: `Run ${run.runId} restores backups of the cluster ${clusters.backupsOf} into ${clusters.into}, and only one of the two is given.`,
    next: "Give the cluster of the backups as starrocks, and the one to restore into as into.",
  });
}

/** The catalog with the manifests of what a run restores. @throws {BackupError} `BACKUPS_ELSEWHERE` */
export async function backupsOf(step: RestoreStep): Promise<Catalog> {
  checkBackupsGiven(step);
  return step.run.plan.clusters === undefined ? step.catalog : ((await step.backups?.()) ?? step.catalog);
}
