import { quoteName } from "../duckdb/duck.ts";
import { duckType } from "../duckdb/translate/types.ts";
import type { Table } from "../metadata/model.ts";
import type { StorageHost } from "./storage-host.ts";

/** Rows of all partitions of a table share one DuckDB table; this column says which physical partition holds a row. */
export const partitionColumn = "__partition";

/** Named after the table's id, so that RENAME and SWAP touch metadata only. */
export const dataTable = (table: { id: number }): string => `data.t${table.id}`;

export const columnList = (table: Table): string =>
  table.columns.map((column) => quoteName(column.name)).join(", ");

export async function createDataTable(cluster: StorageHost, table: Table): Promise<void> {
  const columns = table.columns.map((column) => `${quoteName(column.name)} ${duckType(column.type)}`);
  await cluster.duck.run(
    `CREATE TABLE ${dataTable(table)} (${partitionColumn} BIGINT, ${columns.join(", ")})`,
  );
}

export async function dropDataTable(cluster: StorageHost, table: Table): Promise<void> {
  await cluster.duck.run(`DROP TABLE IF EXISTS ${dataTable(table)}`);
}

const idList = (ids: readonly number[]): string => `(SELECT unnest([${ids.join(",")}]::BIGINT[]))`;

/** SQL condition on the hidden column: these partitions only. */
export const inPartitions = (ids: readonly number[]): string =>
  ids.length === 1 ? `${partitionColumn} = ${ids[0]}` : `${partitionColumn} IN ${idList(ids)}`;

export async function deleteRows(cluster: StorageHost, table: Table, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await cluster.duck.run(`DELETE FROM ${dataTable(table)} WHERE ${inPartitions(ids)}`);
}
