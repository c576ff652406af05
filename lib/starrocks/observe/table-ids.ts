import { text } from "../row.ts";
import type { Session } from "../session.ts";
import { inScope, inScopes } from "./scope.ts";

/** Ids of those of a database's tables that are there, by name. SWAP and RENAME change names and leave ids. */
export async function readTableIds(
  session: Session,
  database: string,
  tables: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (tables.length === 0) return new Map();
  const scopes = [{ database, tables }];
  const rows = await session.query(
    `SELECT TABLE_NAME, TABLE_ID FROM information_schema.tables_config
     WHERE ${inScope(scopes, "TABLE_SCHEMA", "TABLE_NAME")}`,
    `look at the tables of ${database}`,
  );
  const isMeant = inScopes(scopes);
  return new Map(
    rows
      .map((row) => [text(row, "TABLE_NAME"), text(row, "TABLE_ID")] as const)
      .filter(([table]) => isMeant({ database, table })),
  );
}
