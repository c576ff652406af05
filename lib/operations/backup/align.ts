import type { Catalog } from "../../catalog/catalog.ts";
import type { BackupRecord } from "../../catalog/history.ts";
import { type ManifestTable, readManifest, writeManifest } from "../../catalog/manifest.ts";
import { groupBy } from "../../group-by.ts";
import { alignPartitions, alignSchemas, withUnknownSchema } from "../../planning/backup/alignment.ts";
import { tableKey } from "../../planning/live-table.ts";
import { definitionHash } from "../../planning/schema-hash.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import type { DatabaseScope } from "../../starrocks/observe/scope.ts";
import { readStoredSnapshot } from "../../starrocks/observe/snapshot.ts";
import { readTablesAndColumns } from "../../starrocks/observe/tables.ts";
import { leaveOut, recount } from "./leave-out.ts";

/**
 * Compares the tables' schemas with the plan, at the first look after the cut: later changes do not concern the snapshot.
 * May be repeated.
 *
 * @param tables of the manifest
 * @param seenSoon whether the look comes soon after the cut. When it comes hours later, what has become of a table says
 * nothing of the cut: nothing is left out then, but the next backup copies a table whole that is not as it was.
 * @returns whether the records of the run were changed
 */
export async function alignTables(
  catalog: Catalog,
  record: BackupRecord,
  tables: readonly ManifestTable[],
  seenSoon: boolean,
): Promise<boolean> {
  const { database } = record;
  const names = tables.filter((table) => table.content !== "unchanged").map((table) => table.table);
  if (names.length === 0) return false;
  const { definitions, unpartitioned } = await readDefinitions(catalog, [{ database, tables: names }]);
  const alignment = alignSchemas(tables, definitions, unpartitioned);
  if (!seenSoon) {
    const unfit = new Set(alignment.unfit.map((each) => each.table));
    const unknown = tables.filter((table) => unfit.has(table.table)).map(withUnknownSchema);
    await writeManifest(catalog, [...alignment.tables, ...unknown], []);
    return false;
  }
  await writeManifest(catalog, alignment.tables, []);
  const leftOut = alignment.unfit.map(({ table, reason }) => ({ object: `${database}.${table}`, reason }));
  const unfit = alignment.unfit.map((each) => each.table);
  if (unfit.length === 0 && record.leftOut.length === 0) return false;
  await leaveOut(catalog, record, leftOut, unfit);
  return true;
}

/**
 * Brings the manifest in line with the snapshot that was made, before the backup counts as finished: what changed
 * between plan and cut must neither be promised nor be missed. May be repeated.
 *
 * @returns what to wait for when the snapshot cannot be read right now
 */
export async function alignManifest(
  catalog: Catalog,
  record: BackupRecord,
  timestamp: string,
): Promise<Wait | undefined> {
  const { label, repository } = record;
  const stored = await readStoredSnapshot(catalog.session, repository, label, timestamp);
  if (stored === undefined) return waitFor(`${label}: the repository cannot say what the snapshot holds`, 99);
  const { tables, partitions } = await readManifest(catalog, label);
  const corrected = alignPartitions(tables, partitions, stored.content);
  await writeManifest(catalog, [], corrected);
  if (corrected.length > 0) await recount(catalog, record);
  return undefined;
}

async function readDefinitions(
  catalog: Catalog,
  scopes: readonly DatabaseScope[],
): Promise<{
  readonly definitions: ReadonlyMap<string, string>;
  readonly unpartitioned: ReadonlySet<string>;
}> {
  const { configs, columns: all } = await readTablesAndColumns(catalog.session, scopes);
  const columns = groupBy(all, tableKey);
  return {
    definitions: new Map(
      configs.map((config) => [
        tableKey(config),
        definitionHash(config, columns.get(tableKey(config)) ?? []),
      ]),
    ),
    unpartitioned: new Set(configs.filter(({ partitionKey }) => partitionKey === "").map(tableKey)),
  };
}
