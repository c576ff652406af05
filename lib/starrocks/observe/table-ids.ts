import { literal, literals } from "../quote.ts";
import { text } from "../row.ts";
import type { Session } from "../session.ts";

/** Ids of those of a database's tables that are there, by name. SWAP and RENAME change names and leave ids. */
export async function readTableIds(
  session: Session,
  database: string,
  tables: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (tables.length === 0) return new Map();
  const rows = await session.query(
    `SELECT TABLE_NAME, TABLE_ID FROM information_schema.tables_config
     WHERE TABLE_SCHEMA = ${literal(database)} AND TABLE_NAME IN ${literals(tables)}`,
    `look at the tables of ${database}`,
  );
  return new Map(rows.map((row) => [text(row, "TABLE_NAME"), text(row, "TABLE_ID")]));
}

/** The highest id of a table that the user sees; `0` without any. */
export async function readNewestTable(session: Session): Promise<string> {
  const [row] = await session.query(
    "SELECT max(TABLE_ID) AS TABLE_ID FROM information_schema.tables_config WHERE TABLE_ENGINE = 'OLAP'",
    "look for the newest table",
  );
  return row === undefined ? "0" : text(row, "TABLE_ID") || "0";
}
