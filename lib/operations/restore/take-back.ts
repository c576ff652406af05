import { recordNotices, updateRestore } from "../../catalog/restores.ts";
import { isOver, readRun } from "../../catalog/runs.ts";
import { sentence } from "../../sentence.ts";
import type { Ending } from "../step/ending.ts";
import { dropById } from "./drop-by-id.ts";
import { type Acted, lookAgain, type TableStep } from "./restore-step.ts";
import { swapBack } from "./swap-back.ts";

/**
 * Takes a table back that is live, of a restore that was to make all of its tables live or none: what it has replaced is
 * live again, and what was restored is dropped. What cannot be taken back stays live, and is named. May be killed anywhere,
 * repeated, and run twice at once.
 */
export async function takeBackTable(step: TableStep, ending: Ending): Promise<Acted> {
  const { catalog, run, database, table, record, progress } = step;
  const { restoredTableId: liveId, keptTableId: keptId, replacedKeptAs: keptAs } = record ?? {};
  if (liveId === undefined) return await stays(step, "its id was not recorded");
  if (keptAs !== undefined && keptId === undefined)
    return await stays(step, `the id of ${keptAs} was not recorded`);
  if (keptAs !== undefined && keptId !== undefined) {
    const isWanted = async () => !isOver(await readRun(catalog, run.runId));
    const undone = await swapBack({ ...step, isWanted }, { database, table, keptAs, liveId, keptId }, true);
    if (undone.kind === "wait") return undone;
    if (undone.kind === "failed") return await stays(step, undone.reason);
  }
  const sought = { name: keptAs ?? table, id: liveId };
  const left = await dropById(step, { database, table }, sought);
  const of = left === undefined ? "" : ` What was restored of it is left in ${database} (${left}).`;
  const error = `It was live and was taken back, since not every table could be restored.${of}`;
  await updateRestore(catalog, record ?? { runId: run.runId, database, table }, {
    status: ending.state,
    after: "FINISHED",
    error: sentence(error),
  });
  progress.say(`${database}.${table}: taken back`);
  return lookAgain;
}

async function stays(
  { catalog, record, database, table, progress }: TableStep,
  reason: string,
): Promise<Acted> {
  const notice = `it stays live though not every table could be restored: ${reason}`;
  progress.say(`${database}.${table}: ${notice}`);
  if (record !== undefined && !record.notices.includes(notice))
    await recordNotices(catalog, record, [...record.notices, notice]);
  return lookAgain;
}
