import { randomBytes } from "node:crypto";
import type { Catalog } from "../../catalog/catalog.ts";
import { readRestore, updateRestore } from "../../catalog/restores.ts";
import { publishName, publishPrefix } from "../../planning/restore/names.ts";
import type { PlannedRestore } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { withoutStop } from "../../sentence.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import type { PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import {
  dropExistingTableStatement,
  renameStatement,
  swapStatement,
} from "../../starrocks/statements/alter.ts";
import type { Progress } from "../step/progress.ts";
import type { Ending } from "../step/pursuit.ts";
import { runMark } from "../step/run-id.ts";
import { realPartitions } from "./contents.ts";
import { readIntruder } from "./live-targets.ts";

/**
 * Makes an assembled table live with one atomic statement, and keeps what was live under its keep name.
 *
 * A second SWAP would swap the restored table away again, and StarRocks has no lock that a paused worker would respect.
 * So each attempt first renames the table it wants to publish to a name of its own and then looks, by partition ids, at
 * what that name holds: the restored table (go on) or the replaced one (an earlier attempt has swapped). Whoever was
 * paused before its SWAP finds its own name gone. A table that holds neither is not touched.
 *
 * @returns what to wait for when another execution is publishing
 */
export async function publishTable(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  progress: Progress,
): Promise<Wait | undefined> {
  const { database, table } = planned;
  const present = await readTableNames(catalog.session, database, [table], runMark(runId));
  const own = await takeOver(catalog, runId, planned, present);
  if (own === undefined)
    return await finish(catalog, runId, planned, { present, progress, ending: undefined });
  return typeof own === "string" ? await carryOn(catalog, runId, planned, own, present.has(table)) : own;
}

/**
 * Finds out whether a table that was to be published has become live: then it is recorded so, and what it replaced gets its
 * keep name. Otherwise the restored table is dropped, and the record gets the ending. As in publishing, the table first gets
 * a name of this attempt's own, so that no paused worker can swap what is dropped here.
 *
 * @returns what to wait for when another execution is publishing
 */
export async function withdrawTable(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  { ending, progress }: { readonly ending: Ending; readonly progress: Progress },
): Promise<Wait | undefined> {
  const { database, table } = planned;
  const present = await readTableNames(catalog.session, database, [table], runMark(runId));
  const own = await takeOver(catalog, runId, planned, present);
  if (own === undefined) return await finish(catalog, runId, planned, { present, progress, ending });
  if (typeof own !== "string") return own;
  const restored = await readRestoredIds(catalog, runId, planned);
  if (!haveCommon(await realPartitions(catalog, database, own), restored))
    return await carryOn(catalog, runId, planned, own, present.has(table));
  // Another execution may have taken the name over since, and have published what is under it.
  const taken = await claimed(catalog, runId, planned, own, dropExistingTableStatement(database, own));
  return taken ?? (await fail(catalog, runId, planned, ending.error.message, ending.state));
}

/**
 * Gives the table that is to be dealt with a name of this attempt's own.
 *
 * @returns that name; undefined when there is no such table; what to wait for when another execution was faster
 */
async function takeOver(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  present: ReadonlySet<string>,
): Promise<string | Wait | undefined> {
  const { database, table } = planned;
  const candidate = publishable(planned, present, runMark(runId));
  if (candidate === undefined) return undefined;
  const own = publishName(table, runMark(runId), randomBytes(4).toString("hex"));
  const taken = await claimed(catalog, runId, planned, candidate, renameStatement(database, candidate, own));
  return taken ?? own;
}

/** The one table that is still to be dealt with: assembled, or renamed by an attempt. */
function publishable(
  planned: PlannedRestore,
  present: ReadonlySet<string>,
  mark: string,
): string | undefined {
  const attempted = [...present].find((each) => each.startsWith(publishPrefix(planned.table, mark)));
  return attempted ?? (present.has(planned.assembledAs) ? planned.assembledAs : undefined);
}

