import type { InventoryResult } from "../../operations/catalog/inventory.ts";
import { counted } from "./amounts.ts";
import { type Document, headline, paragraph, table } from "./document.ts";
import { html } from "./html.ts";
import { objects } from "./notes.ts";
import { shown } from "./shown.ts";

/** The inventory as a table, and the entries for programs. */
export function renderInventory(result: InventoryResult) {
  const entries = result.entries.map((entry) => ({
    group: entry.group,
    table: `${entry.database}.${entry.table}`,
  }));
  const document = documentOf(entries, result);
  return {
    entries,
    unmatched: result.unmatched,
    not_found: result.notFound,
    description: { html: html(document) },
    ...shown(document),
  };
}

function documentOf(
  entries: readonly { readonly group: string; readonly table: string }[],
  { group, groups, unmatched, notFound }: InventoryResult,
): Document {
  const shownGroups = new Set(entries.map((entry) => entry.group)).size;
  const all =
    entries.length === 0
      ? paragraph(nothing(group, groups))
      : table(
          ["group", "table"],
          entries.map((entry) => [entry.group, entry.table]),
        );
  return [
    headline(
      `Inventory: ${counted(shownGroups, "group")}, ${entries.length === 1 ? "1 entry" : `${entries.length} entries`}`,
    ),
    ...objects("Added, but nothing on the cluster matches now:", unmatched),
    ...objects("Not removed:", notFound),
    all,
  ];
}

function nothing(group: string | undefined, groups: readonly string[]): string {
  if (groups.length === 0) return "No tables yet: give a group, and tables to add.";
  return `There is no group ${group ?? ""}. Groups: ${groups.join(", ")}.`;
}
