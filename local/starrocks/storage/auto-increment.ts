import { quoteName } from "../duckdb/duck.ts";
import type { Table } from "../metadata/model.ts";
import { filteredData } from "./stage.ts";
import type { StorageHost } from "./storage-host.ts";

export interface NewIds {
  /** Whether rows may come without one: a query that names the column has to yield it. */
  readonly optional: boolean;
  /** How many ids a backend gets at once. */
  readonly interval: number;
  readonly txnId: number;
}

/** Gives staged rows without an id one; rows that bring theirs do not move the counter. Within a change. */
export async function fillAutoIncrement(
  host: StorageHost,
  table: Table,
  stage: string,
  { optional, interval, txnId }: NewIds,
): Promise<void> {
  const column = table.columns.find((one) => one.autoIncrement);
  if (!column) return;
  const name = quoteName(column.name);
  const rows = await host.duck.rows(`SELECT rowid FROM ${stage} WHERE ${name} IS NULL ORDER BY rowid`);
  if (rows.length === 0) return;
  if (!optional) throw filteredData(txnId, `NULL value in auto increment column '${column.name}'`);
  host.catalog.touch("relation", table.id);
  const ids = host.idIntervals.take(table, rows.length, interval);
  const pairs = rows.map(([row], index) => `(${row},${ids[index]})`);
  await host.duck.run(
    `UPDATE ${stage} SET ${name} = g.id FROM (VALUES ${pairs.join(",")}) AS g(r, id) WHERE ${stage}.rowid = g.r`,
  );
}
