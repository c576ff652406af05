import { finishedColumns, type KeptTable, updateRestore } from "../../catalog/restores.ts";
import type { Affected } from "../../catalog/tables/restore-history.ts";
import { isNewerThan } from "../../planning/restore/own-names.ts";
import { readStanding, type Standing } from "../../starrocks/observe/standing.ts";
import type { Ending } from "../step/ending.ts";
import { settleAround } from "./aftermath.ts";
import { keptUntil } from "./keep.ts";
import { type Acted, lookAgain, type TableStep } from "./restore-step.ts";
import { resumeSchedule } from "./resume.ts";

/**
 * Nothing private is left: the table is live, unless somebody has taken it away.
 *
 * @param present names of the tables that belong to the run or are its target
 * @param ending what becomes of a table that is not live; undefined: it should be
 */
export async function finish(
  step: TableStep,
  present: ReadonlySet<string>,
  ending: Ending | undefined,
): Promise<Acted> {
  const { catalog, database, table, planned, progress } = step;
  const keptAs = planned.replaces?.keptAs;
  const isKept = keptAs !== undefined && present.has(keptAs);
  const standing = await readStanding(catalog.session, database, isKept ? [table, keptAs] : [table]);
  const live = standing.get(table);
  if (live === undefined || !(isKept || isRestoredTable(step, live))) {
    return await fail(step, ending?.error.message ?? "the restored table has disappeared", ending?.state);
  }
  const resumed = await resumeSchedule(step);
  const kept = isKept
    ? { name: keptAs, tableId: standing.get(keptAs)?.id, until: keptUntil(step) }
    : undefined;
  const affected = isKept ? await settleAround(step, keptAs) : [];
  const acted = await recordFinished(
    { ...step, present },
    {
      restoredTableId: live.id,
      kept,
      affected,
      notices: resumed,
    },
  );
  progress.say(
    `${database}.${table}: live${kept === undefined ? "" : `; the replaced table is kept as ${kept.name}`}`,
  );
  return acted;
}

/** What is to be recorded of a table that is live. */
export interface Finished {
  readonly restoredTableId: string | undefined;
  readonly kept: KeptTable | undefined;
  readonly affected: readonly Affected[];
  readonly notices: readonly string[];
}

/** Records a table as live, unless somebody has got further with it. */
export async function recordFinished(
  { catalog, run, database, table, record, present }: TableStep,
  { notices, ...facts }: Finished,
): Promise<Acted> {
  const finished = { status: "FINISHED", after: "READY", ...facts, notices } as const;
  const recorded = await updateRestore(catalog, { runId: run.runId, database, table }, finished);
  if (!recorded || record === undefined) return lookAgain;
  const now = { ...record, status: finished.status, ...finishedColumns(facts), notices: [...notices] };
  return { kind: "recorded", record: now, present };
}

/** Ends the table's restore, if it is still to be published; what is there stays as it is. */
export async function fail(
  { catalog, run, database, table }: TableStep,
  error: string,
  status: Ending["state"] = "FAILED",
): Promise<Acted> {
  await updateRestore(catalog, { runId: run.runId, database, table }, { status, after: "READY", error });
  return lookAgain;
}

/** Whether what is live under the table's name is what the run has restored. */
export async function isRestored(step: TableStep): Promise<boolean> {
  const { catalog, database, table } = step;
  const live = (await readStanding(catalog.session, database, [table])).get(table);
  return live !== undefined && isRestoredTable(step, live);
}

/**
 * Whether a table is what the run has restored: by the ids of its partitions, which the catalog says, and by its own, which
 * nothing can have that was there when the plan was made. One of the partitions is enough: an id is never used again, while
 * dynamic partitioning adds and drops others at any time.
 */
export function isRestoredTable({ run, record }: TableStep, { id, partitionIds }: Standing): boolean {
  const restored = new Set(record?.restoredIds);
  return isNewerThan(run.plan, id) && partitionIds.some((each) => restored.has(each));
}
