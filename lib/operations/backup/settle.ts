import type { Catalog } from "../../catalog/catalog.ts";
import type { BackupRecord } from "../../catalog/history.ts";
import { readManifestPartitions, readManifestTables, writeManifest } from "../../catalog/manifest.ts";
import { settle } from "../../planning/backup/settlement.ts";
import { groupBy } from "../../planning/group-by.ts";
import { tableKey } from "../../planning/live-table.ts";
import { schemaHash } from "../../planning/schema-hash.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import type { DatabaseScope } from "../../starrocks/observe/scope.ts";
import { readStoredSnapshot } from "../../starrocks/observe/snapshot.ts";
import { readColumns, readTableConfigs } from "../../starrocks/observe/tables.ts";
import { leaveOut, recount } from "./leave-out.ts";

/**
 * Brings the manifest in line with the snapshot that was made, before the backup counts as finished: what changed
 * between plan and cut must neither be promised nor be missed. May be repeated.
 *
 * @returns what to wait for when the snapshot cannot be read right now
 */
export async function settleManifest(
  catalog: Catalog,
  record: BackupRecord,
  timestamp: string,
): Promise<Wait | undefined> {
  const { label, database, repository } = record;
  const { session } = catalog;
  const stored = await readStoredSnapshot(session, repository, label, timestamp);
  if (stored === undefined) return waitFor(`${label}: the repository cannot say what the snapshot holds`, 99);
  const tables = await readManifestTables(catalog, [label]);
  const partitions = await readManifestPartitions(catalog, [label]);
  const schemas = await readSchemas(catalog, [{ database, tables: tables.map((table) => table.table) }]);
  const settlement = settle({ tables, partitions, stored: stored.content, schemas });
  await writeManifest(catalog, settlement.tables, settlement.partitions);
  if (settlement.unfit.length > 0) {
    const reason = "its schema changed while the backup was under way";
    const leftOut = settlement.unfit.map((table) => ({ object: `${database}.${table}`, reason }));
    await leaveOut(catalog, record, leftOut, settlement.unfit);
  } else if (settlement.partitions.length > 0) {
    await recount(catalog, record, []);
  }
  return undefined;
}

async function readSchemas(
  catalog: Catalog,
  scopes: readonly DatabaseScope[],
): Promise<ReadonlyMap<string, string>> {
  const configs = await readTableConfigs(catalog.session, scopes);
  const columns = groupBy(await readColumns(catalog.session, scopes), tableKey);
  return new Map(
    configs.map((config) => [tableKey(config), schemaHash(config, columns.get(tableKey(config)) ?? [])]),
  );
}
