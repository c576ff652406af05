import { createHash } from "node:crypto";
import type { ColumnDefinition, TableConfig } from "../starrocks/observe/tables.ts";

const half = 16;

/**
 * Hash of a table's definition: no partition fingerprint shows that it changed. The first half is the layout: what RESTORE
 * compares between a snapshot and a table, and what decides how rows are laid out. The second half is the rest of what
 * SHOW CREATE TABLE shows, the comment and the properties, but for those that RESTORE sets itself.
 */
export function schemaHash(config: TableConfig, columns: readonly ColumnDefinition[]): string {
  const properties = propertiesOf(config);
  const layout = {
    model: config.model,
    primaryKey: config.primaryKey,
    partitionKey: config.partitionKey,
    distributionKey: config.distributionKey,
    distributionType: config.distributionType,
    sortKey: config.sortKey,
    // The only properties that RESTORE's signature covers.
    bloomFilter: [properties.get("bloom_filter_columns"), properties.get("bloom_filter_fpp")],
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
  const rest = [...properties].filter(([name]) => !setByRestore.has(name)).sort();
  return digest(layout) + digest([config.comment, rest]);
}

/** Whether partitions of a table with one definition can be put beside those of a table with the other. */
export function haveSameLayout(one: string, other: string): boolean {
  return one.slice(0, half) === other.slice(0, half);
}

/** The restored table gets these from the RESTORE statement or loses them (starrocks.md §6.4). */
const setByRestore: ReadonlySet<string> = new Set([
  "replication_num",
  "storage_medium",
  "storage_cooldown_time",
  "storage_cooldown_ttl",
  "colocate_with",
]);

function propertiesOf({ properties }: TableConfig): ReadonlyMap<string, string> {
  const parsed: unknown = properties === "" ? {} : JSON.parse(properties);
  return new Map(Object.entries(parsed ?? {}).map(([key, value]) => [key, String(value)]));
}

function digest(value: unknown): string {
  return createHash("md5").update(JSON.stringify(value)).digest("hex").slice(0, half);
}
