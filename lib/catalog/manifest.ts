import { batches } from "../batches.ts";
import { neighbours } from "../starrocks/observe/neighbours.ts";
import { type DatabaseScope, inScope, inScopes } from "../starrocks/observe/scope.ts";
import { literal } from "../starrocks/quote.ts";
import type { Row } from "../starrocks/session.ts";
import { at, type Catalog } from "./catalog.ts";
import { keyHash } from "./key-hash.ts";
import { now } from "./sql/column.ts";
import { matching, notNull } from "./sql/condition.ts";
import { decoder, readable, select } from "./sql/read.ts";
import { column, fieldsExcept, type RowOf } from "./sql/table.ts";
import { eachTogether, rowsTogether } from "./sql/together.ts";
import { copyStatement, deleteStatement, insertStatement, updateStatement } from "./sql/write.ts";
import { backupPartitions } from "./tables/backup-partitions.ts";
import { backupTables } from "./tables/backup-tables.ts";

const tableFields = fieldsExcept(backupTables, "keyHash", "definition");
const partitionFields = fieldsExcept(backupPartitions, "keyHash", "createdAt");

/** One table of a restore point: one row of `backup_tables`. */
export type ManifestTable = RowOf<typeof backupTables, (typeof tableFields)[number]>;

/** One that is written; its definition is read by restores only. */
export type WrittenTable = ManifestTable & Partial<RowOf<typeof backupTables, "definition">>;

/** How a table was defined in a backup that holds it whole. */
export type DefinedTable = RowOf<typeof backupTables, (typeof definedFields)[number]>;

const definedFields = ["label", "database", "table", "definition"] as const;

/** One partition of a manifest: held by the snapshot, or dropped since its baseline (a tombstone). */
export type ManifestPartition = RowOf<typeof backupPartitions, (typeof partitionFields)[number]>;

/**
 * How a restore point holds a table: all of it, the first partitions of all of it (later parts of the run hold the
 * others), the partitions that changed, or nothing new.
 */
export type TableContent = ManifestTable["content"];
export type PartitionKind = ManifestTable["partitionKind"];

/** Rows a statement: below StarRocks' 10,000 VALUES rows and around 1 MB of text. */
const batchSize = 5000;
/** The same with a definition each. */
const tablesBatch = 1000;

/** Writes a manifest; the same manifest may be written again. It counts only once its label is FINISHED. */
export async function writeManifest(
  catalog: Catalog,
  tables: readonly WrittenTable[],
  partitions: Iterable<ManifestPartition>,
): Promise<void> {
  for (const batch of batches(tables, tablesBatch)) {
    const rows = batch.map((row) => ({ ...row, keyHash: keyHash(row.label, row.database, row.table) }));
    await catalog.session.execute(
      insertStatement(catalog, backupTables, rows),
      "write the manifest's tables",
    );
  }
  for (const batch of batches(partitions, batchSize)) {
    const rows = batch.map((row) => ({
      ...row,
      keyHash: keyHash(row.label, row.database, row.table, row.partition),
    }));
    await catalog.session.execute(insertStatement(catalog, backupPartitions, rows), "write the manifest");
  }
}

/** Removes the manifest of an attempt that failed. */
export async function deleteManifest(catalog: Catalog, label: string): Promise<void> {
  for (const table of [backupPartitions, backupTables]) {
    await catalog.session.execute(
      deleteStatement(catalog, table, { label }),
      `remove the manifest of ${label}`,
    );
  }
}

export async function readManifestTables(
  catalog: Catalog,
  labels: readonly string[],
): Promise<readonly ManifestTable[]> {
  if (labels.length === 0) return [];
  return await select(catalog, tablesQuery(labels), "read the manifest's tables");
}

function tablesQuery(labels: readonly string[]) {
  return { from: backupTables, fields: tableFields, where: matching(backupTables, { label: labels }) };
}

function partitionsQuery(where: string) {
  return { from: backupPartitions, fields: partitionFields, where };
}

/** What manifests say of tables. */
export interface Manifests {
  /** Of all their tables. */
  readonly tables: readonly ManifestTable[];
  readonly partitions: readonly ManifestPartition[];
  /** How many rows there are of each. */
  readonly counts: ReadonlyMap<string, ManifestCount>;
}

/** With the definitions of the tables that are asked for. */
export interface DefinedManifests extends Manifests {
  readonly definitions: readonly DefinedTable[];
}

/** Rows of one manifest: tables, and partitions that are held. */
export interface ManifestCount {
  readonly tables: number;
  readonly partitions: number;
}

