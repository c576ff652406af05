import {
  addToInventory,
  everyTable,
  type InventoryEntry,
  readInventory,
  removeFromInventory,
} from "../../catalog/inventory.ts";
import { groupScopes } from "../../planning/backup/selection.ts";
import type { Skipped } from "../../planning/skipped.ts";
import { readTables } from "../../starrocks/observe/tables.ts";
import type { ClusterSettings } from "../step/settings.ts";
import { withCatalog } from "../step/with-catalog.ts";

export interface InventoryChange {
  readonly group: string | undefined;
  /** `database.table` or `database.*`. */
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface InventoryResult {
  /** The group that was asked for. */
  readonly group: string | undefined;
  /** Names of all groups there are. */
  readonly groups: readonly string[];
  readonly entries: readonly InventoryEntry[];
  /** Added entries that match nothing on the cluster now: backups will name them as skipped. */
  readonly unmatched: readonly Skipped[];
  /** What was to be removed and is no entry of the group. */
  readonly notFound: readonly Skipped[];
}

/** Adds and removes entries, then lists the inventory (of one group, where one is named). */
export async function changeInventory(
  settings: ClusterSettings,
  change: InventoryChange,
): Promise<InventoryResult> {
  return await withCatalog(settings, async (catalog) => {
    const { group } = change;
    const added = group === undefined ? [] : change.add.map((name) => entry(group, name));
    const removed = group === undefined ? [] : change.remove.map((name) => entry(group, name));
    if (added.length > 0) await addToInventory(catalog, added);
    const before = removed.length === 0 ? [] : [...(await readInventory(catalog)), ...added];
    if (removed.length > 0) await removeFromInventory(catalog, removed);
    const all = await readInventory(catalog);
    const entries = all.filter((each) => group === undefined || each.group === group);
    const present = added.length === 0 ? [] : (await readTables(catalog.session, groupScopes(added))).configs;
    const unmatched = added.filter(
      (each) =>
        !present.some(
          (table) =>
            table.database === each.database && (each.table === everyTable || table.table === each.table),
        ),
    );
    return {
      group,
      groups: [...new Set(all.map((each) => each.group))],
      entries,
      unmatched: unmatched.map((each) => ({
        object: `${each.database}.${each.table}`,
        reason: "matches nothing on the cluster now",
      })),
      notFound: removed.flatMap((each) => absence(each, before) ?? []),
    };
  });
}

/** Why an entry cannot be removed; undefined when it is among the given ones. */
function absence({ group, database, table }: InventoryEntry, entries: readonly InventoryEntry[]) {
  const listed = new Set(
    entries.filter((each) => each.group === group && each.database === database).map((each) => each.table),
  );
  if (listed.has(table)) return undefined;
  const covered = listed.has(everyTable) ? `; its entry ${database}.${everyTable} stands for the table` : "";
  return { object: `${database}.${table}`, reason: `is no entry of group ${group}${covered}` };
}

/** Splits at the first dot: a database's name has none, a table's may. */
function entry(group: string, name: string): InventoryEntry {
  const dot = name.indexOf(".");
  return { group, database: name.slice(0, dot), table: name.slice(dot + 1) };
}
