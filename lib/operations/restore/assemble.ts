import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "../../catalog/catalog.ts";
import { keyHash } from "../../catalog/key-hash.ts";
import { isStillPlanned, readRestore, updateRestore } from "../../catalog/restores.ts";
import { beatSlots, type Slot } from "../../catalog/slots.ts";
import { BackupError } from "../../errors.ts";
import { partitionClauses } from "../../planning/restore/partition-clauses.ts";
import type { PlannedRestore, RestorePart } from "../../planning/restore/plan.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import { StarRocksFault } from "../../starrocks/fault.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import { type PhysicalPartition, readPartitions } from "../../starrocks/observe/partitions.ts";
import { name, qualified } from "../../starrocks/quote.ts";
import { count, text } from "../../starrocks/row.ts";
import {
  addPartitionStatement,
  dropPartitionStatement,
  renamePartitionStatement,
  renameStatement,
} from "../../starrocks/statements/alter.ts";
import type { Progress } from "../progress.ts";
import { runMark } from "../run-id.ts";
import { insertableColumns } from "./columns.ts";
import { dropTemporary } from "./fail.ts";
import { closeVersionGaps } from "./version-gap.ts";

/**
 * Puts the restored parts of one table together in the first part, checks the outcome and records it as READY. Every
 * step looks first at what is there, so the whole can be run again from any point. It is, when something fails soon:
 * another execution of the run may have renamed or dropped what this one saw, and an error counts when it comes again.
 *
 * @returns what to wait for when another execution is putting the table together right now
 */
export async function assembleTable(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  slot: Slot | undefined,
  progress: Progress,
): Promise<Wait | undefined> {
  const { database, table } = planned;
  for (let attempt = 1; ; attempt++) {
    const since = performance.now();
    try {
      return await assemble(catalog, runId, planned, slot, progress);
    } catch (error) {
      if (error instanceof StarRocksFault && error.kind === "connection") throw error;
      if (!isStillPlanned(await readRestore(catalog, { runId, database, table }))) return undefined;
      if (attempt === mostAttempts || performance.now() - since > longestRaceMs) throw error;
      progress.say(`${error instanceof Error ? error.message : String(error)} Looking again.`);
      await sleep(pauseMs);
    }
  }
}

const mostAttempts = 3;
const pauseMs = 500;
/** What took longer failed for another reason than a race, and should not be done over. */
const longestRaceMs = 60_000;

async function assemble(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  slot: Slot | undefined,
  progress: Progress,
): Promise<Wait | undefined> {
  const [base, ...others] = planned.parts;
  if (base === undefined) return undefined;
  const present = await readTableNames(catalog.session, planned.database, [planned.table], runMark(runId));
  if (present.has(base.as)) {
    const blocked = present.has(planned.assembledAs)
      ? await dropTemporary(catalog, planned.database, base.as)
      : await trim(catalog, planned, base, progress);
    if (blocked !== undefined) return blocked;
  }
  for (const part of others) {
    const blocked = await putIn(catalog, runId, planned, part, slot, progress);
    if (blocked !== undefined) return blocked;
  }
  for (const part of others) await verifyRows(catalog, planned, part);
  const partitions = await realPartitions(catalog, planned.database, planned.assembledAs);
  const rows = await countRows(catalog, planned.database, planned.assembledAs);
  await verifyPartitions(catalog, planned, partitions);
  await updateRestore(
    catalog,
    { runId, database: planned.database, table: planned.table },
    { status: "READY", after: "PLANNED", restoredIds: partitions.map((each) => each.id), rows },
  );
  for (const part of others) await dropTemporary(catalog, planned.database, part.as);
  progress.say(
    `${planned.database}.${planned.table}: ${planned.partitions} partitions, ${rows} rows are ready to be published`,
  );
  return undefined;
}

/**
 * A merge is let through once only as long as StarRocks remembers its label: three days, and a thousand later loads. So
 * the rows are counted again when all parts are in.
 */
async function verifyRows(catalog: Catalog, planned: PlannedRestore, part: RestorePart): Promise<void> {
  const { database, assembledAs } = planned;
  const expected = await countRows(catalog, database, part.as);
  if (expected === 0) return;
  const names = new Set((await realPartitions(catalog, database, part.as)).map((each) => each.partition));
  const merged = await countRows(catalog, database, assembledAs, [...names]);
  if (merged !== expected) throw mismatch(planned, part, expected, merged);
}

/** Every partition is there before anything becomes live, but for empty ones that the next load makes. */
async function verifyPartitions(
  catalog: Catalog,
  planned: PlannedRestore,
  partitions: readonly PhysicalPartition[],
): Promise<void> {
  const names = new Set(partitions.map((partition) => partition.partition));
  if (names.size === planned.partitions) return;
  const empty = planned.automatic ? await emptyPartitions(catalog, planned, names) : 0;
  if (names.size + empty === planned.partitions) return;
  throw new BackupError(
    "PARTITIONS_MISSING",
    `${planned.assembledAs} has ${names.size} partitions; the restore point has ${planned.partitions}.`,
    "Plan the restore again; the live table was not touched.",
  );
}

/** How many partitions of the parts are not among the names because they have no row. */
async function emptyPartitions(
  catalog: Catalog,
  { database, parts }: PlannedRestore,
  names: ReadonlySet<string>,
): Promise<number> {
  let empty = 0;
  for (const part of parts.slice(1)) {
    const restored = new Set(
      (await realPartitions(catalog, database, part.as)).map((each) => each.partition),
    );
    const missing = [...restored].filter((each) => !names.has(each));
    if (missing.length > 0 && (await countRows(catalog, database, part.as, missing)) === 0)
      empty += missing.length;
  }
  return empty;
}

