import { literal } from "../starrocks/quote.ts";
import { text } from "../starrocks/row.ts";
import { at, type Catalog } from "./catalog.ts";
import { insertStatement } from "./insert.ts";

/** A line of the inventory: one table, or all tables of a database (`*`), in one group. */
export interface InventoryEntry {
  readonly group: string;
  readonly database: string;
  readonly table: string;
}

/** Means "every table of the database, as of now" in place of a table's name. */
export const everyTable = "*";

export async function readInventory(catalog: Catalog): Promise<readonly InventoryEntry[]> {
  const rows = await catalog.session.query(
    `SELECT inventory_group, database_name, table_name FROM ${at(catalog, "table_inventory")}
     ORDER BY inventory_group, database_name, table_name`,
    "read the inventory",
  );
  return rows.map((row) => ({
    group: text(row, "inventory_group"),
    database: text(row, "database_name"),
    table: text(row, "table_name"),
  }));
}

/** Adds entries; one that is there already stays as it is. */
export async function addToInventory(catalog: Catalog, entries: readonly InventoryEntry[]): Promise<void> {
  const rows = entries.map((entry) => ({
    inventory_group: entry.group,
    database_name: entry.database,
    table_name: entry.table,
  }));
  await catalog.session.execute(insertStatement(catalog, "table_inventory", rows), "add to the inventory");
}

/** Removes entries; one that is not there is no error. */
export async function removeFromInventory(
  catalog: Catalog,
  entries: readonly InventoryEntry[],
): Promise<void> {
  for (const entry of entries) {
    await catalog.session.execute(
      `DELETE FROM ${at(catalog, "table_inventory")}
       WHERE inventory_group = ${literal(entry.group)} AND database_name = ${literal(entry.database)}
         AND table_name = ${literal(entry.table)}`,
      "remove from the inventory",
    );
  }
}