/**
 * Reads manifests; one statement.
 *
 * @param scopes whose partitions are read
 */
export async function readManifests(
  catalog: Catalog,
  labels: readonly string[],
  scopes: readonly DatabaseScope[],
): Promise<DefinedManifests> {
  if (labels.length === 0) return { tables: [], partitions: [], counts: new Map(), definitions: [] };
  const ofLabels = matching(backupPartitions, { label: labels });
  const where = `${ofLabels} AND ${tablesIn(backupPartitions, scopes)}`;
  const wanted = `${matching(backupTables, { label: labels, definition: notNull })} AND ${tablesIn(backupTables, scopes)}`;
  const defined = { from: backupTables, fields: definedFields, where: wanted } as const;
  const asked = queriesOf(labels, where);
  const [definitions, ...found] = await rowsTogether(catalog, [defined, ...asked], readingManifest);
  const { tables, partitions, counts } = manifestsOf(asked, found);
  return {
    ...{ tables, counts },
    partitions: partitions.filter(inScopes(scopes)),
    // One that cannot be read is not known.
    definitions: readable(defined, definitions).rows.filter(inScopes(scopes)),
  };
}

/** Reads one manifest whole; one statement. */
export async function readManifest(
  catalog: Catalog,
  label: string,
): Promise<Pick<Manifests, "tables" | "partitions">> {
  return await readWith(catalog, [label], matching(backupPartitions, { label }));
}

/**
 * Reads what a BACKUP statement is made of: of the partitions only those of tables that do not go whole. One statement.
 */
export async function readSubmission(catalog: Catalog, label: string): Promise<Manifests> {
  const table = column(backupTables, "table");
  const parted = `SELECT ${table} FROM ${at(catalog, backupTables)} WHERE ${matching(backupTables, { label, content: partedContents })}`;
  const where = `${matching(backupPartitions, { label, presence: "held" })} AND ${column(backupPartitions, "table")} IN (${parted})`;
  return await readWith(catalog, [label], where);
}

const partedContents = ["split", "partitions"] as const satisfies readonly TableContent[];

async function readWith(catalog: Catalog, labels: readonly string[], where: string): Promise<Manifests> {
  const asked = queriesOf(labels, where);
  return manifestsOf(asked, await rowsTogether(catalog, asked, readingManifest));
}

const readingManifest = "read the manifest";

/** @param where which partitions are meant */
function queriesOf(labels: readonly string[], where: string) {
  return [tablesQuery(labels), partitionsQuery(where), ...countQueries(labels)] as const;
}

type FourOf<Each> = readonly [Each, Each, Each, Each];

function manifestsOf(
  [ofTables, ofPartitions, tablesSeen, held]: ReturnType<typeof queriesOf>,
  [tables, partitions, countedTables, countedPartitions]: FourOf<readonly Row[]>,
): Manifests {
  return {
    tables: tables.map(decoder(ofTables)),
    partitions: partitions.map(decoder(ofPartitions)),
    counts: countsOf(countedTables.map(decoder(tablesSeen)), countedPartitions.map(decoder(held))),
  };
}

/** How many rows manifests have. */
function countQueries(labels: readonly string[]) {
  const computed = { rows: "count(*)" };
  return [
    {
      from: backupTables,
      fields: ["label"],
      computed,
      where: matching(backupTables, { label: labels }),
      groupBy: ["label"],
    },
    {
      from: backupPartitions,
      fields: ["label"],
      computed,
      where: matching(backupPartitions, { label: labels, presence: "held" }),
      groupBy: ["label"],
    },
  ] as const;
}

interface CountedLabel {
  readonly label: string;
  readonly rows: number;
}

function countsOf(
  tables: readonly CountedLabel[],
  partitions: readonly CountedLabel[],
): ReadonlyMap<string, ManifestCount> {
  const held = new Map(partitions.map(({ label, rows }) => [label, rows]));
  const counts = new Map<string, ManifestCount>();
  for (const { label, rows } of tables) counts.set(label, { tables: rows, partitions: held.get(label) ?? 0 });
  for (const [label, rows] of held)
    if (!counts.has(label)) counts.set(label, { tables: 0, partitions: rows });
  return counts;
}

/** Who gets what a large read of manifests brings: first the counts and the tables, then the partitions. */
export interface ManifestReader {
  onTables(tables: readonly ManifestTable[], counts: ReadonlyMap<string, ManifestCount>): void;
  /** Gets all rows of one table, of every label. */
  onTable(partitions: readonly ManifestPartition[]): void;
}

