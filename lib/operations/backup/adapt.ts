import type { Catalog } from "../../catalog/catalog.ts";
import type { BackupRecord, LeftOut } from "../../catalog/history.ts";
import { markDropped, readManifestTables } from "../../catalog/manifest.ts";
import { type Wait, waitFor } from "../../planning/wait.ts";
import type { StarRocksFault } from "../../starrocks/fault.ts";
import { readTableNames } from "../../starrocks/observe/names.ts";
import { readPartitions } from "../../starrocks/observe/partitions.ts";
import { runMark } from "../step/run-id.ts";
import { leaveOut, recount } from "./leave-out.ts";

/** How long an overwrite may hold a backup up before its table is left out. */
const overwritePatienceSeconds = 120;

export type Adapted = Wait | { readonly kind: "adapted" } | { readonly kind: "no" };

/**
 * Reacts to a refusal that one object causes, so that it does not fail the rest: a partition or table that vanished since
 * the plan, or a table with temporary partitions. A vanished partition becomes a tombstone, which is its state at the
 * cut; a table that cannot be copied is taken out and named.
 */
export async function adaptManifest(
  catalog: Catalog,
  record: BackupRecord,
  refusal: StarRocksFault,
): Promise<Adapted> {
  if (refusal.kind === "temporary-partitions") return await withoutOverwrites(catalog, record);
  const partition = /partition\[(.+)\] does not exist\s+in table(.+)/i.exec(refusal.message);
  const unknown = /Unknown partition (.+) in table(.+)/.exec(refusal.message);
  const [, name, table] = partition ?? unknown ?? [];
  if (name !== undefined && table !== undefined) {
    await markDropped(catalog, record.label, table.replace(/\.$/, ""), name);
    await recount(catalog, record);
    return { kind: "adapted" };
  }
  const refused = refusals.find(([pattern]) => pattern.test(refusal.message));
  const refusedTable = refused?.[0].exec(refusal.message)?.[1];
  if (refused !== undefined && refusedTable !== undefined) {
    const object = `${record.database}.${refusedTable}`;
    return await without(catalog, record, [{ object, reason: refused[1] }], [refusedTable]);
  }
  return await withoutVanished(catalog, record);
}

/** Refusals that name the one table they are about. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [/privilege\(s\) on TABLE `?(.+?)`?\.?$/, "the user lacks the EXPORT privilege on it"],
  [/Table: (.+) can not support backup restore, type: /, "StarRocks cannot back this type of table up"],
];

async function withoutOverwrites(catalog: Catalog, record: BackupRecord): Promise<Adapted> {
  const tables = await tableNames(catalog, record);
  const listed = await readPartitions(catalog.session, [{ database: record.database, tables }]);
  const busy = [...new Set(listed.filter((row) => row.temporary).map((row) => row.table))];
  if (busy.length === 0) return waitFor(`${record.label}: an overwrite has just ended`);
  if (record.stillSeconds < overwritePatienceSeconds) {
    return waitFor(`${record.label}: temporary partitions on ${busy.join(", ")}`);
  }
  const reason = "temporary partitions: an overwrite is in flight, or they were left behind";
  return await without(
    catalog,
    record,
    busy.map((table) => ({ object: `${record.database}.${table}`, reason })),
    busy,
  );
}

async function withoutVanished(catalog: Catalog, record: BackupRecord): Promise<Adapted> {
  const planned = await tableNames(catalog, record);
  const present = await readTableNames(catalog.session, record.database, planned, runMark(record.runId));
  const gone = planned.filter((table) => !present.has(table));
  if (gone.length === 0) return { kind: "no" };
  const reason = "was dropped or renamed after the plan was made";
  return await without(
    catalog,
    record,
    gone.map((table) => ({ object: `${record.database}.${table}`, reason })),
    gone,
  );
}

async function without(
  catalog: Catalog,
  record: BackupRecord,
  leftOut: readonly LeftOut[],
  tables: readonly string[],
): Promise<Adapted> {
  await leaveOut(catalog, record, leftOut, tables);
  return { kind: "adapted" };
}

async function tableNames(catalog: Catalog, record: BackupRecord): Promise<readonly string[]> {
  const tables = await readManifestTables(catalog, [record.label]);
  return tables.filter((table) => table.content !== "unchanged").map((table) => table.table);
}