/** The partitions of a table without hidden and temporary ones. */
export async function realPartitions(
  catalog: Catalog,
  database: string,
  table: string,
): Promise<readonly PhysicalPartition[]> {
  const listed = await readPartitions(catalog.session, [{ database, tables: [table] }]);
  return listed.filter((partition) => !partition.temporary && !partition.partition.startsWith("$"));
}

/**
 * Drops what the first part brought along beyond the restore point and rewrites what is not sound, under its first name;
 * then gives it the name in which the parts are put together. An execution that was paused before a drop or a rewrite
 * finds no table of the first name any more, so it can never touch what was put in or published later. An overwrite that
 * is still under way has a temporary partition; it is waited for.
 */
async function trim(
  catalog: Catalog,
  planned: PlannedRestore,
  base: RestorePart,
  progress: Progress,
): Promise<Wait | undefined> {
  const { database, assembledAs } = planned;
  const superfluous = new Set(planned.superfluous);
  const partitions = await realPartitions(catalog, database, base.as);
  const present = new Set(partitions.map((each) => each.partition));
  for (const partition of [...present].filter((each) => superfluous.has(each))) {
    await catalog.session.execute(
      dropPartitionStatement(database, base.as, partition),
      `drop partition ${partition} of ${base.as}`,
    );
  }
  const kept = partitions.filter((each) => !superfluous.has(each.partition));
  await closeVersionGaps(catalog, database, base.as, kept, progress);
  const listed = await readPartitions(catalog.session, [{ database, tables: [base.as] }]);
  if (listed.some((each) => each.temporary)) return waitFor(`${base.as} is being overwritten`);
  await catalog.session.execute(
    renameStatement(database, base.as, assembledAs),
    `rename the trimmed table ${database}.${base.as}`,
  );
  return undefined;
}

/** Adds a part's partitions and rows to the assembled table, once. */
async function putIn(
  catalog: Catalog,
  runId: string,
  planned: PlannedRestore,
  part: RestorePart,
  slot: Slot | undefined,
  progress: Progress,
): Promise<Wait | undefined> {
  const { database, assembledAs } = planned;
  const restored = await realPartitions(catalog, database, part.as);
  const names = [...new Set(restored.map((each) => each.partition))];
  if (planned.automatic) await renameAlike(catalog, planned, restored);
  else await addPartitions(catalog, planned, part, names);
  const expected = await countRows(catalog, database, part.as);
  if (expected === 0) return undefined;
  const present = new Set(
    (await realPartitions(catalog, database, assembledAs)).map((each) => each.partition),
  );
  const there = names.filter((each) => present.has(each));
  const already = there.length === 0 ? 0 : await countRows(catalog, database, assembledAs, there);
  if (already === expected) return undefined;
  if (already > 0) throw mismatch(planned, part, expected, already);
  progress.say(`Putting ${expected} rows of ${part.label} into ${assembledAs}`);
  const columns = await insertableColumns(catalog, database, part.as);
  // One load per part under a label of its own: StarRocks lets it through once, whoever sends it how often.
  const loadLabel = `merge_${keyHash(runId, database, planned.table, part.as)}`;
  try {
    await withHeartbeat(catalog, slot, async () => {
      await catalog.session.execute(
        `INSERT INTO ${qualified(database, assembledAs)} WITH LABEL ${name(loadLabel)} (${columns})
         SELECT ${columns} FROM ${qualified(database, part.as)}`,
        `put ${part.as} into ${assembledAs}`,
      );
    });
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

async function countRows(
  catalog: Catalog,
  database: string,
  table: string,
  partitions?: readonly string[],
): Promise<number> {
  const clause = partitions === undefined ? "" : ` PARTITION (${partitions.map(name).join(", ")})`;
  const [row] = await catalog.session.query(
    `SELECT count(*) AS row_count FROM ${qualified(database, table)}${clause}`,
    `count the rows of ${database}.${table}`,
  );
  return row === undefined ? 0 : count(row, "row_count");
}

/** A merge can take longer than a slot lives; a second connection beats while the first is busy. */
async function withHeartbeat(
  catalog: Catalog,
  slot: Slot | undefined,
  work: () => Promise<void>,
): Promise<void> {
  if (slot === undefined) return await work();
  const session = await catalog.session.another();
  const beat = setInterval(() => {
    // A missed beat is made up for by the next; a slot that is lost is found out by the next step.
    beatSlots({ ...catalog, session }, [slot]).catch((error: unknown) => console.error(String(error)));
  }, heartbeatMs);
  try {
    await work();
  } finally {
    clearInterval(beat);
    await session.close();
  }
}

const heartbeatMs = 60_000;

function mismatch(
  planned: PlannedRestore,
  part: RestorePart,
  expected: number,
  already: number,
): BackupError {
  return new BackupError(
    "MERGE_MISMATCH",
    `${planned.assembledAs} has ${already} of the ${expected} rows of ${part.as}.`,
    "Plan the restore again; the live table was not touched.",
  );
}

function noClause(planned: PlannedRestore, partition: string): BackupError {
  return new BackupError(
    "PARTITION_UNREADABLE",
    `The definition of partition ${partition} of ${planned.database}.${planned.table} cannot be read.`,
    "Report this with the StarRocks version: its SHOW CREATE TABLE is not known here.",
  );
}