/** Reads manifests of very many partitions; one statement. */
export async function eachTablesManifest(
  catalog: Catalog,
  labels: readonly string[],
  { onTables, onTable }: ManifestReader,
): Promise<void> {
  if (labels.length === 0) return onTables([], new Map());
  const [tablesSeen, held] = countQueries(labels);
  const ofTables = tablesQuery(labels);
  const ofPartitions = {
    ...partitionsQuery(matching(backupPartitions, { label: labels })),
    fields: byTable(partitionFields),
  };
  const decode = {
    count: decoder(tablesSeen),
    held: decoder(held),
    table: decoder(ofTables),
    partition: decoder(ofPartitions),
  };
  const [counted, countedHeld]: [CountedLabel[], CountedLabel[]] = [[], []];
  const tables: ManifestTable[] = [];
  const partitions = neighbours(onTable);
  let begun = false;
  const begin = () => {
    if (!begun) onTables(tables, countsOf(counted, countedHeld));
    begun = true;
  };
  const queries = [tablesSeen, held, ofTables, ofPartitions];
  await eachTogether(catalog, { queries, sortedBy: 2 }, "read the manifest", (index, row) => {
    if (index === 0) counted.push(decode.count(row));
    else if (index === 1) countedHeld.push(decode.held(row));
    else if (index === 2) tables.push(decode.table(row));
    else {
      begin();
      partitions.add(decode.partition(row));
    }
  });
  begin();
  partitions.end();
}

/** The fields by which the rows of a table are neighbours come first. */
function byTable<Field extends string>(fields: readonly Field[]): readonly Field[] {
  const first = (field: string) => ["database", "table"].includes(field);
  return [...fields.filter(first), ...fields.filter((field) => !first(field))];
}

/** A table in the restore point of a label. */
export type LabelOfTable = Pick<ManifestTable, "label" | "database" | "table">;

/** What is asked for to know which labels have some tables in their restore points, finished or not. */
export function labelsQuery(scopes: readonly DatabaseScope[]) {
  const fields = ["label", "database", "table"] as const;
  return { from: backupTables, fields, where: tablesIn(backupTables, scopes) };
}

/** The same of what {@link labelsQuery} gave. */
export function labelsOf(found: readonly Row[], scopes: readonly DatabaseScope[]): readonly LabelOfTable[] {
  return found.map(decoder(labelsQuery([]))).filter(inScopes(scopes));
}

function tablesIn(
  table: typeof backupTables | typeof backupPartitions,
  scopes: readonly DatabaseScope[],
): string {
  return inScope(scopes, column(table, "database"), column(table, "table"));
}

/** Gives the manifest of a failed attempt to the next one; may be repeated. */
export async function copyManifest(catalog: Catalog, from: string, to: string): Promise<void> {
  const label = literal(to);
  const hash = (...names: readonly string[]) => `md5(concat_ws('|', ${[label, ...names].join(", ")}))`;
  const table = [column(backupTables, "database"), column(backupTables, "table")];
  await catalog.session.execute(
    copyStatement(catalog, backupTables, { keyHash: hash(...table), label }, { label: from }),
    `copy the manifest's tables of ${from} to ${to}`,
  );
  const partition = [...table, column(backupPartitions, "partition")];
  const replaced = { keyHash: hash(...partition), label, createdAt: now.sql };
  await catalog.session.execute(
    copyStatement(catalog, backupPartitions, replaced, { label: from }),
    `copy the manifest of ${from} to ${to}`,
  );
}

/** Turns a partition that vanished before its snapshot into a tombstone. */
export async function markDropped(
  catalog: Catalog,
  label: string,
  table: string,
  partition: string,
): Promise<void> {
  const tombstone = { presence: "dropped", fingerprint: "", rows: 0, bytes: 0 } as const;
  await catalog.session.execute(
    updateStatement(catalog, backupPartitions, tombstone, { label, table, partition }),
    `mark ${table}.${partition} as dropped in the manifest of ${label}`,
  );
}

/** Takes tables out of a manifest that has not been submitted. */
export async function removeTables(
  catalog: Catalog,
  label: string,
  tables: readonly string[],
): Promise<void> {
  for (const table of [backupPartitions, backupTables]) {
    await catalog.session.execute(
      deleteStatement(catalog, table, { label, table: tables }),
      `take tables out of the manifest of ${label}`,
    );
  }
}
