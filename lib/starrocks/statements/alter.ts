import { assignments, literal, literals, name, properties, qualified } from "../quote.ts";

/** One atomic statement; objects keep their ids, names are exchanged. Same database only. */
export function swapStatement(database: string, table: string, other: string): string {
  return `ALTER TABLE ${qualified(database, table)} SWAP WITH ${name(other)}`;
}

export function renameStatement(database: string, table: string, newName: string): string {
  return `ALTER TABLE ${qualified(database, table)} RENAME ${name(newName)}`;
}

/** One property at a time: StarRocks takes no more in one statement. */
export function setPropertyStatement(
  database: string,
  table: string,
  [property, value]: readonly [name: string, value: string],
): string {
  return `ALTER TABLE ${qualified(database, table)} SET ${assignments({ [property]: value })}`;
}

/** A materialized view whose table was swapped works again by this (starrocks.md §21.5). */
export function activateStatement(database: string, view: string): string {
  return `ALTER MATERIALIZED VIEW ${qualified(database, view)} ACTIVE`;
}

/** A partition with its own bounds or values. */
export type PartitionDefinition =
  /** A tuple, or one value, per item. */
  | { readonly kind: "list"; readonly items: readonly (readonly string[])[] }
  /** A value per column; `MAXVALUE` for no bound. */
  | { readonly kind: "range"; readonly lower: readonly string[]; readonly upper: readonly string[] }
  /** Everything above the range before. */
  | { readonly kind: "rest" }
  /** One unit of a table with automatic partitions: StarRocks names it, and knows no IF NOT EXISTS here. */
  | { readonly kind: "unit"; readonly start: string; readonly end: string; readonly unit: string };

/** Sets the next id that a table gives to a row, never back. StarRocks knows it since 4.1. */
export function setAutoIncrementStatement(database: string, table: string, next: bigint): string {
  return `ALTER TABLE ${qualified(database, table)} AUTO_INCREMENT = ${next}`;
}

/** How a partition's rows are spread: over its own number of buckets, by the table's columns. */
export interface Buckets {
  /** None: at random. */
  readonly columns: readonly string[];
  readonly count: number;
}

export interface AddedPartition {
  readonly partition: string;
  readonly definition: PartitionDefinition;
  readonly buckets: Buckets;
  readonly replicationNum: number;
  readonly storageMedium: string;
}

/**
 * One partition a statement: StarRocks refuses a second ADD PARTITION in the same ALTER TABLE. The properties of a single
 * one stand before its distribution, those of a series behind (starrocks.md §21.2).
 */
export function addPartitionStatement(
  database: string,
  table: string,
  { partition, definition, buckets, replicationNum, storageMedium }: AddedPartition,
): string {
  const alter = `ALTER TABLE ${qualified(database, table)}`;
  const spread = buckets.columns.length === 0 ? "RANDOM" : `HASH (${buckets.columns.map(name).join(", ")})`;
  const distribution = `DISTRIBUTED BY ${spread} BUCKETS ${buckets.count}`;
  const own = { replication_num: String(replicationNum), storage_medium: storageMedium };
  if (definition.kind === "unit") {
    const { start, end, unit } = definition;
    return `${alter} ADD PARTITIONS START (${literal(start)}) END (${literal(end)}) EVERY (INTERVAL 1 ${unit}) ${distribution} ${properties(own)}`;
  }
  return `${alter} ADD PARTITION IF NOT EXISTS ${name(partition)} ${values(definition)} ${assignments(own)} ${distribution}`;
}

function values(definition: Exclude<PartitionDefinition, { readonly kind: "unit" }>): string {
  switch (definition.kind) {
    case "list":
      return `VALUES IN (${definition.items.map(item).join(", ")})`;
    case "range":
      return `VALUES [${bound(definition.lower)}, ${bound(definition.upper)})`;
    case "rest":
      return "VALUES LESS THAN MAXVALUE";
  }
}

function item(tuple: readonly string[]): string {
  return tuple.length === 1 ? literal(tuple[0] ?? "") : literals(tuple);
}

function bound(keys: readonly string[]): string {
  return `(${keys.map((key) => (key === "MAXVALUE" ? key : literal(key))).join(", ")})`;
}

export function dropPartitionStatement(database: string, table: string, partition: string): string {
  return `ALTER TABLE ${qualified(database, table)} DROP PARTITION IF EXISTS ${name(partition)} FORCE`;
}

/** A table of the same definition and with the same partitions, without rows. */
export function createLikeStatement(database: string, table: string, like: string): string {
  return `CREATE TABLE IF NOT EXISTS ${qualified(database, table)} LIKE ${qualified(database, like)}`;
}

/** Fails when the table is not there, so that nobody takes another's work for their own. FORCE as below. */
export function dropExistingTableStatement(database: string, table: string): string {
  return `DROP TABLE ${qualified(database, table)} FORCE`;
}

/** FORCE: a temporary table has no use in the recycle bin, where it would keep its space for a day. */
export function dropTableStatement(database: string, table: string): string {
  return `DROP TABLE IF EXISTS ${qualified(database, table)} FORCE`;
}
