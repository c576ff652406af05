import type { Catalog } from "../../catalog/catalog.ts";
import type { BackupRecord } from "../../catalog/history.ts";
import {
  type DefinedTable,
  type ManifestPartition,
  type ManifestTable,
  readManifests,
} from "../../catalog/manifest.ts";
import type { TableDefinition } from "../../catalog/table-definition.ts";
import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { type CoveredTable, chain, coveredTables } from "../../planning/coverage.ts";
import { tableKey } from "../../planning/live-table.ts";
import type { TablePoint } from "../../planning/restore/point.ts";
import { type BrokenManifest, brokenManifests } from "../../planning/whole-manifests.ts";
import { scopesOf } from "./resolve.ts";

/** Everything of the catalog that the chains of some tables need. */
export interface Chains {
  readonly byLabel: ReadonlyMap<string, BackupRecord>;
  /** By `database.table`. */
  readonly tables: ReadonlyMap<string, readonly ManifestTable[]>;
  readonly partitions: ReadonlyMap<string, readonly ManifestPartition[]>;
  readonly definitions: ReadonlyMap<string, readonly DefinedTable[]>;
}

/** A table at its restore point, with what the manifests of its chain say of it. */
export interface TableChain {
  /** Newest first. */
  readonly labels: readonly string[];
  readonly table: CoveredTable;
  readonly manifestTables: readonly ManifestTable[];
  readonly manifestPartitions: readonly ManifestPartition[];
  /** How the table was defined; undefined where no backup of the chain says it. */
  readonly definition: TableDefinition | undefined;
}

/** @throws {BackupError} `MANIFEST_INCOMPLETE` when rows are missing of any label of the chains */
export async function readChains(
  catalog: Catalog,
  finished: readonly BackupRecord[],
  points: readonly TablePoint[],
): Promise<Chains> {
  const byLabel = new Map(finished.map((record) => [record.label, record]));
  const labels = [...new Set(points.flatMap((point) => chain(point.label, byLabel)))];
  const records = labels.flatMap((label) => byLabel.get(label) ?? []);
  const { counts, tables, partitions, definitions } = await readManifests(catalog, labels, scopesOf(points));
  const [broken] = brokenManifests(records, counts);
  if (broken !== undefined) throw manifestIncomplete(broken);
  return {
    byLabel,
    tables: groupBy(tables, tableKey),
    partitions: groupBy(partitions, tableKey),
    definitions: groupBy(definitions, tableKey),
  };
}

/** @throws {BackupError} `CHAIN_BROKEN` when no whole copy of the table can be reached */
export function chainOf(point: TablePoint, { byLabel, tables, partitions, definitions }: Chains): TableChain {
  const key = tableKey(point);
  const labels = chain(point.label, byLabel);
  const manifestTables = labels.flatMap((label) =>
    (tables.get(key) ?? []).filter((each) => each.label === label),
  );
  const manifestPartitions = (partitions.get(key) ?? []).filter((each) => labels.includes(each.label));
  const table = coveredTables(labels, manifestTables, manifestPartitions).tables.get(key);
  if (table === undefined) throw brokenChain(key, point.label);
  const defined = manifestTables.find((each) => each.content === "whole" || each.content === "split");
  const definition = definitions.get(key)?.find((each) => each.label === defined?.label)?.definition;
  return { labels, table, manifestTables, manifestPartitions, definition };
}

function manifestIncomplete({ label, there }: BrokenManifest): BackupError {
  return new BackupError({
    code: "MANIFEST_INCOMPLETE",
    message: `The manifest of backup ${label} is not whole: ${there}.`,
    next: "Rows of backup_tables or backup_partitions were removed. Restore to a point whose chain does not hold this backup, or bring the rows back.",
  });
}

function brokenChain(table: string, label: string): BackupError {
  return new BackupError({
    code: "CHAIN_BROKEN",
    message: `The chain of ${table} at ${label} has no whole copy: a backup it stands on is no longer in the catalog.`,
    next: "Restore to another point, and run a full backup to begin a new chain.",
  });
}
