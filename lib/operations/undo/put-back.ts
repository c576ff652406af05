import { randomBytes } from "node:crypto";
import { keyHash } from "../../catalog/key-hash.ts";
import { columnDifferences } from "../../planning/restore/column-fit.ts";
import { publishName } from "../../planning/restore/names.ts";
import { movedPartition } from "../../planning/undo/moved-partition.ts";
import type { PlannedUndo } from "../../planning/undo/undo-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { allowLongStatements } from "../../starrocks/long-statements.ts";
import { isReal, readPartitions } from "../../starrocks/observe/partitions.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { replacePartitionsStatement } from "../../starrocks/statements/insert.ts";
import { type Claiming, refused, renamed, type Undone } from "../restore/claiming.ts";
import { readDefinitions, readFillableColumns } from "../restore/definition.ts";
import { nameOf } from "../restore/whereabouts.ts";
import type { UndoingStep } from "./undo-step.ts";

/**
 * Puts back what replaced partitions held: one INSERT OVERWRITE of all of them from the copy, which readers see whole or not
 * at all, and which StarRocks lets through once by its load label (starrocks.md §21.5). The copy stays.
 *
 * Each attempt first gives the copy a name of its own: whoever was paused before its INSERT finds that name gone.
 *
 * @param names of the partitions
 */
export async function putBack(
  step: UndoingStep,
  planned: PlannedUndo,
  names: readonly string[],
): Promise<Undone> {
  const { catalog, run, mark, progress } = step;
  const { session } = catalog;
  const { database, table, liveId, keptAs } = planned;
  if ((await readTableIds(session, database, [table])).get(table) !== liveId)
    return failed(`${table} is not the table any more whose partitions were replaced`);
  const name = await nameOfCopy(step, planned);
  if (name === undefined) return failed(`${keptAs}, what its partitions held, was dropped`);
  const columns = await fittingOf(step, planned, name);
  if (columns === undefined) return beingPutBack(planned);
  const moved = await movedSince(step, planned, { names, copy: name });
  if (moved !== undefined) return (await renamed(step, planned, [name, keptAs])) ?? failed(moved);
  if (typeof columns === "string") return (await renamed(step, planned, [name, keptAs])) ?? failed(columns);
  const own = publishName(table, mark, randomBytes(4).toString("hex"));
  const taken = await renamed(step, planned, [name, own]);
  if (taken !== undefined) return taken;
  if (!(await step.isWanted()))
    return (await renamed(step, planned, [own, keptAs])) ?? failed("it was called off");
  await allowLongStatements(session);
  progress.say(`${database}.${table}: putting back what ${names.length} partitions held`);
  const loadLabel = `undo_${keyHash(run.runId, database, table)}`;
  const copy = { database, from: own, into: table, columns, loadLabel };
  const undone = await overwrite(step, planned, {
    name: own,
    statement: replacePartitionsStatement(copy, names),
  });
  return (await renamed(step, planned, [own, keptAs])) ?? undone;
}

/** Whether an undo that is given up has come through before; nobody puts anything back any more. */
export async function wasPutBack(step: UndoingStep, planned: PlannedUndo): Promise<Undone> {
  const { database, table, keptAs } = planned;
  const name = await nameOfCopy(step, planned);
  const taken = name === undefined ? undefined : await renamed(step, planned, [name, keptAs]);
  if (taken !== undefined) return taken;
  const listed = await readPartitions(step.catalog.session, [{ database, tables: [table] }]);
  // An overwrite that is under way has temporary partitions; it may still come through.
  if (listed.some((each) => each.temporary)) return beingPutBack(planned);
  return (await isPutBack(step, planned)) ? { kind: "done" } : failed("it was not begun");
}

async function overwrite(step: UndoingStep, planned: PlannedUndo, claiming: Claiming): Promise<Undone> {
  try {
    return (await refused(step, planned, claiming)) ?? { kind: "done" };
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "load-label-taken") throw error;
    return (await isPutBack(step, planned)) ? { kind: "done" } : beingPutBack(planned);
  }
}
function beingPutBack({ database, table }: PlannedUndo): Wait {
  return waitFor(`partitions of ${database}.${table} are being overwritten`);
}

/** None of the partitions is any more what it was when the plan was made. */
async function isPutBack(
  { catalog }: UndoingStep,
  { database, table, partitions }: PlannedUndo,
): Promise<boolean> {
  const names = new Set(partitions?.names);
  const listed = await readPartitions(catalog.session, [{ database, tables: [table] }]);
  const now = listed.filter((each) => isReal(each) && names.has(each.partition));
  return now.length > 0 && !now.some((each) => partitions?.ids.includes(each.id));
}

/** What has become of the partitions since the plan was made, where that forbids to put anything into them. */
async function movedSince(
  { catalog }: UndoingStep,
  { database, table }: PlannedUndo,
  { names, copy }: { readonly names: readonly string[]; readonly copy: string },
): Promise<string | undefined> {
  const listed = await readPartitions(catalog.session, [{ database, tables: [table, copy] }]);
  const valuesOf = (of: string) =>
    new Map(
      listed.filter((each) => isReal(each) && each.table === of).map((each) => [each.partition, each.value]),
    );
  return movedPartition(table, names, { live: valuesOf(table), kept: valuesOf(copy) });
}

/** Where the copy is; undefined: nowhere. */
async function nameOfCopy({ catalog, mark }: UndoingStep, planned: PlannedUndo): Promise<string | undefined> {
  const { keptAs, keptId } = planned;
  return await nameOf(catalog.session, mark, planned, { name: keptAs, id: keptId });
}

/** {@link fitting}; undefined when another execution has renamed the copy meanwhile. */
async function fittingOf(
  step: UndoingStep,
  planned: PlannedUndo,
  copy: string,
): Promise<Awaited<ReturnType<typeof fitting>> | undefined> {
  try {
    return await fitting(step, planned, copy);
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind === "connection") throw error;
    if ((await nameOfCopy(step, planned)) === copy) throw error;
    return undefined;
  }
}

/** Columns to fill, or why the rows do not fit any more. @param copy its name */
async function fitting(
  { catalog }: UndoingStep,
  { database, table }: PlannedUndo,
  copy: string,
): Promise<readonly string[] | string> {
  const definitions = await readDefinitions(catalog.session, database, [table, copy]);
  const [live, kept] = [definitions.get(table), definitions.get(copy)];
  if (live === undefined || kept === undefined) return `${table} or ${copy} cannot be seen`;
  const { names } = await readFillableColumns(catalog.session, kept);
  const differences = columnDifferences(
    kept.columns.filter((each) => names.includes(each.column)),
    live.columns.filter((each) => names.includes(each.column) || each.generation === undefined),
  );
  return differences.length === 0 ? names : `its rows do not fit any more: ${differences.join(", ")}`;
}

function failed(reason: string): Undone {
  return { kind: "failed", reason };
}
