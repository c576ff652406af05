import { literal, literals } from "../quote.ts";

/** The tables a listing is about: some of a database's, or all of them. */
export interface DatabaseScope {
  readonly database: string;
  /** Undefined: every table of now. */
  readonly tables: readonly string[] | undefined;
}

/** Above this many names the listing of a database is filtered by database alone (`expr_children_limit` is 10,000). */
const longestNameList = 5000;

/** A WHERE condition over two columns that name database and table. */
export function inScope(
  scopes: readonly DatabaseScope[],
  databaseColumn: string,
  tableColumn: string,
): string {
  if (scopes.length === 0) return "FALSE";
  const conditions = scopes.map(({ database, tables }) => {
    const inDatabase = `${databaseColumn} = ${literal(database)}`;
    if (tables === undefined || tables.length > longestNameList) return inDatabase;
    return `(${inDatabase} AND ${tableColumn} IN ${literals(tables)})`;
  });
  return `(${conditions.join(" OR ")})`;
}
