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
  const rows = await session.query(
    `SELECT TABLE_NAME FROM information_schema.tables
     WHERE TABLE_SCHEMA = ${literal(database)} AND (TABLE_NAME IN ${literals(tables)} OR TABLE_NAME LIKE '%${mark}%')`,
    `list the tables of ${database}`,
  );
  return new Set(rows.map((row) => text(row, "TABLE_NAME")));
}

export async function databaseExists(session: Session, database: string): Promise<boolean> {
  const rows = await session.query(
    `SELECT SCHEMA_NAME FROM information_schema.schemata WHERE SCHEMA_NAME = ${literal(database)}`,
    `look for database ${database}`,
  );
  return rows.length > 0;
}
