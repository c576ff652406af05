import type { Catalog } from "../../catalog/catalog.ts";
import {
  type EarlierRestore,
  earlierRestoresOf,
  earlierRestoresQueries,
} from "../../catalog/earlier-restores.ts";
import { type BackupRecord, finishedOf, finishedQuery, readRunBackups } from "../../catalog/history.ts";
import {
  type LabelOfTable,
  labelsOf,
  labelsQuery,
  type ManifestTable,
  readManifestTables,
} from "../../catalog/manifest.ts";
import type { Readable } from "../../catalog/sql/read.ts";
import { rowsTogether } from "../../catalog/sql/together.ts";
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

/** What the catalog says that restore points are chosen from. */
export interface RestoreHistory {
  readonly finished: Readable<BackupRecord>;
  /** Which labels have the wanted tables in their restore points, finished or not. */
  readonly holders: readonly LabelOfTable[];
  readonly earlier: readonly EarlierRestore[];
}

/** Reads it, in one statement. */
export async function readHistory(catalog: Catalog, { tables, at }: RestoreTarget): Promise<RestoreHistory> {
  const asked = [finishedQuery(), ...earlierRestoresQueries()] as const;
  const doing = "read the backup history";
  if (at.kind !== "time" || tables.length === 0) {
    const [finished, ...earlier] = await rowsTogether(catalog, asked, doing);
    return { finished: finishedOf(finished), holders: [], earlier: earlierRestoresOf(earlier) };
  }
  const scopes = scopesOf(tables.map(splitName));
  const [holders, finished, ...earlier] = await rowsTogether(catalog, [labelsQuery(scopes), ...asked], doing);
  return {
    finished: finishedOf(finished),
    holders: labelsOf(holders, scopes),
    earlier: earlierRestoresOf(earlier),
  };
}

/** Finds the restore point of every table that a target means. */
export async function resolvePoints(
  catalog: Catalog,
  { finished, holders }: { readonly finished: readonly BackupRecord[] } & Pick<RestoreHistory, "holders">,
  target: RestoreTarget,
): Promise<ResolvedPoints> {
  const chosen = candidateBackups(finished, target);
  if (target.tables.length > 0) {
    const inManifests = target.at.kind === "time" ? holders : await readTablesOf(catalog, chosen);
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
