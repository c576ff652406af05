import type { InventoryResult } from "../../operations/inventory.ts";
import { table } from "./amounts.ts";

/** The inventory as a table, and the entries for programs. */
export function renderInventory(result: InventoryResult) {
  const entries = result.entries.map((entry) => ({
    group: entry.group,
    table: `${entry.database}.${entry.table}`,
  }));
  return {
    entries,
    unmatched: result.unmatched,
    not_found: result.notFound,
    description: table(["group", "table"], entries),
  };
}