/** Carries the table under this attempt's name to where it belongs: the live name, or the keep name. */
async function carryOn(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  own: string,
  liveIsThere: boolean,
): Promise<Wait | undefined> {
  const { database, table, replaces } = planned;
  const restored = await readRestoredIds(catalog, runId, planned);
  const ofOwn = await realPartitions(catalog, database, own);
  if (ofOwn.length === 0 && !(await isThere(catalog, runId, planned, own)))
    return waitFor(`another execution publishes ${database}.${table}`);
  if (haveCommon(ofOwn, restored)) {
    if (!liveIsThere)
      return await claimed(catalog, runId, planned, own, renameStatement(database, own, table));
    // The plan that was approved replaces nothing: what appeared since is not touched.
    if (replaces === undefined) return await leaveAside(catalog, runId, planned, own);
    try {
      const taken = await claimed(catalog, runId, planned, own, swapStatement(database, table, own));
      if (taken !== undefined) return taken;
    } catch (error) {
      if (!(error instanceof StarRocksFault) || error.retriable) throw error;
      return await leaveAside(catalog, runId, planned, own, error.message);
    }
  } else if (!haveCommon(await realPartitions(catalog, database, table), restored)) {
    return await fail(
      catalog,
      runId,
      planned,
      `neither ${table} nor ${own} has a partition of the restored table any more; compare the two`,
    );
  }
  const keptAs = replaces?.keptAs ?? planned.assembledAs;
  return await claimed(catalog, runId, planned, own, renameStatement(database, own, keptAs));
}

/** Ends a restore that cannot be published; the restored table stays, and is named. */
async function leaveAside(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  own: string,
  refusal?: string,
): Promise<undefined> {
  const { database, table } = planned;
  const intruder = await readIntruder(catalog.session, database, table);
  const appeared = `a ${intruder ?? "table"} ${table} has appeared since the plan was approved`;
  const reason = intruder === undefined && refusal !== undefined ? withoutStop(refusal) : appeared;
  return await fail(catalog, runId, planned, `${reason}; the restored one is ${database}.${own}`);
}

/** Sends a statement about a private table, which another execution may take away at any moment. */
async function claimed(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  own: string,
  statement: string,
): Promise<Wait | undefined> {
  const { database, table } = planned;
  try {
    await catalog.session.execute(statement, `publish ${database}.${table}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind === "connection") throw error;
    if (await isThere(catalog, runId, planned, own)) throw error;
    return waitFor(`another execution publishes ${database}.${table}`);
  }
}

async function isThere(
  catalog: Catalog,
  runId: string,
  { database }: PlannedRestore,
  table: string,
): Promise<boolean> {
  return (await readTableNames(catalog.session, database, [table], runMark(runId))).has(table);
}

async function readRestoredIds(
  catalog: Catalog,
  runId: string,
  { database, table }: PlannedRestore,
): Promise<ReadonlySet<string>> {
  return new Set((await readRestore(catalog, { runId, database, table }))?.restoredIds);
}

/** One id is enough: it is never used again, while dynamic partitioning adds and drops others at any time. */
function haveCommon(partitions: readonly PhysicalPartition[], ids: ReadonlySet<string>): boolean {
  return partitions.some((partition) => ids.has(partition.id));
}

interface Finishing {
  readonly present: ReadonlySet<string>;
  readonly progress: Progress;
  /** What becomes of a table that is not live; undefined: it should be. */
  readonly ending: Ending | undefined;
}

/** Nothing private is left: the table is live, unless somebody has taken it away. */
async function finish(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  { present, progress, ending }: Finishing,
): Promise<undefined> {
  const { database, table, replaces } = planned;
  const restore = { runId, database, table };
  const keptAs = replaces !== undefined && present.has(replaces.keptAs) ? replaces.keptAs : undefined;
  const isLive =
    keptAs !== undefined ||
    haveCommon(
      await realPartitions(catalog, database, table),
      await readRestoredIds(catalog, runId, planned),
    );
  if (!present.has(table) || !isLive) {
    const reason = ending?.error.message ?? "the restored table has disappeared";
    return await fail(catalog, runId, planned, reason, ending?.state);
  }
  await updateRestore(catalog, restore, { status: "FINISHED", after: "READY", replacedKeptAs: keptAs });
  progress.say(
    `${database}.${table}: live${keptAs === undefined ? "" : `; the replaced table is kept as ${keptAs}`}`,
  );
  return undefined;
}

/** Ends the table's restore, if it is still to be published; what is there stays as it is. */
async function fail(
  catalog: Catalog,
  runId: string,
  { database, table }: PlannedRestore,
  error: string,
  status: Ending["state"] = "FAILED",
): Promise<undefined> {
  await updateRestore(catalog, { runId, database, table }, { status, after: "READY", error });
  return undefined;
}
