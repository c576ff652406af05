import { createHash } from "node:crypto";
import type { ColumnDefinition, TableConfig } from "../starrocks/observe/tables.ts";

/**
 * Hash of what RESTORE compares between a snapshot and a table, and of what decides how rows are laid out: no
 * partition fingerprint shows a schema change. Table name, comments of the table and properties that change by
 * themselves stay out.
 */
export function schemaHash(config: TableConfig, columns: readonly ColumnDefinition[]): string {
  const shape = {
    model: config.model,
    primaryKey: config.primaryKey,
    partitionKey: config.partitionKey,
    distributionKey: config.distributionKey,
    distributionType: config.distributionType,
    sortKey: config.sortKey,
    bloomFilter: bloomFilter(config.properties),
    columns: columns.map((column) => [
      column.column,
      column.type,
      column.nullable,
      column.key,
      column.defaultValue ?? null,
      column.comment,
      column.generation ?? null,
    ]),
  };
  return createHash("md5").update(JSON.stringify(shape)).digest("hex");
}

/** The only properties that RESTORE's signature covers. */
function bloomFilter(properties: string): readonly (string | undefined)[] {
  const parsed: unknown = properties === "" ? {} : JSON.parse(properties);
  const table = new Map(Object.entries(parsed ?? {}).map(([key, value]) => [key, String(value)]));
  return [table.get("bloom_filter_columns"), table.get("bloom_filter_fpp")];
}
