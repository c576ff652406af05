import type { Catalog } from "../../catalog/catalog.ts";
import type { BackupRecord } from "../../catalog/history.ts";
import { type ManifestTable, readManifestTables } from "../../catalog/manifest.ts";
import { isRestorePoint } from "../../planning/backup/baseline.ts";

/** What earlier backups of a group say of its tables. */
export interface Earlier {
  /** Tables of each database's newest restore point and newest full. */
  readonly tables: readonly ManifestTable[];
  /** Label of each database's newest restore point. */
  readonly newest: ReadonlyMap<string, string>;
}

/**
 * Says which tables the newest backups of a group hold; at most one statement.
 *
 * @param known tables of manifests that have been read already
 */
export async function readEarlier(
  catalog: Catalog,
  group: string,
  finished: readonly BackupRecord[],
  known: readonly ManifestTable[],
): Promise<Earlier> {
  const points = finished.filter((record) => record.group === group && isRestorePoint(record));
  const newest = newestByDatabase(points);
  const fulls = newestByDatabase(points.filter((record) => record.type === "full"));
  const labels = new Set([...newest.values(), ...fulls.values()]);
  const read = new Set(known.map((table) => table.label));
  const others = await readManifestTables(
    catalog,
    [...labels].filter((label) => !read.has(label)),
  );
  return { tables: [...known.filter((table) => labels.has(table.label)), ...others], newest };
}

function newestByDatabase(oldestFirst: readonly BackupRecord[]): ReadonlyMap<string, string> {
  return new Map(oldestFirst.map((record) => [record.database, record.label]));
}
