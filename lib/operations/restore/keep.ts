import { type RestoreRecord, recordDropped, recordNotices } from "../../catalog/restores.ts";
import { secondsLater } from "../../instants.ts";
import { tableKey } from "../../planning/live-table.ts";
import { sentence } from "../../sentence.ts";
import { readStanding } from "../../starrocks/observe/standing.ts";
import { runMark } from "../step/run-id.ts";
import { dropById } from "./drop-by-id.ts";
import type { RestoreStep, TableStep } from "./restore-step.ts";
import { nameOf } from "./whereabouts.ts";

/** Until when a table is kept that was replaced just now. */
export function keptUntil({ catalog, run }: TableStep): string | undefined {
  const { keepSeconds } = run.plan;
  return keepSeconds === undefined ? undefined : secondsLater(catalog.clock(), keepSeconds);
}

/**
 * Drops what was replaced where it is not to be kept: when everything is live, since until then it may be put back. What is
 * not for certain the replaced table is kept, and named. May be repeated.
 */
export async function dropReplaced(step: RestoreStep, records: readonly RestoreRecord[]): Promise<void> {
  if (step.run.plan.keepSeconds !== 0) return;
  for (const record of records) {
    if (record.status !== "FINISHED" || record.replacedKeptAs === undefined) continue;
    const reason = await dropOne(step, record, record.replacedKeptAs);
    if (reason === undefined) await recordDropped(step.catalog, record);
    else await nameKept(step, record, `${record.replacedKeptAs} was to be dropped and is kept: ${reason}`);
  }
}

/** @returns why it was not dropped, a sentence without its end; undefined: it was, or is gone */
async function dropOne(
  step: RestoreStep,
  record: RestoreRecord,
  keptAs: string,
): Promise<string | undefined> {
  const { catalog, run } = step;
  const { database, table, keptTableId: id, replacedIds } = record;
  if (id === undefined) return unseen;
  const name = await nameOf(catalog.session, runMark(run.runId), record, { name: keptAs, id });
  if (name === undefined) return undefined;
  const standing = await readStanding(catalog.session, database, [table, name]);
  const isLive = standing.get(table)?.id === record.restoredTableId;
  const holdsReplaced = standing.get(name)?.partitionIds.some((each) => replacedIds.includes(each));
  if (!isLive || holdsReplaced !== true) return unseen;
  return await dropById(step, record, { name: keptAs, id });
}

const unseen = "it was not to be seen any more that it is the table that was replaced";

async function nameKept(step: RestoreStep, record: RestoreRecord, notice: string): Promise<void> {
  step.progress.say(sentence(`${tableKey(record)}: ${notice}`));
  if (!record.notices.includes(notice))
    await recordNotices(step.catalog, record, [...record.notices, notice]);
}
