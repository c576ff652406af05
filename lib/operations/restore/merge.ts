import { keyHash } from "../../catalog/key-hash.ts";
import { BackupError } from "../../errors.ts";
import { partitionClauses } from "../../planning/restore/partition-clauses.ts";
import type { PlannedRestore, RestorePart } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { countRows, readCreateTable } from "../../starrocks/observe/contents.ts";
import { type PhysicalPartition, readRealPartitions } from "../../starrocks/observe/partitions.ts";
import { readInsertableColumns } from "../../starrocks/observe/tables.ts";
import { addPartitionStatement, renamePartitionStatement } from "../../starrocks/statements/alter.ts";
import { insertFromStatement } from "../../starrocks/statements/insert.ts";
import type { TableStep } from "./restore-step.ts";

/** Adds a part's partitions and rows to the assembled table, once. */
export async function putIn(step: TableStep, part: RestorePart): Promise<Wait | undefined> {
  const { catalog, run, database, table, planned, progress } = step;
  const { session } = catalog;
  const { assembledAs } = planned;
  const restored = await readRealPartitions(session, database, part.as);
  const names = [...new Set(restored.map((each) => each.partition))];
  if (planned.automatic) await renameAlike(step, restored);
  else await addPartitions(step, part, names);
  const expected = await countRows(session, database, part.as);
  if (expected === 0) return undefined;
  const already = await countIn(step, names);
  if (already === expected) return undefined;
  if (already > 0) throw mismatch(planned, part, expected, already);
  progress.say(`Putting ${expected} rows of ${part.label} into ${assembledAs}`);
  const columns = await readInsertableColumns(session, database, part.as);
  // One load per part under a label of its own: StarRocks lets it through once, whoever sends it how often.
  const loadLabel = `merge_${keyHash(run.runId, database, table, part.as)}`;
  const copy = { database, from: part.as, into: assembledAs, columns, loadLabel };
  try {
    await session.execute(insertFromStatement(copy), `put ${part.as} into ${assembledAs}`);
    if (planned.automatic) await renameAlike(step, restored);
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "load-label-taken") throw error;
    return waitFor(`another execution puts ${part.as} into ${assembledAs}`);
  }
}

/** A load names the partitions it makes by their values; one that had been renamed gets its name back. */
async function renameAlike(
  { catalog, database, planned }: TableStep,
  restored: readonly PhysicalPartition[],
): Promise<void> {
  const { assembledAs } = planned;
  const present = await readRealPartitions(catalog.session, database, assembledAs);
  const names = new Set(present.map((each) => each.partition));
  const made = new Map(present.map((each) => [each.value, each.partition]));
  const wanted = new Map(restored.map((each) => [each.partition, each.value]));
  for (const [partition, value] of wanted) {
    const given = made.get(value);
    if (names.has(partition) || given === undefined) continue;
    await catalog.session.execute(
      renamePartitionStatement(database, assembledAs, given, partition),
      `rename partition ${given} of ${assembledAs}`,
    );
  }
}

async function addPartitions(
  { catalog, database, planned }: TableStep,
  part: RestorePart,
  names: readonly string[],
): Promise<void> {
  const { assembledAs } = planned;
  const listed = await readRealPartitions(catalog.session, database, assembledAs);
  const present = new Set(listed.map((each) => each.partition));
  const missing = names.filter((each) => !present.has(each));
  if (missing.length === 0 || planned.partitionKind === "none") return;
  const clauses = partitionClauses(await readCreateTable(catalog.session, database, part.as));
  for (const partition of missing) {
    const clause = clauses.get(partition);
    if (clause === undefined) throw noClause(planned, partition);
    await catalog.session.execute(
      addPartitionStatement(database, assembledAs, partition, clause),
      `add partition ${partition} to ${assembledAs}`,
    );
  }
}

/**
 * A merge is let through once only as long as StarRocks remembers its label: three days, and a thousand later loads. So
 * the rows are counted again when all parts are in.
 *
 * @returns what to wait for when the load has been answered and is not visible yet
 */
export async function verifyRows(step: TableStep, part: RestorePart): Promise<Wait | undefined> {
  const { catalog, database, planned } = step;
  const expected = await countRows(catalog.session, database, part.as);
  if (expected === 0) return undefined;
  const partitions = await readRealPartitions(catalog.session, database, part.as);
  const merged = await countIn(step, [...new Set(partitions.map((each) => each.partition))]);
  if (merged === expected) return undefined;
  if (merged === 0) return waitFor(`the rows of ${part.as} are not visible in ${planned.assembledAs} yet`);
  throw mismatch(planned, part, expected, merged);
}

/** Rows the assembled table has in those of the partitions that it has: a load makes no partition without rows. */
async function countIn({ catalog, database, planned }: TableStep, names: readonly string[]): Promise<number> {
  const partitions = await readRealPartitions(catalog.session, database, planned.assembledAs);
  const present = new Set(partitions.map((each) => each.partition));
  const there = names.filter((each) => present.has(each));
  return there.length === 0 ? 0 : await countRows(catalog.session, database, planned.assembledAs, there);
}

function mismatch(
  planned: PlannedRestore,
  part: RestorePart,
  expected: number,
  already: number,
): BackupError {
  return new BackupError({
    code: "MERGE_MISMATCH",
    message: `${planned.assembledAs} has ${already} of the ${expected} rows of ${part.as}.`,
    next: "Plan the restore again; the live table was not touched.",
  });
}

function noClause(planned: PlannedRestore, partition: string): BackupError {
  return new BackupError({
    code: "PARTITION_UNREADABLE",
    message: `The definition of partition ${partition} of ${planned.database}.${planned.table} cannot be read.`,
    next: "Report this with the StarRocks version: its SHOW CREATE TABLE is not known here.",
  });
}
