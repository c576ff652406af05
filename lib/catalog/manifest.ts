import { batches } from "../batches.ts";
import { neighbours } from "../starrocks/observe/neighbours.ts";
import { type DatabaseScope, inScope, inScopes } from "../starrocks/observe/scope.ts";
import { literal } from "../starrocks/quote.ts";
import { count, text } from "../starrocks/row.ts";
import { at, type Catalog } from "./catalog.ts";
import { keyHash } from "./key-hash.ts";
import { now } from "./sql/column.ts";
import { matching } from "./sql/condition.ts";
import { decoder, select, selectStatement } from "./sql/read.ts";
import { column, fieldsExcept, type RowOf } from "./sql/table.ts";
import { copyStatement, deleteStatement, insertStatement, updateStatement } from "./sql/write.ts";
import { backupPartitions } from "./tables/backup-partitions.ts";
import { backupTables } from "./tables/backup-tables.ts";

const tableFields = fieldsExcept(backupTables, "keyHash");
const partitionFields = fieldsExcept(backupPartitions, "keyHash", "createdAt");

/** One table of a restore point: one row of `backup_tables`. */
export type ManifestTable = RowOf<typeof backupTables, (typeof tableFields)[number]>;

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

/** Writes a manifest; the same manifest may be written again. It counts only once its label is FINISHED. */
export async function writeManifest(
  catalog: Catalog,
  tables: readonly ManifestTable[],
  partitions: Iterable<ManifestPartition>,
): Promise<void> {
  for (const batch of batches(tables, batchSize)) {
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
  const where = matching(backupTables, { label: labels });
  return await select(
    catalog,
    { from: backupTables, fields: tableFields, where },
    "read the manifest's tables",
  );
}

/** @param scopes narrows to some tables; undefined: all of the labels */
export async function readManifestPartitions(
  catalog: Catalog,
  labels: readonly string[],
  scopes?: readonly DatabaseScope[],
): Promise<readonly ManifestPartition[]> {
  if (labels.length === 0) return [];
  const ofLabels = matching(backupPartitions, { label: labels });
  const where = scopes === undefined ? ofLabels : `${ofLabels} AND ${tablesIn(backupPartitions, scopes)}`;
  const rows = await select(
    catalog,
    { from: backupPartitions, fields: partitionFields, where },
    "read the manifest",
  );
  return scopes === undefined ? rows : rows.filter(inScopes(scopes));
}

/**
 * Reads manifests of very many partitions.
 *
 * @param onTable gets all rows of one table, of every label
 */
export async function eachTablesManifest(
  catalog: Catalog,
  labels: readonly string[],
  onTable: (partitions: readonly ManifestPartition[]) => void,
): Promise<void> {
  if (labels.length === 0) return;
  const query = {
    from: backupPartitions,
    fields: partitionFields,
    where: matching(backupPartitions, { label: labels }),
    orderBy: ["database", "table"],
  } as const;
  const decode = decoder(query);
  const tables = neighbours(onTable);
  await catalog.session.each(selectStatement(catalog, query), "read the manifest", (row) =>
    tables.add(decode(row)),
  );
  tables.end();
}

/** Which labels have a table in their restore point, finished or not. */
export async function readLabelsOfTables(
  catalog: Catalog,
  scopes: readonly DatabaseScope[],
): Promise<readonly Pick<ManifestTable, "label" | "database" | "table">[]> {
  const rows = await select(
    catalog,
    { from: backupTables, fields: ["label", "database", "table"], where: tablesIn(backupTables, scopes) },
    "look for the tables in the manifests",
  );
  return rows.filter(inScopes(scopes));
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

/** How many rows manifests have: tables, and partitions that are held. One statement for all. */
export async function countManifests(
  catalog: Catalog,
  labels: readonly string[],
): Promise<ReadonlyMap<string, ManifestCount>> {
  if (labels.length === 0) return new Map();
  const tables = `SELECT ${column(backupTables, "label")} AS label, count(*) AS table_count, 0 AS partition_count
    FROM ${at(catalog, backupTables)} WHERE ${matching(backupTables, { label: labels })} GROUP BY label`;
  const held = matching(backupPartitions, { label: labels, presence: "held" });
  const partitions = `SELECT ${column(backupPartitions, "label")} AS label, 0 AS table_count, count(*) AS partition_count
    FROM ${at(catalog, backupPartitions)} WHERE ${held} GROUP BY label`;
  const rows = await catalog.session.query(`${tables} UNION ALL ${partitions}`, "count the manifests");
  const counts = new Map<string, ManifestCount>();
  for (const row of rows) {
    const label = text(row, "label");
    const before = counts.get(label) ?? { tables: 0, partitions: 0 };
    counts.set(label, {
      tables: before.tables + count(row, "table_count"),
      partitions: before.partitions + count(row, "partition_count"),
    });
  }
  return counts;
}

/** Rows of one manifest. */
export interface ManifestCount {
  readonly tables: number;
  readonly partitions: number;
}

/** Tables and held partitions of a manifest as they are visible now. */
export async function countManifest(
  catalog: Catalog,
  label: string,
): Promise<{ readonly tables: number; readonly partitions: number }> {
  const tables = `SELECT count(*) FROM ${at(catalog, backupTables)} WHERE ${matching(backupTables, { label })}`;
  const held = matching(backupPartitions, { label, presence: "held" });
  const partitions = `SELECT count(*) FROM ${at(catalog, backupPartitions)} WHERE ${held}`;
  const [row] = await catalog.session.query(
    `SELECT (${tables}) AS table_count, (${partitions}) AS partition_count`,
    `count the manifest of ${label}`,
  );
  return row === undefined
    ? { tables: 0, partitions: 0 }
    : { tables: count(row, "table_count"), partitions: count(row, "partition_count") };
}
