import { batches } from "../batches.ts";
import { groupBy } from "../group-by.ts";
import { sortBy } from "../sort-by.ts";
import type { Row } from "../starrocks/session.ts";
import type { Catalog } from "./catalog.ts";
import { decoder, select } from "./sql/read.ts";
import type { RowOf } from "./sql/table.ts";
import { deleteStatement, insertStatement } from "./sql/write.ts";
import { tableInventory } from "./tables/table-inventory.ts";

const entryFields = ["group", "database", "table"] as const;

/** A line of the inventory: one table, or all tables of a database (`*`), in one group. */
export type InventoryEntry = RowOf<typeof tableInventory, (typeof entryFields)[number]>;

/** Means "every table of the database, as of now" in place of a table's name. */
export const everyTable = "*";

export async function readInventory(catalog: Catalog): Promise<readonly InventoryEntry[]> {
  return await select(catalog, { ...inventoryQuery, orderBy: entryFields }, "read the inventory");
}

/** What is asked for of the rows of the inventory. */
export const inventoryQuery = { from: tableInventory, fields: entryFields } as const;

/** The inventory, of what {@link inventoryQuery} gave. */
export function inventoryOf(found: readonly Row[]): readonly InventoryEntry[] {
  return sortBy(found.map(decoder(inventoryQuery)), entryFields);
}

/** StarRocks takes 10,000 rows in a statement, and as many values in a condition. */
const batchSize = 5000;

/** Adds entries; one that is there already stays as it is. */
export async function addToInventory(catalog: Catalog, entries: readonly InventoryEntry[]): Promise<void> {
  for (const batch of batches(entries, batchSize))
    await catalog.session.execute(insertStatement(catalog, tableInventory, batch), "add to the inventory");
}

/** Removes entries; one that is not there is no error. */
export async function removeFromInventory(
  catalog: Catalog,
  entries: readonly InventoryEntry[],
): Promise<void> {
  const places = groupBy(entries, ({ group, database }) => JSON.stringify([group, database]));
  for (const ofPlace of places.values()) {
    const [first] = ofPlace;
    if (first === undefined) continue;
    const { group, database } = first;
    for (const batch of batches(ofPlace, batchSize)) {
      const match = { group, database, table: batch.map((entry) => entry.table) };
      await catalog.session.execute(
        deleteStatement(catalog, tableInventory, match),
        "remove from the inventory",
      );
    }
  }
}
