import { digest } from "../digest.ts";
import type { ColumnDefinition, TableConfig } from "../starrocks/observe/tables.ts";
import { tableProperties } from "./table-properties.ts";

/* A schema hash is three digests: of the layout, of the rest of the definition, and of the newest schema change. */
const layoutLength = 16;
const definitionLength = 24;
const length = 32;

/**
 * Hash of a table's definition: no partition fingerprint shows that it changed. The layout is what RESTORE compares between
 * a snapshot and a table, and what decides how rows are laid out. The rest is what else SHOW CREATE TABLE shows, the
 * comment and the properties, but for those that RESTORE sets itself.
 */
export function definitionHash(config: TableConfig, columns: readonly ColumnDefinition[]): string {
  const properties = tableProperties(config);
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
  return (
    valueDigest(layout, layoutLength) + valueDigest([config.comment, rest], definitionLength - layoutLength)
  );
}

/** What is known of a table's schema changes. */
export interface SchemaChanges {
  /** Id of the newest job that StarRocks still lists. */
  readonly job: string | undefined;
  /** Label of the newest restore point of the table's database. */
  readonly label: string | undefined;
  /** Schema hash of the table there. */
  readonly before: string | undefined;
}

/**
 * The hash by which two states of a table's schema are told apart. A column that is dropped and added again leaves the
 * definition as it was and takes the values with it; only the list of schema changes shows it. StarRocks forgets a change
 * after a week (`history_job_keep_max_second`), so the newest one is handed on from restore point to restore point; where
 * that is not possible the table counts as changed.
 */
export function schemaHash(definition: string, { job, label, before }: SchemaChanges): string {
  const changeLength = length - definitionLength;
  if (job !== undefined) return definition + valueDigest(job, changeLength);
  return definition + (before?.slice(definitionLength) || valueDigest(label ?? "", changeLength));
}

/** Whether a schema hash was made from this definition, or two definitions are the same. */
export function haveSameDefinition(one: string, other: string): boolean {
  return one.slice(0, definitionLength) === other.slice(0, definitionLength);
}

/** Whether partitions of a table with one definition can be put beside those of a table with the other. */
export function haveSameLayout(one: string, other: string): boolean {
  return one.slice(0, layoutLength) === other.slice(0, layoutLength);
}

/** The restored table gets these from the RESTORE statement or loses them (starrocks.md §6.4). */
export const setByRestore: ReadonlySet<string> = new Set([
  "replication_num",
  "storage_medium",
  "storage_cooldown_time",
  "storage_cooldown_ttl",
  "colocate_with",
]);

function valueDigest(value: unknown, digits: number): string {
  return digest(JSON.stringify(value), digits);
}
