import { readRestore, updateRestore } from "../../catalog/restores.ts";
import { isNewerThan } from "../../planning/restore/own-names.ts";
import { type PhysicalPartition, readRealPartitions } from "../../starrocks/observe/partitions.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import type { Ending } from "../step/ending.ts";
import type { TableStep } from "./restore-step.ts";
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
): Promise<undefined> {
  const { catalog, run, database, table, planned, progress } = step;
  const { replaces } = planned;
  const keptAs = replaces !== undefined && present.has(replaces.keptAs) ? replaces.keptAs : undefined;
  const isLive = present.has(table) && (keptAs !== undefined || (await isRestored(step)));
  if (!isLive) {
    return await fail(step, ending?.error.message ?? "the restored table has disappeared", ending?.state);
  }
  const restore = { runId: run.runId, database, table };
  const notices = await resumeSchedule(step, await readRestore(catalog, restore));
  const finished = { status: "FINISHED", after: "READY", replacedKeptAs: keptAs, notices } as const;
  await updateRestore(catalog, restore, finished);
  progress.say(
    `${database}.${table}: live${keptAs === undefined ? "" : `; the replaced table is kept as ${keptAs}`}`,
  );
  return undefined;
}

/** Ends the table's restore, if it is still to be published; what is there stays as it is. */
export async function fail(
  { catalog, run, database, table }: TableStep,
  error: string,
  status: Ending["state"] = "FAILED",
): Promise<undefined> {
  await updateRestore(catalog, { runId: run.runId, database, table }, { status, after: "READY", error });
  return undefined;
}

/** Whether what is live under the table's name is what the run has restored. */
export async function isRestored(step: TableStep): Promise<boolean> {
  const { catalog, database, table } = step;
  return await isRestoredTable(step, table, await readRealPartitions(catalog.session, database, table));
}

/** Ids of the partitions that the run has restored. */
async function readRestoredIds({ catalog, run, database, table }: TableStep): Promise<ReadonlySet<string>> {
  return new Set((await readRestore(catalog, { runId: run.runId, database, table }))?.restoredIds);
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
  if (!haveCommon(partitions, await readRestoredIds(step))) return false;
  const { catalog, run, database } = step;
  const id = (await readTableIds(catalog.session, database, [name])).get(name);
  return id !== undefined && isNewerThan(run.plan, id);
}

/** One id is enough: it is never used again, while dynamic partitioning adds and drops others at any time. */
function haveCommon(partitions: readonly PhysicalPartition[], ids: ReadonlySet<string>): boolean {
  return partitions.some((partition) => ids.has(partition.id));
}
