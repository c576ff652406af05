import type { PartitionKind } from "../catalog/manifest.ts";
import type { PhysicalPartition } from "../starrocks/observe/partitions.ts";
import type { ColumnDefinition, TableConfig } from "../starrocks/observe/tables.ts";
import { fingerprint } from "./fingerprint.ts";
import { groupBy } from "./group-by.ts";
import { schemaHash } from "./schema-hash.ts";

/** The hidden partition of automatic tables: never data, so never compared. */
export const shadowPartition = "$shadow_automatic_partition";

/** One logical partition as it is now. */
export interface LivePartition {
  readonly partition: string;
  readonly fingerprint: string;
  readonly rows: number;
  readonly bytes: number;
}

/** A table as it is now. */
export interface LiveTable {
  readonly database: string;
  readonly table: string;
  readonly schemaHash: string;
  readonly partitionKind: PartitionKind;
  readonly automatic: boolean;
  readonly replicationNum: number;
  readonly partitions: ReadonlyMap<string, LivePartition>;
  /** Partitions of an overwrite or of a user's preparation; BACKUP refuses the table while there are any. */
  readonly temporaryPartitions: readonly string[];
}

/** What one listing of the cluster gives. */
export interface Listing {
  readonly configs: readonly TableConfig[];
  readonly columns: readonly ColumnDefinition[];
  readonly partitions: readonly PhysicalPartition[];
}

/** `database.table`, for messages and as a map key within one listing. */
export function tableKey(table: { readonly database: string; readonly table: string }): string {
  return `${table.database}.${table.table}`;
}

/** Puts a listing's rows together, one entry a table of the given configs. */
export function liveTables(configs: readonly TableConfig[], listing: Listing): readonly LiveTable[] {
  const columns = groupBy(listing.columns, tableKey);
  const partitions = groupBy(listing.partitions, tableKey);
  return configs.map((config) =>
    liveTable(config, columns.get(tableKey(config)) ?? [], partitions.get(tableKey(config)) ?? []),
  );
}

function liveTable(
  config: TableConfig,
  columns: readonly ColumnDefinition[],
  physical: readonly PhysicalPartition[],
): LiveTable {
  const settled = physical.filter((row) => !row.temporary);
  const real = settled.filter((row) => row.partition !== shadowPartition);
  const temporary = physical.filter((row) => row.temporary).map((row) => row.partition);
  return {
    database: config.database,
    table: config.table,
    schemaHash: schemaHash(config, columns),
    partitionKind: partitionKind(config, settled),
    automatic: settled.some((row) => row.partition === shadowPartition),
    replicationNum: Math.max(1, ...settled.map((row) => row.replicationNum)),
    partitions: new Map(
      [...groupBy(real, (row) => row.partition)].map(([name, rows]) => [name, logical(name, rows)]),
    ),
    temporaryPartitions: [...new Set(temporary)],
  };
}

function logical(partition: string, physical: readonly PhysicalPartition[]): LivePartition {
  return {
    partition,
    fingerprint: fingerprint(physical),
    rows: physical.reduce((sum, row) => sum + row.rows, 0),
    bytes: physical.reduce((sum, row) => sum + row.bytes, 0),
  };
}

/** Ranges print as `[types: …; keys: …)`; everything else with a partition key is a list. */
function partitionKind(config: TableConfig, settled: readonly PhysicalPartition[]): PartitionKind {
  if (config.partitionKey === "") return "none";
  return settled.some((row) => row.value.startsWith("[types:")) ? "range" : "list";
}
