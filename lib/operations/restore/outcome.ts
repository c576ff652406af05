import { updateRestore } from "../../catalog/restores.ts";
import { isNewerThan } from "../../planning/restore/own-names.ts";
import { type PhysicalPartition, readRealPartitions } from "../../starrocks/observe/partitions.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import type { Ending } from "../step/ending.ts";
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
  const { database, table, planned, progress } = step;
  const { replaces } = planned;
  const keptAs = replaces !== undefined && present.has(replaces.keptAs) ? replaces.keptAs : undefined;
  const isLive = present.has(table) && (keptAs !== undefined || (await isRestored(step)));
  if (!isLive) {
    return await fail(step, ending?.error.message ?? "the restored table has disappeared", ending?.state);
  }
  const notices = await resumeSchedule(step);
  const acted = await recordFinished({ ...step, present }, keptAs, notices);
  progress.say(
    `${database}.${table}: live${keptAs === undefined ? "" : `; the replaced table is kept as ${keptAs}`}`,
  );
  return acted;
}

/** Records a table as live, unless somebody has got further with it. */
export async function recordFinished(
  { catalog, run, database, table, record, present }: TableStep,
  replacedKeptAs: string | undefined,
  notices: readonly string[],
): Promise<Acted> {
  const finished = { status: "FINISHED", after: "READY", replacedKeptAs, notices } as const;
  const recorded = await updateRestore(catalog, { runId: run.runId, database, table }, finished);
  if (!recorded || record === undefined) return lookAgain;
  const now = { ...record, status: finished.status, replacedKeptAs, notices: [...notices] };
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
  return await isRestoredTable(step, table, await readRealPartitions(catalog.session, database, table));
}

/**
 * Whether a table is what the run has restored: by the ids of its partitions, which the catalog says, and by its own, which
 * nothing can have that was there when the plan was made.
 */
export async function isRestoredTable(
  step: TableStep,
  name: string,
  partitions: readonly PhysicalPartition[],
): Promise<boolean> {
  const { catalog, run, database, record } = step;
  if (!haveCommon(partitions, new Set(record?.restoredIds))) return false;
  const id = (await readTableIds(catalog.session, database, [name])).get(name);
  return id !== undefined && isNewerThan(run.plan, id);
}

/** One id is enough: it is never used again, while dynamic partitioning adds and drops others at any time. */
function haveCommon(partitions: readonly PhysicalPartition[], ids: ReadonlySet<string>): boolean {
  return partitions.some((partition) => ids.has(partition.id));
}
