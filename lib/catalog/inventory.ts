import type { Catalog } from "./catalog.ts";
import { select } from "./sql/read.ts";
import type { RowOf } from "./sql/table.ts";
import { deleteStatement, insertStatement } from "./sql/write.ts";
import { tableInventory } from "./tables/table-inventory.ts";

const entryFields = ["group", "database", "table"] as const;

/** A line of the inventory: one table, or all tables of a database (`*`), in one group. */
export type InventoryEntry = RowOf<typeof tableInventory, (typeof entryFields)[number]>;

/** Means "every table of the database, as of now" in place of a table's name. */
export const everyTable = "*";

export async function readInventory(catalog: Catalog): Promise<readonly InventoryEntry[]> {
  const query = { from: tableInventory, fields: entryFields, orderBy: entryFields };
  return await select(catalog, query, "read the inventory");
}

/** Adds entries; one that is there already stays as it is. */
export async function addToInventory(catalog: Catalog, entries: readonly InventoryEntry[]): Promise<void> {
  await catalog.session.execute(insertStatement(catalog, tableInventory, entries), "add to the inventory");
}

/** Removes entries; one that is not there is no error. */
export async function removeFromInventory(
  catalog: Catalog,
  entries: readonly InventoryEntry[],
): Promise<void> {
  for (const { group, database, table } of entries) {
    await catalog.session.execute(
      deleteStatement(catalog, tableInventory, { group, database, table }),
      "remove from the inventory",
    );
  }
}
