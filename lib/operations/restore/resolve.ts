import type { Catalog } from "../../catalog/catalog.ts";
import { type BackupRecord, readRunBackups } from "../../catalog/history.ts";
import { type ManifestTable, readLabelsOfTables, readManifestTables } from "../../catalog/manifest.ts";
import { groupBy } from "../../group-by.ts";
import type { TableName } from "../../planning/restore/destination.ts";
import {
  candidateBackups,
  completeRun,
  type RestoreTarget,
  type TablePoint,
  tablePoints,
} from "../../planning/restore/point.ts";
import type { Skipped } from "../../planning/skipped.ts";
import type { DatabaseScope } from "../../starrocks/observe/scope.ts";

/** Which backup each wanted table is restored to, and what is left out. */
export interface ResolvedPoints {
  readonly points: readonly TablePoint[];
  readonly skipped: readonly Skipped[];
}

/** Finds the restore point of every table that a target means. */
export async function resolvePoints(
  catalog: Catalog,
  finished: readonly BackupRecord[],
  target: RestoreTarget,
): Promise<ResolvedPoints> {
  const chosen = candidateBackups(finished, target);
  if (target.tables.length > 0) {
    const inManifests =
      target.at.kind === "time"
        ? await readLabelsOfTables(catalog, scopesOf(target.tables.map(splitName)))
        : await readTablesOf(catalog, chosen);
    return { points: tablePoints(chosen, inManifests, target.tables), skipped: [] };
  }
  const isNarrow = target.at.kind === "label" && target.group === undefined;
  const databases = new Set(chosen.map((record) => record.database));
  const ofRun = (await readRunBackups(catalog, chosen[0]?.runId ?? "")).filter(
    (record) => !isNarrow || databases.has(record.database),
  );
  const { candidates, skipped } = completeRun(chosen, ofRun, finished, target);
  const points = tablePoints(candidates, await readTablesOf(catalog, candidates), []);
  return { points, skipped };
}

async function readTablesOf(
  catalog: Catalog,
  backups: readonly BackupRecord[],
): Promise<readonly ManifestTable[]> {
  return await readManifestTables(
    catalog,
    backups.map((record) => record.label),
  );
}

function splitName(name: string): TableName {
  const dot = name.indexOf(".");
  return { database: name.slice(0, dot), table: name.slice(dot + 1) };
}

export function scopesOf(tables: readonly TableName[]): readonly DatabaseScope[] {
  return [...groupBy(tables, (table) => table.database)].map(([database, ofDatabase]) => ({
    database,
    tables: ofDatabase.map((table) => table.table),
  }));
}
