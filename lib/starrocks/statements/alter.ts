import { assignments, name, qualified } from "../quote.ts";

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

/** `definition` is a partition clause as SHOW CREATE TABLE prints it: ``VALUES [("a"), ("b"))``. */
export function addPartitionStatement(
  database: string,
  table: string,
  partition: string,
  definition: string,
): string {
  return `ALTER TABLE ${qualified(database, table)} ADD PARTITION IF NOT EXISTS ${name(partition)} ${definition}`;
}

export function dropPartitionStatement(database: string, table: string, partition: string): string {
  return `ALTER TABLE ${qualified(database, table)} DROP PARTITION IF EXISTS ${name(partition)} FORCE`;
}

export function renamePartitionStatement(
  database: string,
  table: string,
  partition: string,
  newName: string,
): string {
  return `ALTER TABLE ${qualified(database, table)} RENAME PARTITION ${name(partition)} ${name(newName)}`;
}

/** Fails when the table is not there, so that nobody takes another's work for their own. FORCE as below. */
export function dropExistingTableStatement(database: string, table: string): string {
  return `DROP TABLE ${qualified(database, table)} FORCE`;
}

/** FORCE: a temporary table has no use in the recycle bin, where it would keep its space for a day. */
export function dropTableStatement(database: string, table: string): string {
  return `DROP TABLE IF EXISTS ${qualified(database, table)} FORCE`;
}
