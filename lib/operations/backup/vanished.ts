import type { Catalog } from "../../catalog/catalog.ts";
import type { BackupRecord } from "../../catalog/history.ts";
import type { InventoryEntry } from "../../catalog/inventory.ts";
import { readManifestTables } from "../../catalog/manifest.ts";
import { isRestorePoint } from "../../planning/backup/baseline.ts";
import { vanishedTables } from "../../planning/backup/selection.ts";
import type { Skipped } from "../../planning/skipped.ts";
import type { Tables } from "../../starrocks/observe/tables.ts";

/**
 * Names the tables of a `database.*` that the newest backup or the newest full of the group holds and that cannot be seen
 * any more. StarRocks lists nothing of a table on which a user has no privilege, so only an earlier look tells.
 */
export async function readVanished(
  catalog: Catalog,
  group: string,
  entries: readonly InventoryEntry[],
  listed: Tables["listed"],
  finished: readonly BackupRecord[],
): Promise<readonly Skipped[]> {
  const ofGroup = finished.filter((record) => record.group === group && isRestorePoint(record));
  const labels = new Set<string>();
  for (const { database } of entries.filter((entry) => entry.table === "*")) {
    const points = ofGroup.filter((record) => record.database === database);
    const newest = [points.at(-1), points.filter((record) => record.type === "full").at(-1)];
    for (const record of newest) if (record !== undefined) labels.add(record.label);
  }
  return vanishedTables(entries, listed, await readManifestTables(catalog, [...labels]));
}
