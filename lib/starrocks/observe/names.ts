import { literal, literals } from "../quote.ts";
import { text } from "../row.ts";
import type { Session } from "../session.ts";

/**
 * Names of a database's tables that are among the given ones or contain the mark.
 *
 * @param mark hexadecimal, so that no character of it is a LIKE wildcard
 */
export async function readTableNames(
  session: Session,
  database: string,
  tables: readonly string[],
  mark: string,
): Promise<ReadonlySet<string>> {
  const { condition, isMeant } = amongNames(tables, mark);
  const rows = await session.query(
    `SELECT TABLE_NAME FROM information_schema.tables WHERE TABLE_SCHEMA = ${literal(database)}${condition}`,
    `list the tables of ${database}`,
  );
  return new Set(rows.map((row) => text(row, "TABLE_NAME")).filter(isMeant));
}

/** What narrows a list of tables to some names and those with a mark: a condition in SQL, and what it gives too much. */
export function amongNames(
  tables: readonly string[],
  mark: string,
): { readonly condition: string; readonly isMeant: (table: string) => boolean } {
  const wanted = new Set(tables);
  return {
    // A longer list is more than StarRocks takes in a condition.
    condition:
      tables.length > longestList
        ? ""
        : ` AND (TABLE_NAME IN ${literals(tables)} OR TABLE_NAME LIKE '%${mark}%')`,
    isMeant: (table) => wanted.has(table) || table.includes(mark),
  };
}

const longestList = 5000;

/** Those of some databases that are there, and that the user may see. */
export async function readDatabases(
  session: Session,
  databases: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await session.query(
    `SELECT SCHEMA_NAME FROM information_schema.schemata WHERE SCHEMA_NAME IN ${literals(databases)}`,
    "look for databases",
  );
  return new Set(rows.map((row) => text(row, "SCHEMA_NAME")));
}

export async function databaseExists(session: Session, database: string): Promise<boolean> {
  return (await readDatabases(session, [database])).has(database);
}
