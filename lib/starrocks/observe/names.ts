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
  // A longer list is more than StarRocks takes in a condition.
  const narrowed =
    tables.length > longestList
      ? ""
      : ` AND (TABLE_NAME IN ${literals(tables)} OR TABLE_NAME LIKE '%${mark}%')`;
  const rows = await session.query(
    `SELECT TABLE_NAME FROM information_schema.tables WHERE TABLE_SCHEMA = ${literal(database)}${narrowed}`,
    `list the tables of ${database}`,
  );
  const wanted = new Set(tables);
  const names = rows.map((row) => text(row, "TABLE_NAME"));
  return new Set(names.filter((name) => wanted.has(name) || name.includes(mark)));
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
