import { keyHash } from "../../catalog/key-hash.ts";
import { readRestore, recordReplaced } from "../../catalog/restores.ts";
import { BackupError } from "../../errors.ts";
import { columnDifferences } from "../../planning/restore/column-fit.ts";
import { isNewerThan } from "../../planning/restore/own-names.ts";
import { goneForGood, unfit } from "../../planning/restore/partition-fit.ts";
import { waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { allowLongStatements } from "../../starrocks/long-statements.ts";
import { countRows } from "../../starrocks/observe/contents.ts";
import { readCreatedColumns } from "../../starrocks/observe/created-columns.ts";
import { readPartitions, readRealPartitions } from "../../starrocks/observe/partitions.ts";
import { readTableIds } from "../../starrocks/observe/table-ids.ts";
import { replacePartitionsStatement } from "../../starrocks/statements/insert.ts";
import type { Ending } from "../step/ending.ts";
import { addPartitions } from "./add-partitions.ts";
import { readDefinitions, type TableDefinition } from "./definition.ts";
import { keptUntil } from "./keep.ts";
import { dropCopy, keepCopy } from "./kept-copy.ts";
import { fail, recordFinished } from "./outcome.ts";
import { type Acted, lookAgain, type TableStep } from "./restore-step.ts";
import { dropTemporary } from "./temporary.ts";

/**
 * Replaces partitions of a live table by the restored ones: what they hold is copied first, then one INSERT OVERWRITE of
 * all of them, which readers see whole or not at all, and which StarRocks lets through once by its load label. The table
 * keeps its id, and with it grants and materialized views (starrocks.md §21.5).
 *
 * It waits when another execution is at it.
 */
export async function replacePartitions(step: TableStep): Promise<Acted> {
  const { catalog, run, database, table, planned } = step;
  const { session } = catalog;
  const restore = { runId: run.runId, database, table };
  await checkTarget(step);
  if (await isReplaced(step)) return await finishReplaced(step);
  const restored = await readRealPartitions(session, database, planned.assembledAs);
  const definitions = await readDefinitions(session, database, [table, planned.assembledAs]);
  const columns = await fittingColumns(step, definitions);
  const definition = definitions.get(table);
  if (definition !== undefined) {
    const listed = await readRealPartitions(session, database, table);
    await addPartitions(step, { name: table, listed, definition }, restored);
  }
  await checkPresent(step);
  await allowLongStatements(session);
  const { only = [], replaces } = planned;
  if (replaces !== undefined && keepsCopy(step)) {
    const blocked = await keepCopy(step, replaces.keptAs, only);
    if (blocked !== undefined) return blocked;
  }
  await recordReplaced(catalog, restore, await chosenIds(step));
  // Whoever was first has said which partitions are the replaced ones.
  const record = await readRestore(catalog, restore);
  if (record === undefined || record.replacedIds.length === 0)
    return waitFor(`what is replaced of ${database}.${table} is not visible in the catalog yet`);
  return await overwrite(step, columns);
}

/** The same for a restore that is given up: what was replaced is recorded so, anything else is taken away. */
export async function withdrawPartitions(step: TableStep, ending: Ending): Promise<Acted> {
  const { catalog, run, database, table, planned } = step;
  const live = await readPartitions(catalog.session, [{ database, tables: [table] }]);
  const begun = (await readRestore(catalog, { runId: run.runId, database, table }))?.replacedIds ?? [];
  if (await isReplaced(step)) return await finishReplaced(step);
  // An overwrite that is under way has temporary partitions; it may still come through.
  if (begun.length > 0 && live.some((each) => each.temporary))
    return waitFor(`partitions of ${database}.${table} are being overwritten`);
  await dropTemporary(step, planned.assembledAs);
  const keptAs = keepsCopy(step) ? planned.replaces?.keptAs : undefined;
  if (keptAs === undefined) return await fail(step, ending.error.message, ending.state);
  if (begun.length === 0) {
    await dropCopy(step, keptAs);
    return await fail(step, ending.error.message, ending.state);
  }
  const left = `${ending.error.message} A copy of what its partitions held is left in ${database}.${keptAs}.`;
  return await fail(step, left, ending.state);
}

async function overwrite(step: TableStep, columns: readonly string[]): Promise<Acted> {
  const { catalog, run, database, table, planned, progress } = step;
  const { only = [], assembledAs } = planned;
  progress.say(`Replacing ${only.length} partitions of ${database}.${table}`);
  const loadLabel = `replace_${keyHash(run.runId, database, table)}`;
  const copy = { database, from: assembledAs, into: table, columns, loadLabel };
  try {
    const statement = replacePartitionsStatement(copy, only);
    await catalog.session.execute(statement, `replace partitions of ${database}.${table}`);
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "load-label-taken") throw error;
    if (!(await isReplaced(step)))
      return waitFor(`another execution replaces partitions of ${database}.${table}`);
  }
  return await finishReplaced(step);
}

