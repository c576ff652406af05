import { type RestoreRecord, readRunRestores } from "../../catalog/restores.ts";
import { readSlots, type Slot, slotScope } from "../../catalog/slots.ts";
import type { RestoreObservation, TableStage } from "../../planning/restore/decision.ts";
import { readBackupJob, readRestoreJob } from "../../starrocks/observe/jobs.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import { slotView } from "../step/slot-view.ts";
import { isPartOf, readScheduled } from "./hold.ts";
import type { DatabaseStep } from "./restore-step.ts";
import { readSubmissions, type WatchedSubmission } from "./submissions.ts";

/** What is true of one database, its last submission with how far that was seen to be. */
export interface WatchedObservation extends RestoreObservation {
  readonly submission: WatchedSubmission | undefined;
}

/** What is true of one database, and its slot as it was seen. */
export interface SeenDatabase {
  readonly observation: WatchedObservation;
  readonly slot: Slot | undefined;
}

/** What is true of one database of a restore run right now. */
export async function observeDatabase({ catalog, run, database, mark }: DatabaseStep): Promise<SeenDatabase> {
  const { session } = catalog;
  const { runId, plan } = run;
  const scope = slotScope(database);
  const slot = (await readSlots(catalog, [scope])).get(scope);
  const planned = plan.tables.filter((table) => table.database === database);
  const names = planned.map((table) => table.table);
  const records = await readRunRestores(catalog, runId);
  const present = await readTableNames(session, database, names, mark);
  const observation: WatchedObservation = {
    database,
    slot: slotView(slot, runId),
    tables: planned.map((table) => ({
      planned: table,
      stage: stage(records.find((record) => record.database === database && record.table === table.table)),
    })),
    present,
    restoreJob: await readRestoreJob(session, database),
    backupJob: await readBackupJob(session, database),
    submission: (await readSubmissions(catalog, runId))[database],
    scheduled: await readScheduled(
      session,
      database,
      // The table that an attempt at publishing has renamed may be the replaced one: its schedule is its own affair.
      [...present].filter((each) => planned.some((of) => isPartOf(of, each))),
    ),
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
