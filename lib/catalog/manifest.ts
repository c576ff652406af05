import { neighbours } from "../starrocks/observe/neighbours.ts";
import { type DatabaseScope, inScope } from "../starrocks/observe/scope.ts";
import { literal, literals } from "../starrocks/quote.ts";
import { count, flag, text } from "../starrocks/row.ts";
import type { Row } from "../starrocks/session.ts";
import { at, type Catalog } from "./catalog.ts";
import { insertStatement } from "./insert.ts";
import { keyHash } from "./key-hash.ts";

/**
 * How a restore point holds a table: all of it, the first partitions of all of it (later parts of the run hold the
 * others), the partitions that changed, or nothing new.
 */
export type TableContent = "whole" | "split" | "partitions" | "unchanged";
export type PartitionKind = "none" | "range" | "list";

/** One table of a restore point: one row of `backup_tables`. */
export interface ManifestTable {
  readonly label: string;
  readonly database: string;
  readonly table: string;
  readonly content: TableContent;
  readonly schemaHash: string;
  readonly partitionKind: PartitionKind;
  /** Partitions are made by loads (expression or automatic list partitioning). */
  readonly automatic: boolean;
  readonly replicationNum: number;
}

/** One partition of a manifest: held by the snapshot, or dropped since its baseline (a tombstone). */
export interface ManifestPartition {
  readonly label: string;
  readonly database: string;
  readonly table: string;
  readonly partition: string;
  readonly presence: "held" | "dropped";
  /** Empty for tombstones. */
  readonly fingerprint: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Rows a statement: below StarRocks' 10,000 VALUES rows and around 1 MB of text. */
const batchSize = 5000;

/** Writes a manifest; the same manifest may be written again. It counts only once its label is FINISHED. */
export async function writeManifest(
  catalog: Catalog,
  tables: readonly ManifestTable[],
  partitions: Iterable<ManifestPartition>,
): Promise<void> {
  for (const batch of batches(tables)) {
    const rows = batch.map((table) => ({
      key_hash: keyHash(table.label, table.database, table.table),
      label: table.label,
      database_name: table.database,
      table_name: table.table,
      content: table.content,
      schema_hash: table.schemaHash,
      partition_kind: table.partitionKind,
      automatic: table.automatic,
      replication_num: table.replicationNum,
    }));
    await catalog.session.execute(
      insertStatement(catalog, "backup_tables", rows),
      "write the manifest's tables",
    );
  }
  for (const batch of batches(partitions)) {
    const rows = batch.map((partition) => ({
      key_hash: keyHash(partition.label, partition.database, partition.table, partition.partition),
      label: partition.label,
      database_name: partition.database,
      table_name: partition.table,
      partition_name: partition.partition,
      presence: partition.presence,
      fingerprint: partition.fingerprint,
      row_count: partition.rows,
      byte_count: partition.bytes,
    }));
    await catalog.session.execute(insertStatement(catalog, "backup_partitions", rows), "write the manifest");
  }
}

/** Removes the manifest of an attempt that failed. */
export async function deleteManifest(catalog: Catalog, label: string): Promise<void> {
  for (const table of ["backup_partitions", "backup_tables"] as const) {
    await catalog.session.execute(
      `DELETE FROM ${at(catalog, table)} WHERE label = ${literal(label)}`,
      `remove the manifest of ${label}`,
    );
  }
}

export async function readManifestTables(
  catalog: Catalog,
  labels: readonly string[],
): Promise<readonly ManifestTable[]> {
  if (labels.length === 0) return [];
  const rows = await catalog.session.query(
    `SELECT label, database_name, table_name, content, schema_hash, partition_kind, automatic, replication_num
     FROM ${at(catalog, "backup_tables")} WHERE label IN ${literals(labels)}`,
    "read the manifest's tables",
  );
  return rows.map((row) => ({
    label: text(row, "label"),
    database: text(row, "database_name"),
    table: text(row, "table_name"),
    content: text(row, "content") as TableContent,
    schemaHash: text(row, "schema_hash"),
    partitionKind: text(row, "partition_kind") as PartitionKind,
    automatic: flag(row, "automatic"),
    replicationNum: count(row, "replication_num"),
  }));
}

/** @param scopes narrows to some tables; undefined: all of the labels */
export async function readManifestPartitions(
  catalog: Catalog,
  labels: readonly string[],
  scopes?: readonly DatabaseScope[],
): Promise<readonly ManifestPartition[]> {
  if (labels.length === 0) return [];
  const narrowed = scopes === undefined ? "" : ` AND ${inScope(scopes, "database_name", "table_name")}`;
  const rows = await catalog.session.query(
    `${selectPartitions(catalog, labels)}${narrowed}`,
    "read the manifest",
  );
  return rows.map(manifestPartition);
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
  const tables = neighbours(onTable);
  await catalog.session.each(
    `${selectPartitions(catalog, labels)} ORDER BY database_name, table_name`,
    "read the manifest",
    (row) => tables.add(manifestPartition(row)),
  );
  tables.end();
}

function selectPartitions(catalog: Catalog, labels: readonly string[]): string {
  return `SELECT label, database_name, table_name, partition_name, presence, fingerprint, row_count, byte_count
    FROM ${at(catalog, "backup_partitions")} WHERE label IN ${literals(labels)}`;
}

function manifestPartition(row: Row): ManifestPartition {
  return {
    label: text(row, "label"),
    database: text(row, "database_name"),
    table: text(row, "table_name"),
    partition: text(row, "partition_name"),
    presence: text(row, "presence") === "dropped" ? "dropped" : "held",
    fingerprint: text(row, "fingerprint"),
    rows: count(row, "row_count"),
    bytes: count(row, "byte_count"),
  };
}

function* batches<Item>(items: Iterable<Item>): Generator<readonly Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Which labels have a table in their restore point, finished or not. */
export async function readLabelsOfTables(
  catalog: Catalog,
  scopes: readonly DatabaseScope[],
): Promise<readonly Pick<ManifestTable, "label" | "database" | "table">[]> {
  const rows = await catalog.session.query(
    `SELECT label, database_name, table_name FROM ${at(catalog, "backup_tables")}
     WHERE ${inScope(scopes, "database_name", "table_name")}`,
    "look for the tables in the manifests",
  );
  return rows.map((row) => ({
    label: text(row, "label"),
    database: text(row, "database_name"),
    table: text(row, "table_name"),
  }));
}

/** Gives the manifest of a failed attempt to the next one; may be repeated. */
export async function copyManifest(catalog: Catalog, from: string, to: string): Promise<void> {
  const hash = (names: string) => `md5(concat_ws('|', ${literal(to)}, ${names}))`;
  await catalog.session.execute(
    `INSERT INTO ${at(catalog, "backup_tables")}
       (key_hash, label, database_name, table_name, content, schema_hash, partition_kind, automatic, replication_num)
     SELECT ${hash("database_name, table_name")}, ${literal(to)}, database_name, table_name, content, schema_hash,
            partition_kind, automatic, replication_num
     FROM ${at(catalog, "backup_tables")} WHERE label = ${literal(from)}`,
    `copy the manifest's tables of ${from} to ${to}`,
  );
  await catalog.session.execute(
    `INSERT INTO ${at(catalog, "backup_partitions")}
       (key_hash, label, database_name, table_name, partition_name, presence, fingerprint, row_count, byte_count)
     SELECT ${hash("database_name, table_name, partition_name")}, ${literal(to)}, database_name, table_name,
            partition_name, presence, fingerprint, row_count, byte_count
     FROM ${at(catalog, "backup_partitions")} WHERE label = ${literal(from)}`,
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
  await catalog.session.execute(
    `UPDATE ${at(catalog, "backup_partitions")}
     SET presence = 'dropped', fingerprint = '', row_count = 0, byte_count = 0
     WHERE label = ${literal(label)} AND table_name = ${literal(table)} AND partition_name = ${literal(partition)}`,
    `mark ${table}.${partition} as dropped in the manifest of ${label}`,
  );
}

/** Takes tables out of a manifest that has not been submitted. */
export async function removeTables(
  catalog: Catalog,
  label: string,
  tables: readonly string[],
): Promise<void> {
  for (const table of ["backup_partitions", "backup_tables"] as const) {
    await catalog.session.execute(
      `DELETE FROM ${at(catalog, table)} WHERE label = ${literal(label)} AND table_name IN ${literals(tables)}`,
      `take tables out of the manifest of ${label}`,
    );
  }
}

/** Tables and held partitions of a manifest as they are visible now. */
export async function countManifest(
  catalog: Catalog,
  label: string,
): Promise<{ readonly tables: number; readonly partitions: number }> {
  const [row] = await catalog.session.query(
    `SELECT (SELECT count(*) FROM ${at(catalog, "backup_tables")} WHERE label = ${literal(label)}) AS table_count,
            (SELECT count(*) FROM ${at(catalog, "backup_partitions")}
             WHERE label = ${literal(label)} AND presence = 'held') AS partition_count`,
    `count the manifest of ${label}`,
  );
  return row === undefined
    ? { tables: 0, partitions: 0 }
    : { tables: count(row, "table_count"), partitions: count(row, "partition_count") };
}
