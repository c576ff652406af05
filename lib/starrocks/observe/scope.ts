import { literal, literals } from "../quote.ts";

/** The tables a listing is about: some of a database's, or all of them. */
export interface DatabaseScope {
  readonly database: string;
  /** Undefined: every table of now. */
  readonly tables: readonly string[] | undefined;
}

/**
 * Beyond these a condition says less than the scopes do. StarRocks allows 10,000 children of an expression, and about as
 * many nodes of all its terms (starrocks.md §15).
 */
const most = { names: 5000, terms: 500, databases: 5000 };

/** A WHERE condition over two columns that name database and table; what it gives beyond the scopes, {@link inScopes} tells. */
export function inScope(
  scopes: readonly DatabaseScope[],
  databaseColumn: string,
  tableColumn: string,
): string {
  if (scopes.length === 0) return "FALSE";
  const names = scopes.reduce((sum, { tables }) => sum + (tables?.length ?? 0), 0);
  if (scopes.length > most.databases) return "TRUE";
  if (names > most.names || scopes.length > most.terms) {
    return `${databaseColumn} IN ${literals(scopes.map((scope) => scope.database))}`;
  }
  const conditions = scopes.map(({ database, tables }) => {
    const inDatabase = `${databaseColumn} = ${literal(database)}`;
    return tables === undefined ? inDatabase : `(${inDatabase} AND ${tableColumn} IN ${literals(tables)})`;
  });
  return `(${conditions.join(" OR ")})`;
}

/** Whether a table is in one of the scopes. */
export function inScopes(
  scopes: readonly DatabaseScope[],
): (table: { readonly database: string; readonly table: string }) => boolean {
  const byDatabase = new Map<string, ReadonlySet<string> | undefined>();
  for (const { database, tables } of scopes) byDatabase.set(database, tables && new Set(tables));
  return ({ database, table }) => byDatabase.has(database) && (byDatabase.get(database)?.has(table) ?? true);
}
