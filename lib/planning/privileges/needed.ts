import { groupBy } from "../../group-by.ts";
import type { Needed, Privilege } from "../../starrocks/statements/grant.ts";
import { type PlannedRestore, sourceOf } from "../restore/restore-plan.ts";

/** The catalog's tables, whatever the database is called. */
export interface CatalogTables {
  readonly database: string;
  readonly tables: readonly string[];
}

/** What a backup needs beside EXPORT on each table (starrocks.md §13). */
export function neededByBackup(catalog: CatalogTables): readonly Needed[] {
  return [
    { privileges: ["repository"], on: { kind: "system" } },
    { privileges: ["select", "insert", "update", "delete"], on: { kind: "tables", ...catalog } },
  ];
}

/**
 * What the statements of a restore need (starrocks.md §13). Tables are made under names of their own, so only a grant on
 * all tables of a database covers them.
 *
 * @param databases that are there
 * @param live `database.table` of what is there
 */
export function neededByRestore(
  catalog: CatalogTables,
  tables: readonly PlannedRestore[],
  databases: ReadonlySet<string>,
  live: ReadonlySet<string>,
): readonly Needed[] {
  const needed = [...neededByBackup(catalog)];
  for (const [database, ofDatabase] of groupBy(tables, (each) => each.database)) {
    const isThere = databases.has(database);
    // RESTORE wants INSERT on what has the table's original name, aliases or not.
    const inserts = ofDatabase.some(
      (each) =>
        each.parts.length > 1 || each.only !== undefined || live.has(`${database}.${sourceOf(each).table}`),
    );
    const privileges: readonly Privilege[] = inserts
      ? ["select", "insert", "alter", "drop"]
      : ["select", "alter", "drop"];
    if (isThere) {
      needed.push({ privileges: ["create-table"], on: { kind: "database", database } });
      needed.push({ privileges, on: { kind: "new-tables", database } });
    } else {
      needed.push({ privileges: ["create-database"], on: { kind: "catalog" } });
      needed.push({ privileges: ["create-table"], on: { kind: "new-database" } });
      needed.push({ privileges, on: { kind: "new-tables-anywhere" } });
    }
  }
  return needed;
}
