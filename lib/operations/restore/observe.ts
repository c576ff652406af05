import type { RestoreRecord } from "../../catalog/restores.ts";
import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { type Slot, slotScope } from "../../catalog/slots.ts";
import {
  type RestoreObservation,
  type TableStage,
  type Together,
  togetherOf,
} from "../../planning/restore/decision.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { type Job, readBackupJob, readRestoreJob } from "../../starrocks/observe/jobs.ts";
import { type RunTables, readRunTables } from "../../starrocks/observe/run-tables.ts";
import { slotView } from "../step/slot-view.ts";
import { isPartOf, scheduledAmong } from "./hold.ts";
import type { Acted, DatabaseStep, RestoreStep, TableStep } from "./restore-step.ts";
import { type Submissions, submissionsOf, type WatchedSubmission } from "./submissions.ts";

/** What is true of one database, its last submission with how far that was seen to be. */
export interface WatchedObservation extends RestoreObservation {
  readonly submission: WatchedSubmission | undefined;
}

/** What was seen of one database of a restore run, by where it was looked. */
export interface SeenDatabase {
  readonly view: RunView;
  readonly tables: RunTables;
  readonly restoreJob: Job | undefined;
  /** Looked at only where something is about to be begun. */
  readonly backupJob: { readonly job: Job | undefined } | undefined;
}

/** Looks at one database of a restore run. */
export async function observeDatabase(step: DatabaseStep, view: RunView): Promise<SeenDatabase> {
  const { session } = step.catalog;
  return {
    view,
    restoreJob: await readRestoreJob(session, step.database),
    tables: await readTablesOf(step),
    backupJob: undefined,
  };
}

/** Looks again where an act may have changed something: jobs begin by submissions only. */
export async function observeAgain(step: DatabaseStep, seen: SeenDatabase): Promise<SeenDatabase> {
  return { ...seen, view: await readRunView(step.catalog, step.run.runId), tables: await readTablesOf(step) };
}

/** Looks at the tables again. */
export async function observeTables(step: DatabaseStep, seen: SeenDatabase): Promise<SeenDatabase> {
  return { ...seen, tables: await readTablesOf(step) };
}

/** Looks at the database's backup job as well. */
export async function observeBackup(step: DatabaseStep, seen: SeenDatabase): Promise<SeenDatabase> {
  return { ...seen, backupJob: { job: await readBackupJob(step.catalog.session, step.database) } };
}

/** What is known after an act that says itself what it has changed. */
export function withRecord(
  seen: SeenDatabase,
  { record, present }: Extract<Acted, { readonly kind: "recorded" }>,
): SeenDatabase {
  const { view, tables } = seen;
  const isIt = (each: RestoreRecord) => each.database === record.database && each.table === record.table;
  return {
    ...seen,
    view: { ...view, restores: view.restores.map((each) => (isIt(each) ? record : each)) },
    tables: { ...tables, present },
  };
}

/** What is true of one database, as {@link decideRestore} takes it. */
export function observationOf(
  { run, database }: DatabaseStep,
  { view, tables, restoreJob, backupJob }: SeenDatabase,
): WatchedObservation {
  const planned = run.plan.tables.filter((table) => table.database === database);
  return {
    database,
    slot: slotView(slotOf(database, view), run.runId),
    tables: planned.map((table) => ({ planned: table, stage: stage(recordOf(view, table)) })),
    present: tables.present,
    restoreJob,
    backupJob: backupJob?.job,
    submission: submissionsIn(view)[database],
    together: seenTogether(run, view),
    // The table that an attempt at publishing has renamed may be the replaced one: its schedule is its own affair.
    scheduled: scheduledAmong(tables.properties, (each) => planned.some((of) => isPartOf(of, each))),
  };
}

/** How far all tables of a restore are that makes all live or none; undefined of another. */
export function seenTogether({ plan }: RestoreStep["run"], view: RunView): Together | undefined {
  if (plan.allOrNothing !== true) return undefined;
  return togetherOf(plan.tables.map((planned) => stage(recordOf(view, planned))));
}

export function slotOf(database: string, { slots }: RunView): Slot | undefined {
  return slots.get(slotScope(database));
}

/** The last submission of each database, as the run's row says. */
export function submissionsIn({ run }: RunView): Submissions {
  return submissionsOf(run);
}

/** One table of a database, as it was seen. */
export function ofTable(step: DatabaseStep, planned: PlannedRestore, seen: SeenDatabase): TableStep {
  const { table } = planned;
  return { ...step, table, planned, record: recordOf(seen.view, planned), present: seen.tables.present };
}

function recordOf({ restores }: RunView, { database, table }: PlannedRestore): RestoreRecord | undefined {
  return restores.find((each) => each.database === database && each.table === table);
}

async function readTablesOf({ catalog, run, database, mark }: DatabaseStep): Promise<RunTables> {
  const targets = run.plan.tables.filter((each) => each.database === database).map((each) => each.table);
  return await readRunTables(catalog.session, { database, targets, mark });
}

function stage(record: RestoreRecord | undefined): TableStage {
  switch (record?.status) {
    case "FINISHED":
      return "live";
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
