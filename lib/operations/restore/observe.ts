import type { Catalog } from "../../catalog/catalog.ts";
import { type RestoreRecord, readRunRestores } from "../../catalog/restores.ts";
import { readSlots, type Slot, slotScope } from "../../catalog/slots.ts";
import type { TableStage } from "../../planning/restore/decision.ts";
import type { RestorePlan } from "../../planning/restore/restore-plan.ts";
import { readBackupJob, readRestoreJob } from "../../starrocks/observe/jobs.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import { runMark } from "../step/run-id.ts";
import { slotView } from "../step/slot-view.ts";
import type { WatchedObservation } from "./stall.ts";
import { readSubmissions } from "./submissions.ts";

/** One database of a restore run. */
export interface RestoringDatabase {
  readonly catalog: Catalog;
  readonly runId: string;
  readonly plan: RestorePlan;
  readonly database: string;
}

/** What is true of one database of a restore run right now. */
export async function observeDatabase({ catalog, runId, plan, database }: RestoringDatabase): Promise<{
  readonly observation: WatchedObservation;
  readonly slot: Slot | undefined;
}> {
  const { session } = catalog;
  const scope = slotScope(database);
  const slot = (await readSlots(catalog, [scope])).get(scope);
  const planned = plan.tables.filter((table) => table.database === database);
  const records = await readRunRestores(catalog, runId);
  const observation: WatchedObservation = {
    database,
    slot: slotView(slot, runId),
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
