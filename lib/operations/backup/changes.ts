import type { Baseline } from "../../planning/backup/backup-plan.ts";
import { changedSince, type TableChange, wholeTable } from "../../planning/backup/changes.ts";
import { groupBy } from "../../planning/group-by.ts";
import { liveTable, tableKey } from "../../planning/live-table.ts";
import type { SchemaChanges } from "../../planning/schema-hash.ts";
import { eachTablesPartitions, type PhysicalPartition } from "../../starrocks/observe/partitions.ts";
import type { DatabaseScope } from "../../starrocks/observe/scope.ts";
import { readColumns, type TableConfig } from "../../starrocks/observe/tables.ts";
import type { Session } from "../../starrocks/session.ts";

/** Which tables are compared with what. */
export interface Comparison {
  readonly scopes: readonly DatabaseScope[];
  readonly selected: readonly TableConfig[];
  readonly schemaChanges: (table: TableConfig) => SchemaChanges;
  /** By database. */
  readonly baselines: ReadonlyMap<string, Baseline>;
}

/**
 * Compares each table as its partitions arrive; only what has to be copied is kept.
 *
 * @param hasVersionEpoch whether this version has the column VERSION_EPOCH
 */
export async function readChanges(
  session: Session,
  hasVersionEpoch: boolean,
  { scopes, selected, schemaChanges, baselines }: Comparison,
): Promise<readonly TableChange[]> {
  const columns = groupBy(await readColumns(session, scopes), tableKey);
  const configs = new Map(selected.map((config) => [tableKey(config), config]));
  const changes = new Map<string, TableChange>();
  const compare = (config: TableConfig, partitions: readonly PhysicalPartition[]) => {
    const key = tableKey(config);
    const table = liveTable(config, columns.get(key) ?? [], partitions, schemaChanges(config));
    const baseline = baselines.get(config.database);
    changes.set(
      key,
      baseline === undefined ? wholeTable(table) : changedSince(table, baseline.tables.get(key)),
    );
  };
  await eachTablesPartitions(session, scopes, hasVersionEpoch, (partitions) => {
    const [first] = partitions;
    const config = first && configs.get(tableKey(first));
    if (config !== undefined) compare(config, partitions);
  });
  for (const [key, config] of configs) if (!changes.has(key)) compare(config, []);
  return selected.flatMap((config) => changes.get(tableKey(config)) ?? []);
}
