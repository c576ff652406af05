import { batches } from "../batches.ts";
import { groupBy } from "../group-by.ts";
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
