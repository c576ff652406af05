import { literal, name, qualified } from "../../starrocks/quote.ts";
import type { Column } from "./column.ts";
import { column, type Table } from "./table.ts";

/**
 * CREATE TABLE for one table of the catalog: one bucket, since bookkeeping tables are small and each tablet counts
 * versions of its own, and an explicit `replication_num`, since StarRocks' default of 3 fails on smaller clusters.
 */
export function createTableStatement(database: string, table: Table, replicationNum: number): string {
  const keys = table.key.map((field) => column(table, field)).join(", ");
  return [
    `CREATE TABLE IF NOT EXISTS ${qualified(database, table.name)} (`,
    Object.values(table.columns)
      .map((each) => `  ${defined(each)}`)
      .join(",\n"),
    ")",
    `${table.model} (${keys})`,
    `COMMENT ${literal(table.comment)}`,
    `DISTRIBUTED BY HASH(${keys}) BUCKETS 1`,
    `PROPERTIES ("replication_num" = "${replicationNum}")`,
  ].join("\n");
}

/** Columns that a table of an older catalog lacks. */
export function missingColumns(table: Table, present: ReadonlySet<string>): readonly Column<unknown>[] {
  return Object.values(table.columns).filter((each) => !present.has(each.name));
}

/** One ALTER that adds them all. */
export function addColumnsStatement(
  database: string,
  table: Table,
  missing: readonly Column<unknown>[],
): string {
  return `ALTER TABLE ${qualified(database, table.name)} ADD COLUMN (${missing.map(defined).join(", ")})`;
}

function defined(each: Column<unknown>): string {
  return `${name(each.name)} ${each.definition}`;
}
