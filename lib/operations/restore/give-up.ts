import { readRunRestores, updateRestore } from "../../catalog/restores.ts";
import { readSlots, releaseSlots, slotScope } from "../../catalog/slots.ts";
import { decideGivenUp } from "../../planning/restore/decision.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readRestoreJob } from "../../starrocks/observe/jobs.ts";
import type { Progress } from "../step/progress.ts";
import type { Ending } from "../step/pursuit.ts";
import { dropTemporary } from "./fail.ts";
import { observeDatabase, type RestoringDatabase } from "./observe.ts";
import { withdrawTable } from "./publish.ts";

/**
 * Ends the tables of one database without beginning anything new: what became live is recorded as finished, everything
 * else gets the ending and its temporary tables are dropped.
 *
 * @returns what StarRocks still works on
 */
export async function giveUpDatabase(
  restoring: RestoringDatabase,
  ending: Ending,
  progress: Progress,
): Promise<Wait | undefined> {
  const { catalog, runId, database } = restoring;
  if (await isGone(restoring)) return await endTables(restoring, ending);
  let givenUp = false;
  for (;;) {
    const { observation } = await observeDatabase(restoring);
    const action = decideGivenUp(observation);
    switch (action.kind) {
      case "done":
        await releaseSlot(restoring);
        return undefined;
      case "wait":
        return action;
      case "sweep":
        for (const table of action.names) await dropTemporary(catalog, runId, database, table);
        break;
      case "withdraw": {
        const blocked = await withdrawTable(catalog, runId, action.table, { ending, progress });
        if (blocked !== undefined) return blocked;
        break;
      }
      case "give-up":
        // Rows that were written a moment ago may not be visible yet; then nothing was recorded.
        if (givenUp) return waitFor(`${database}: the records of run ${runId} are not visible yet`);
        for (const table of action.tables) await giveUpTable(restoring, table, ending);
        givenUp = true;
    }
  }
}

/**
 * Drops before the record says so, since nobody looks for the tables afterwards; and once more, since an execution that is
 * still at work may have made one meanwhile, and stops when it sees the record.
 */
async function giveUpTable(
  { catalog, runId, database }: RestoringDatabase,
  { table, parts, assembledAs }: PlannedRestore,
  { state, error }: Ending,
): Promise<void> {
  const temporary = new Set([...parts.map((part) => part.as), assembledAs]);
  for (const name of temporary) await dropTemporary(catalog, runId, database, name);
  const change = { status: state, after: "PLANNED", error: error.message } as const;
  await updateRestore(catalog, { runId, database, table }, change);
  for (const name of temporary) await dropTemporary(catalog, runId, database, name);
}

/** Only StarRocks' word counts: what a user may not see is not gone. */
async function isGone({ catalog, database }: RestoringDatabase): Promise<boolean> {
  try {
    await readRestoreJob(catalog.session, database);
    return false;
  } catch (error) {
    if (error instanceof StarRocksFault && error.kind === "unknown-database") return true;
    throw error;
  }
}

/** The database is gone, and with it all there was to find out. */
async function endTables(restoring: RestoringDatabase, { state, error }: Ending): Promise<undefined> {
  const { catalog, runId, database } = restoring;
  for (const record of await readRunRestores(catalog, runId)) {
    if (record.database !== database || (record.status !== "PLANNED" && record.status !== "READY")) continue;
    await updateRestore(catalog, record, { status: state, error: error.message });
  }
  await releaseSlot(restoring);
  return undefined;
}

async function releaseSlot({ catalog, runId, database }: RestoringDatabase): Promise<void> {
  const slots = [...(await readSlots(catalog, [slotScope(database)])).values()];
  await releaseSlots(
    catalog,
    slots.filter((slot) => !slot.released && slot.runId === runId),
  );
}