/** The live table is the one that was there when the plan was made. */
async function checkTarget({ catalog, run, database, table, planned }: TableStep): Promise<void> {
  const ids = await readTableIds(catalog.session, database, [table, planned.assembledAs]);
  const id = ids.get(table);
  if (id === undefined || isNewerThan(run.plan, id)) {
    throw new BackupError({
      code: "TARGET_CHANGED",
      message: `${database}.${table} was ${id === undefined ? "dropped" : "made anew"} after the plan was made.`,
      next: "Nothing was replaced. Plan the restore again.",
    });
  }
  if (ids.has(planned.assembledAs)) return;
  throw new BackupError({
    code: "TARGET_CHANGED",
    message: `What was restored of ${database}.${table} has disappeared.`,
    next: "Plan the restore again.",
  });
}

/** All that is to be replaced is there: what only a load makes may have been dropped since the plan. */
async function checkPresent({ catalog, database, table, planned }: TableStep): Promise<void> {
  const listed = await readRealPartitions(catalog.session, database, table);
  const present = new Set(listed.map((each) => each.partition));
  const gone = planned.only?.find((each) => !present.has(each));
  if (gone !== undefined) throw unfit(goneForGood(`${database}.${table}`, gone));
}

/** Columns to fill: those of the restored table, all of which the live one must have. */
async function fittingColumns(
  step: TableStep,
  definitions: ReadonlyMap<string, TableDefinition>,
): Promise<readonly string[]> {
  const { catalog, database, table, planned } = step;
  const { generated } = await readCreatedColumns(catalog.session, database, planned.assembledAs);
  const columnsOf = (name: string) =>
    (definitions.get(name)?.columns ?? []).filter((each) => !generated.has(each.column));
  const [restored, live] = [columnsOf(planned.assembledAs), columnsOf(table)];
  const differences = columnDifferences(restored, live);
  if (differences.length === 0) return restored.map((each) => each.column);
  throw new BackupError({
    code: "PARTITION_UNFIT",
    message: `The rows do not fit into ${database}.${table} any more: ${differences.join(", ")}.`,
    next: "Nothing was replaced. Restore the partitions into a new table (rename_to), and copy what is needed from there.",
  });
}

async function chosenIds({ catalog, database, table, planned }: TableStep): Promise<readonly string[]> {
  const only = new Set(planned.only);
  const listed = await readRealPartitions(catalog.session, database, table);
  return listed.filter((each) => only.has(each.partition)).map((each) => each.id);
}

/** Whether none of the partitions is any more what it was right before it was to be replaced. */
async function isReplaced(step: TableStep): Promise<boolean> {
  const { catalog, run, database, table } = step;
  const before = (await readRestore(catalog, { runId: run.runId, database, table }))?.replacedIds ?? [];
  if (before.length === 0) return false;
  const ids = await chosenIds(step);
  return ids.length > 0 && !ids.some((id) => before.includes(id));
}

async function finishReplaced(step: TableStep): Promise<Acted> {
  const { catalog, run, database, table, planned, progress } = step;
  const { session } = catalog;
  const restore = { runId: run.runId, database, table };
  const record = await readRestore(catalog, restore);
  const now = await countRows(session, database, table, planned.only);
  const known = record?.notices ?? [];
  const notices =
    record === undefined || now === record.rows
      ? known
      : [
          ...known,
          `its replaced partitions have ${now} rows now, ${record.rows} were restored: somebody has written to them since`,
        ];
  const keptAs = keepsCopy(step) ? planned.replaces?.keptAs : undefined;
  const ids = await readTableIds(session, database, keptAs === undefined ? [table] : [table, keptAs]);
  const keptId = keptAs === undefined ? undefined : ids.get(keptAs);
  await recordFinished(step, {
    restoredTableId: ids.get(table),
    affected: [],
    kept: keptAs && keptId ? { name: keptAs, tableId: keptId, until: keptUntil(step) } : undefined,
    notices,
  });
  await dropTemporary(step, planned.assembledAs);
  const kept = keptAs === undefined ? "" : `; what they held is kept in ${keptAs}`;
  progress.say(`${database}.${table}: ${planned.partitions} partitions are replaced${kept}`);
  return lookAgain;
}

/** Whether what the partitions hold is copied before they are replaced: nothing else than undo needs the copy. */
function keepsCopy({ run, planned }: TableStep): boolean {
  return planned.replaces !== undefined && run.plan.keepSeconds !== 0;
}
