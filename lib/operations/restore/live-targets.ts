import { BackupError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { tableKey } from "../../planning/live-table.ts";
import type { TableName } from "../../planning/restore/destination.ts";
import type { LiveTarget } from "../../planning/restore/restore-plan.ts";
import { activeSchedule } from "../../planning/restore/schedule.ts";
import { definitionHash } from "../../planning/schema-hash.ts";
import { tableProperties } from "../../planning/table-properties.ts";
import { type PhysicalPartition, readPartitions } from "../../starrocks/observe/partitions.ts";
import {
  type ColumnDefinition,
  readTables,
  readTablesAndColumns,
  type TableConfig,
} from "../../starrocks/observe/tables.ts";
import type { Session } from "../../starrocks/session.ts";

/** A live table, with its partitions; hidden and temporary ones are left out. */
export interface LiveTable {
  readonly config: TableConfig;
  readonly partitions: readonly PhysicalPartition[];
  readonly columns: readonly ColumnDefinition[];
}

/** What is live under some names, by `database.table`; three statements. */
export async function readLive(
  session: Session,
  tables: readonly TableName[],
): Promise<ReadonlyMap<string, LiveTable>> {
  const scopes = [...groupBy(tables, (table) => table.database)].map(([database, ofDatabase]) => ({
    database,
    tables: [...new Set(ofDatabase.map((each) => each.table))],
  }));
  const { configs, columns } = await readTablesAndColumns(session, scopes);
  const ofTables = groupBy(columns, tableKey);
  const partitions = groupBy(await readPartitions(session, scopes), tableKey);
  return new Map(
    configs.map((config) => {
      const key = tableKey(config);
      const real = (partitions.get(key) ?? []).filter(
        (row) => !row.temporary && !row.partition.startsWith("$"),
      );
      return [key, { config, partitions: real, columns: ofTables.get(key) ?? [] }];
    }),
  );
}

/**
 * What a restore replaces of a live table.
 *
 * @param only the partitions that are replaced; undefined: the table
 * @throws {BackupError} `NOT_A_TABLE` when the name is taken by a view or the like, which no restore may replace
 */
export function liveTarget(
  { config, partitions, columns }: LiveTable,
  only: readonly string[] | undefined,
): Omit<LiveTarget, "keptAs"> {
  if (config.engine !== "OLAP") throw notATable(tableKey(config), config.engine);
  const wanted = only && new Set(only);
  const rows = partitions.filter((row) => wanted?.has(row.partition) ?? true);
  return {
    partitions: new Set(rows.map((row) => row.partition)).size,
    rows: rows.reduce((sum, row) => sum + row.rows, 0),
    bytes: rows.reduce((sum, row) => sum + row.bytes, 0),
    definitionHash: definitionHash(config, columns),
    ...traits(config, rows),
  };
}

/** What of a live table a restore has to hold for a while, or cannot bring back. */
function traits(
  config: TableConfig,
  partitions: readonly PhysicalPartition[],
): Pick<LiveTarget, "scheduled" | "colocatedWith" | "replicas"> {
  const properties = tableProperties(config);
  const colocatedWith = properties.get("colocate_with");
  const replicas = partitions.map((each) => each.replicationNum).sort((one, other) => one - other);
  const [fewest = 0, most = 0] = [replicas[0], replicas.at(-1)];
  return {
    ...(Object.keys(activeSchedule(properties)).length > 0 && { scheduled: true }),
    ...(colocatedWith !== undefined && { colocatedWith }),
    ...(fewest < most && { replicas: [fewest, most] }),
  };
}

function notATable(name: string, engine: string): BackupError {
  return new BackupError({
    code: "NOT_A_TABLE",
    message: `${name} is now a ${kindOf(engine)}, not a table.`,
    next: "Rename it, then plan the restore again.",
  });
}

/**
 * What has a table's name without being a table that a restore may replace: `view`, `materialized view`, `external table`.
 *
 * @returns undefined when it is a table, or nothing is there
 */
export async function readIntruder(
  session: Session,
  database: string,
  table: string,
): Promise<string | undefined> {
  const { configs } = await readTables(session, [{ database, tables: [table] }]);
  const [config] = configs;
  return config === undefined || config.engine === "OLAP" ? undefined : kindOf(config.engine);
}

function kindOf(engine: string): string {
  return engine === "" ? "external table" : engine.toLowerCase().replaceAll("_", " ");
}
