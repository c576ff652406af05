import { keyHash } from "../../catalog/key-hash.ts";
import { columnDifferences } from "../../planning/restore/column-fit.ts";
import { movedPartition } from "../../planning/undo/moved-partition.ts";
import type { PlannedUndo } from "../../planning/undo/undo-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { withoutStop } from "../../sentence.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { allowLongStatements } from "../../starrocks/long-statements.ts";
import { isReal, readPartitions } from "../../starrocks/observe/partitions.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { replacePartitionsStatement } from "../../starrocks/statements/insert.ts";
import { readDefinitions, readFillableColumns } from "../restore/definition.ts";
import { restoreMark, type Undone, type UndoStep } from "./undo-step.ts";

/**
 * Puts back what replaced partitions held: one INSERT OVERWRITE of all of them from the copy, which readers see whole or not
 * at all, and which StarRocks lets through once by its load label (starrocks.md §21.5). The copy stays.
 *
 * @param names of the partitions
 */
export async function putBack(
  step: UndoStep,
  planned: PlannedUndo,
  names: readonly string[],
): Promise<Undone> {
  const { catalog, run, progress } = step;
  const { session } = catalog;
  const { database, table, keptAs } = planned;
  restoreMark(step, planned);
  const ids = await readTableIds(session, database, [table, keptAs]);
  if (ids.get(table) !== planned.liveId)
    return failed(`${table} is not the table any more whose partitions were replaced`);
  if (ids.get(keptAs) !== planned.keptId) return failed(`${keptAs}, what its partitions held, was dropped`);
  const moved = await movedSince(step, planned, names);
  if (moved !== undefined) return failed(moved);
  const columns = await fitting(step, planned);
  if (typeof columns === "string") return failed(columns);
  await allowLongStatements(session);
  progress.say(`${database}.${table}: putting back what ${names.length} partitions held`);
  const loadLabel = `undo_${keyHash(run.runId, database, table)}`;
  const copy = { database, from: keptAs, into: table, columns, loadLabel };
  try {
    await session.execute(
      replacePartitionsStatement(copy, names),
      `undo the restore of partitions of ${database}.${table}`,
    );
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.retriable) throw error;
    if (error.kind !== "load-label-taken") return failed(withoutStop(error.message));
    return (await isPutBack(step, planned)) ? { kind: "done" } : beingPutBack(planned);
  }
  return { kind: "done" };
}

/** Whether an undo that is given up has come through before. */
export async function wasPutBack(step: UndoStep, planned: PlannedUndo): Promise<Undone> {
  const { database, table } = planned;
  const listed = await readPartitions(step.catalog.session, [{ database, tables: [table] }]);
  // An overwrite that is under way has temporary partitions; it may still come through.
  if (listed.some((each) => each.temporary)) return beingPutBack(planned);
  return (await isPutBack(step, planned)) ? { kind: "done" } : failed("it was not begun");
}

function beingPutBack({ database, table }: PlannedUndo): Wait {
  return waitFor(`partitions of ${database}.${table} are being overwritten`);
}

/** None of the partitions is any more what it was when the plan was made. */
async function isPutBack(
  { catalog }: UndoStep,
  { database, table, partitions }: PlannedUndo,
): Promise<boolean> {
  const names = new Set(partitions?.names);
  const listed = await readPartitions(catalog.session, [{ database, tables: [table] }]);
  const now = listed.filter((each) => isReal(each) && names.has(each.partition));
  return now.length > 0 && !now.some((each) => partitions?.ids.includes(each.id));
}

/** What has become of the partitions since the plan was made, where that forbids to put anything into them. */
async function movedSince(
  { catalog }: UndoStep,
  { database, table, keptAs }: PlannedUndo,
  names: readonly string[],
): Promise<string | undefined> {
  const listed = await readPartitions(catalog.session, [{ database, tables: [table, keptAs] }]);
  const valuesOf = (name: string) =>
    new Map(
      listed
        .filter((each) => isReal(each) && each.table === name)
        .map((each) => [each.partition, each.value]),
    );
  return movedPartition(table, names, { live: valuesOf(table), kept: valuesOf(keptAs) });
}

/** Columns to fill, or why the rows do not fit any more. */
async function fitting(
  { catalog }: UndoStep,
  { database, table, keptAs }: PlannedUndo,
): Promise<readonly string[] | string> {
  const definitions = await readDefinitions(catalog.session, database, [table, keptAs]);
  const [live, kept] = [definitions.get(table), definitions.get(keptAs)];
  if (live === undefined || kept === undefined) return `${table} or ${keptAs} cannot be seen`;
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
