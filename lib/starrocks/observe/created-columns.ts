import { qualified } from "../quote.ts";
import { text } from "../row.ts";
import type { Session } from "../session.ts";

/** What only SHOW CREATE TABLE tells of columns on every version (starrocks.md §21.2). */
export interface CreatedColumns {
  /** Computed from others: an INSERT must leave them out. */
  readonly generated: ReadonlySet<string>;
  /** The column that numbers rows by itself; there is one at most. */
  readonly autoIncrement: string | undefined;
}

/** information_schema names the expression of a generated column since 3.4 only, and never AUTO_INCREMENT. */
export async function readCreatedColumns(
  session: Session,
  database: string,
  table: string,
): Promise<CreatedColumns> {
  return createdColumns(await readCreateTable(session, database, table));
}

/** What SHOW CREATE TABLE prints. */
export async function readCreateTable(session: Session, database: string, table: string): Promise<string> {
  const [row] = await session.query(
    `SHOW CREATE TABLE ${qualified(database, table)}`,
    `read the definition of ${database}.${table}`,
  );
  return row === undefined ? "" : text(row, "Create Table");
}

/** @param sql as SHOW CREATE TABLE prints it: a column a line, its name, type, nullability, and what fills it */
export function createdColumns(sql: string): CreatedColumns {
  return {
    generated: new Set(names(sql, /^ {2}`((?:[^`]|``)+)` [^"'\n]*?NULL AS /gm)),
    autoIncrement: names(sql, /^ {2}`((?:[^`]|``)+)` [^"'\n]*?NULL AUTO_INCREMENT\b/gm)[0],
  };
}

function names(sql: string, pattern: RegExp): readonly string[] {
  return [...sql.matchAll(pattern)].map(([, column]) => (column ?? "").replaceAll("``", "`"));
}
