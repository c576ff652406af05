import { groupBy } from "../../group-by.ts";
import type { Baseline } from "../../planning/backup/backup-plan.ts";
import { changedSince, type TableChange, wholeInstead, wholeTable } from "../../planning/backup/changes.ts";
import { liveTable, tableKey } from "../../planning/live-table.ts";
import { statedGranularity } from "../../planning/range-class.ts";
import type { SchemaChanges } from "../../planning/schema-hash.ts";
import type { Capabilities } from "../../starrocks/capabilities.ts";
import { readCreateTable } from "../../starrocks/observe/created-columns.ts";
import { eachTablesPartitions, type PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import type { DatabaseScope } from "../../starrocks/observe/scope.ts";
import type { ColumnDefinition, TableConfig } from "../../starrocks/observe/tables.ts";
import type { Session } from "../../starrocks/session.ts";

/** Which tables are compared with what. */
export interface Comparison {
  readonly scopes: readonly DatabaseScope[];
  readonly selected: readonly TableConfig[];
  /** Of all tables in scope. */
  readonly columns: readonly ColumnDefinition[];
  readonly schemaChanges: (table: TableConfig) => SchemaChanges;
  /** By database. */
  readonly baselines: ReadonlyMap<string, Baseline>;
}

/** A table of which some partitions have changed, and that goes whole if what it makes by itself is shorter than they are. */
interface Uncertain {
  readonly whole: TableChange;
  /** Class of those partitions. */
  readonly granularity: string;
}

/** Compares each table as its partitions arrive; only what has to be copied is kept. */
export async function readChanges(
  session: Session,
  { versionEpoch, mergesRanges }: Capabilities,
  { scopes, selected, schemaChanges, baselines, ...listed }: Comparison,
): Promise<readonly TableChange[]> {
  const columns = groupBy(listed.columns, tableKey);
  const configs = new Map(selected.map((config) => [tableKey(config), config]));
  const changes = new Map<string, TableChange>();
  const uncertain = new Map<string, Uncertain>();
  const compare = (config: TableConfig, partitions: readonly PhysicalPartition[]) => {
    const key = tableKey(config);
    const table = liveTable(config, columns.get(key) ?? [], partitions, schemaChanges(config));
    const baseline = baselines.get(config.database);
    const change = baseline === undefined ? wholeTable(table) : changedSince(table, baseline.tables.get(key));
    changes.set(key, change);
    const granularity = table.uncertainGranularity;
    if (mergesRanges && change.content === "partitions" && granularity !== undefined)
      uncertain.set(key, { whole: wholeTable(table), granularity });
  };
  await eachTablesPartitions(session, scopes, versionEpoch, (partitions) => {
    const [first] = partitions;
    const config = first && configs.get(tableKey(first));
    if (config !== undefined) compare(config, partitions);
  });
  for (const [key, config] of configs) if (!changes.has(key)) compare(config, []);
  for (const [key, { whole, granularity }] of uncertain) {
    const change = changes.get(key);
    const { database, table } = whole.table;
    const stated = statedGranularity(await readCreateTable(session, database, table));
    if (change !== undefined && stated !== undefined && stated !== granularity)
      changes.set(key, wholeInstead(change, whole));
  }
  return selected.flatMap((config) => changes.get(tableKey(config)) ?? []);
}
