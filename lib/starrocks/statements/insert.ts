import { name, qualified } from "../quote.ts";

/** Puts the rows of one table into another, once per load label: StarRocks lets a label through once. */
export interface RowCopy {
  readonly database: string;
  readonly from: string;
  readonly into: string;
  readonly columns: readonly string[];
  readonly loadLabel: string;
}

/** @param partitions of the table that is read; undefined: all */
export function insertFromStatement(
  { database, from, into, columns, loadLabel }: RowCopy,
  partitions?: readonly string[],
): string {
  const list = columns.map(name).join(", ");
  const part = partitions === undefined ? "" : ` PARTITION (${partitions.map(name).join(", ")})`;
  return `INSERT INTO ${qualified(database, into)} WITH LABEL ${name(loadLabel)} (${list})
       SELECT ${list} FROM ${qualified(database, from)}${part}`;
}

/** Replaces partitions of a table by the rows of another one: one atomic statement, once per load label (starrocks.md §21.5). */
export function replacePartitionsStatement(
  { database, from, into, columns, loadLabel }: RowCopy,
  partitions: readonly string[],
): string {
  const list = columns.map(name).join(", ");
  const named = partitions.map(name).join(", ");
  return `INSERT OVERWRITE ${qualified(database, into)} PARTITION (${named}) WITH LABEL ${name(loadLabel)} (${list})
       SELECT ${list} FROM ${qualified(database, from)}`;
}

/** Rewrites one partition with its own rows; StarRocks makes a fresh partition, whose versions begin anew. */
export function rewritePartitionStatement(
  database: string,
  table: string,
  partition: string,
  columns: readonly string[],
): string {
  const list = columns.map(name).join(", ");
  return `INSERT OVERWRITE ${qualified(database, table)} PARTITION (${name(partition)}) (${list})
       SELECT ${list} FROM ${qualified(database, table)} PARTITION (${name(partition)})`;
}
