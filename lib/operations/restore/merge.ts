import type { Catalog } from "../../catalog/catalog.ts";
import { keyHash } from "../../catalog/key-hash.ts";
import { BackupError } from "../../errors.ts";
import { partitionClauses } from "../../planning/restore/partition-clauses.ts";
import type { PlannedRestore, RestorePart } from "../../planning/restore/restore-plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import type { PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import { name, qualified } from "../../starrocks/quote.ts";
import { text } from "../../starrocks/row.ts";
import { addPartitionStatement, renamePartitionStatement } from "../../starrocks/statements/alter.ts";
import type { Progress } from "../step/progress.ts";
import { insertableColumns } from "./columns.ts";
import { countRows, realPartitions } from "./contents.ts";

/** Adds a part's partitions and rows to the assembled table, once. */
export async function putIn(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  part: RestorePart,
  progress: Progress,
): Promise<Wait | undefined> {
  const { database, assembledAs } = planned;
  const restored = await realPartitions(catalog, database, part.as);
  const names = [...new Set(restored.map((each) => each.partition))];
  if (planned.automatic) await renameAlike(catalog, planned, restored);
  else await addPartitions(catalog, planned, part, names);
  const expected = await countRows(catalog, database, part.as);
  if (expected === 0) return undefined;
  const already = await countIn(catalog, planned, names);
  if (already === expected) return undefined;
  if (already > 0) throw mismatch(planned, part, expected, already);
  progress.say(`Putting ${expected} rows of ${part.label} into ${assembledAs}`);
  const columns = await insertableColumns(catalog, database, part.as);
  // One load per part under a label of its own: StarRocks lets it through once, whoever sends it how often.
  const loadLabel = `merge_${keyHash(runId, database, planned.table, part.as)}`;
  try {
    await catalog.session.execute(
      `INSERT INTO ${qualified(database, assembledAs)} WITH LABEL ${name(loadLabel)} (${columns})
       SELECT ${columns} FROM ${qualified(database, part.as)}`,
      `put ${part.as} into ${assembledAs}`,
    );
    if (planned.automatic) await renameAlike(catalog, planned, restored);
    return undefined;
  } catch (error) {
    if (!(error instanceof StarRocksFault) || error.kind !== "load-label-taken") throw error;
    return waitFor(`another execution puts ${part.as} into ${assembledAs}`);
  }
}

/** A load names the partitions it makes by their values; one that had been renamed gets its name back. */
async function renameAlike(
  catalog: Catalog,
  { database, assembledAs }: PlannedRestore,
  restored: readonly PhysicalPartition[],
): Promise<void> {
  const present = await realPartitions(catalog, database, assembledAs);
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
  catalog: Catalog,
  planned: PlannedRestore,
  part: RestorePart,
  names: readonly string[],
): Promise<void> {
  const { database, assembledAs } = planned;
  const present = new Set(
    (await realPartitions(catalog, database, assembledAs)).map((each) => each.partition),
  );
  const missing = names.filter((each) => !present.has(each));
  if (missing.length === 0 || planned.partitionKind === "none") return;
  const [row] = await catalog.session.query(
    `SHOW CREATE TABLE ${qualified(database, part.as)}`,
    `read the partitions of ${part.as}`,
  );
  const clauses = partitionClauses(row === undefined ? "" : text(row, "Create Table"));
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
export async function verifyRows(
  catalog: Catalog,
  planned: PlannedRestore,
  part: RestorePart,
): Promise<Wait | undefined> {
  const { database } = planned;
  const expected = await countRows(catalog, database, part.as);
  if (expected === 0) return undefined;
  const names = new Set((await realPartitions(catalog, database, part.as)).map((each) => each.partition));
  const merged = await countIn(catalog, planned, [...names]);
  if (merged === expected) return undefined;
  if (merged === 0) return waitFor(`the rows of ${part.as} are not visible in ${planned.assembledAs} yet`);
  throw mismatch(planned, part, expected, merged);
}

/** Rows the assembled table has in those of the partitions that it has: a load makes no partition without rows. */
async function countIn(
  catalog: Catalog,
  { database, assembledAs }: PlannedRestore,
  names: readonly string[],
): Promise<number> {
  const partitions = await realPartitions(catalog, database, assembledAs);
  const present = new Set(partitions.map((each) => each.partition));
  const there = names.filter((each) => present.has(each));
  return there.length === 0 ? 0 : await countRows(catalog, database, assembledAs, there);
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
