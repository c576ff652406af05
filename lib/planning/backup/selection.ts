import type { InventoryEntry } from "../../catalog/inventory.ts";
import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import type { DatabaseScope } from "../../starrocks/observe/scope.ts";
import type { TableConfig } from "../../starrocks/observe/tables.ts";
import { tableKey } from "../live-table.ts";
import { isKeptByRestore } from "../restore/names.ts";
import type { Skipped } from "../skipped.ts";

/**
 * The entries of one group.
 *
 * @throws {BackupError} `UNKNOWN_GROUP`, naming the groups there are
 */
export function groupEntries(inventory: readonly InventoryEntry[], group: string): readonly InventoryEntry[] {
  const entries = inventory.filter((entry) => entry.group === group);
  if (entries.length > 0) return entries;
  const groups = [...new Set(inventory.map((entry) => entry.group))];
  throw new BackupError({
    code: "UNKNOWN_GROUP",
    message: `There is no group ${group} in the inventory.`,
    next:
      groups.length === 0
        ? "Add tables to a group with the inventory script."
        : `Use one of the groups ${groups.join(", ")}, or add tables to ${group} with the inventory script.`,
  });
}

/** What of the cluster has to be listed for a group. */
export function groupScopes(entries: readonly InventoryEntry[]): readonly DatabaseScope[] {
  return [...groupBy(entries, (entry) => entry.database)].map(([database, ofDatabase]) => ({
    database,
    tables: ofDatabase.some((entry) => entry.table === "*")
      ? undefined
      : ofDatabase.map((entry) => entry.table),
  }));
}

export interface Selection {
  readonly selected: readonly TableConfig[];
  readonly skipped: readonly Skipped[];
}

/**
 * Sorts the objects of a group into tables that BACKUP takes and others, each with its reason.
 *
 * @param listed every name in scope, whether or not its configuration can be seen
 */
export function selectTables(
  entries: readonly InventoryEntry[],
  configs: readonly TableConfig[],
  listed: readonly NamedTable[],
): Selection {
  const named = new Set(entries.map(tableKey));
  const refused = configs.map((config) => ({ config, reason: whyNot(config, named) }));
  const visible = new Set(configs.map(tableKey));
  const hidden = listed
    .filter((table) => !visible.has(tableKey(table)))
    .map((table) => ({
      object: tableKey(table),
      reason: "its metadata is hidden: the user lacks a privilege on it, or it has just been made",
      isGap: true as const,
    }));
  const present = new Set([...visible, ...hidden.map((each) => each.object)]);
  const absent = entries
    .filter((entry) => entry.table !== "*" && !present.has(tableKey(entry)))
    .map((entry) => ({
      object: tableKey(entry),
      reason: "does not exist, or the user has no privilege on it",
      isGap: true as const,
    }));
  const emptyDatabases = entries
    .filter((entry) => entry.table === "*" && !configs.some((config) => config.database === entry.database))
    .map((entry) => ({
      object: `${entry.database}.*`,
      reason: "the database does not exist, is empty, or the user has no privilege on its tables",
      isGap: true as const,
    }));
  return {
    selected: refused.filter(({ reason }) => reason === undefined).map(({ config }) => config),
    skipped: [
      ...refused.flatMap(({ config, reason }) =>
        reason === undefined
          ? []
          : [{ object: tableKey(config), reason, ...(isData(config) && { isGap: true as const }) }],
      ),
      ...hidden,
      ...absent,
      ...emptyDatabases,
    ],
  };
}

/** A table as some manifest or listing names it. */
interface NamedTable {
  readonly database: string;
  readonly table: string;
}

/**
 * Tables that earlier backups hold, that would belong to the group, and that are not listed any more.
 *
 * @param earlier tables of the group's earlier backups
 */
export function vanishedTables(
  entries: readonly InventoryEntry[],
  listed: readonly NamedTable[],
  earlier: readonly (NamedTable & { readonly label: string })[],
): readonly Skipped[] {
  const whole = new Set(entries.filter((entry) => entry.table === "*").map((entry) => entry.database));
  const known = new Set([...listed, ...entries].map(tableKey));
  const gone = earlier.filter((table) => whole.has(table.database) && !known.has(tableKey(table)));
  return [...groupBy(gone, tableKey)].map(([object, holders]) => ({
    object,
    reason: `is in ${holders[0]?.label}, but not there any more: dropped, renamed, or the user lost every privilege on it`,
    isGap: true,
  }));
}

function whyNot(config: TableConfig, named: ReadonlySet<string>): string | undefined {
  if (!named.has(tableKey(config)) && isKeptByRestore(config.table))
    return "made by a restore: temporary, or the replaced table it kept";
  if (config.engine === "OLAP") return undefined;
  return (
    reasons.get(config.engine) ??
    `external table${config.engine === "" ? "" : ` (${config.engine})`}: never in a snapshot`
  );
}

/** Rows that are nowhere else, in a kind of table that StarRocks cannot back up. */
function isData({ engine }: TableConfig): boolean {
  return engine === "CLOUD_NATIVE" || engine === "LAKE";
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["VIEW", "view: holds no data of its own"],
  ["MATERIALIZED_VIEW", "materialized view: rebuilt from its base tables"],
  ["CLOUD_NATIVE", "shared-data table: StarRocks cannot back it up"],
  ["LAKE", "shared-data table: StarRocks cannot back it up"],
  ["CLOUD_NATIVE_MATERIALIZED_VIEW", "shared-data materialized view: StarRocks cannot back it up"],
]);
