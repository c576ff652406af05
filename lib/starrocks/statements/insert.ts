import { name, qualified } from "../quote.ts";

/** Puts the rows of one table into another, once per load label: StarRocks lets a label through once. */
export interface RowCopy {
  readonly database: string;
  readonly from: string;
  readonly into: string;
  readonly columns: readonly string[];
  readonly loadLabel: string;
}

export function insertFromStatement({ database, from, into, columns, loadLabel }: RowCopy): string {
  const list = columns.map(name).join(", ");
  return `INSERT INTO ${qualified(database, into)} WITH LABEL ${name(loadLabel)} (${list})
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
