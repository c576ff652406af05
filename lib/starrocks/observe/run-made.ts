import { text } from "../row.ts";
import type { Session } from "../session.ts";

/** A table by its name and by what stays the same whatever it is called. */
export interface IdentifiedTable {
  readonly database: string;
  readonly table: string;
  /** Never given again. */
  readonly id: string;
}

/**
 * The tables of all databases whose names have the form of those that restores make; one statement.
 *
 * @param hasForm tells the form exactly: in LIKE an underscore is any character
 */
export async function readTablesOfForm(
  session: Session,
  hasForm: (table: string) => boolean,
): Promise<readonly IdentifiedTable[]> {
  const rows = await session.query(
    `SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ID FROM information_schema.tables_config
     WHERE TABLE_ENGINE = 'OLAP'
       AND (TABLE_NAME LIKE '%__r_%' OR TABLE_NAME LIKE '%__p_%' OR TABLE_NAME LIKE '%__replaced_%')`,
    "list the tables that restores have made",
  );
  return rows
    .map((row) => ({
      database: text(row, "TABLE_SCHEMA"),
      table: text(row, "TABLE_NAME"),
      id: text(row, "TABLE_ID"),
    }))
    .filter(({ table }) => hasForm(table));
}
