import { literal, name, qualified } from "../starrocks/quote.ts";
import type { CatalogTable } from "./tables.ts";

/**
 * CREATE TABLE for one table of the catalog: one bucket, since bookkeeping tables are small and each tablet counts
 * versions of its own, and an explicit `replication_num`, since StarRocks' default of 3 fails on smaller clusters.
 */
export function createTableStatement(database: string, table: CatalogTable, replicationNum: number): string {
  const columns = table.columns.map((column) => `  ${name(column.name)} ${column.definition}`);
  const keys = table.key.map(name).join(", ");
  return [
    `CREATE TABLE IF NOT EXISTS ${qualified(database, table.name)} (`,
    columns.join(",\n"),
    ")",
    `${table.model} (${keys})`,
    `COMMENT ${literal(table.comment)}`,
    `DISTRIBUTED BY HASH(${keys}) BUCKETS 1`,
    `PROPERTIES ("replication_num" = "${replicationNum}")`,
  ].join("\n");
}

/** One ALTER that adds several columns to a table of an older catalog. */
export function addColumnsStatement(
  database: string,
  table: CatalogTable,
  missing: readonly string[],
): string {
  const added = table.columns
    .filter((column) => missing.includes(column.name))
    .map((column) => `${name(column.name)} ${column.definition}`);
  return `ALTER TABLE ${qualified(database, table.name)} ADD COLUMN (${added.join(", ")})`;
}
