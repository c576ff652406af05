import { BackupError } from "../../errors.ts";
import { groupBy } from "../../planning/group-by.ts";
import { tableKey } from "../../planning/live-table.ts";
import type { TablePoint } from "../../planning/restore/point.ts";
import type { LiveTarget } from "../../planning/restore/restore-plan.ts";
import { activeSchedule } from "../../planning/restore/schedule.ts";
import { tableProperties } from "../../planning/table-properties.ts";
import { type PhysicalPartition, readPartitions } from "../../starrocks/observe/partitions.ts";
import { readTables, type TableConfig } from "../../starrocks/observe/tables.ts";
import type { Session } from "../../starrocks/session.ts";

/**
 * What is live under the names that will be restored.
 *
 * @throws {BackupError} `NOT_A_TABLE` when a name is taken by a view or the like, which no restore may replace
 */
export async function readLiveTargets(
  session: Session,
  points: readonly TablePoint[],
): Promise<ReadonlyMap<string, Omit<LiveTarget, "keptAs">>> {
  const scopes = [...groupBy(points, (point) => point.database)].map(([database, ofDatabase]) => ({
    database,
    tables: ofDatabase.map((point) => point.table),
  }));
  const { configs } = await readTables(session, scopes);
  const partitions = groupBy(await readPartitions(session, scopes), tableKey);
  return new Map(
    configs.map((config) => {
      if (config.engine !== "OLAP") throw notATable(tableKey(config), config.engine);
      const rows = (partitions.get(tableKey(config)) ?? []).filter(
        (row) => !row.temporary && !row.partition.startsWith("$"),
      );
      return [
        tableKey(config),
        {
          partitions: new Set(rows.map((row) => row.partition)).size,
          rows: rows.reduce((sum, row) => sum + row.rows, 0),
          bytes: rows.reduce((sum, row) => sum + row.bytes, 0),
          ...traits(config, rows),
        },
      ];
    }),
  );
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
