import { count, flag, optionalText, text } from "../row.ts";
import type { Row, Session } from "../session.ts";
import { neighbours } from "./neighbours.ts";
import { type DatabaseScope, inScope, inScopes } from "./scope.ts";

/** One physical partition: one row of `information_schema.partitions_meta`. */
export interface PhysicalPartition {
  readonly database: string;
  readonly table: string;
  /** The logical partition's name; several physical partitions share it under automatic bucketing. */
  readonly partition: string;
  readonly id: string;
  readonly visibleVersion: string;
  readonly nextVersion: string;
  /** UTC epoch seconds of the commit that made the visible version. */
  readonly visibleSeconds: string;
  /** Undefined before StarRocks 3.4, which has no such column. */
  readonly versionEpoch: string | undefined;
  /** Range text, list text, or empty for unpartitioned tables. */
  readonly value: string;
  readonly replicationNum: number;
  readonly buckets: number;
  /** `HDD` or `SSD`: what the partition should be stored on. */
  readonly storageMedium: string;
  /** Physical estimate; lags up to five minutes behind a load. */
  readonly rows: number;
  /** Of one replica, which is what a snapshot holds. */
  readonly bytes: number;
  readonly temporary: boolean;
}

/**
 * Lists every physical partition in scope, temporary and shadow ones included, in one statement: StarRocks pushes no
 * predicate down, so each statement builds the whole cluster's list.
 *
 * @param hasVersionEpoch whether this version has the column VERSION_EPOCH
 * @param onTable gets all rows of one table; a table without partitions does not come up
 */
export async function eachTablesPartitions(
  session: Session,
  scopes: readonly DatabaseScope[],
  hasVersionEpoch: boolean,
  onTable: (partitions: readonly PhysicalPartition[]) => void,
): Promise<void> {
  const tables = neighbours(onTable);
  const isMeant = inScopes(scopes);
  await session.each(
    `SELECT DB_NAME, TABLE_NAME, PARTITION_NAME, PARTITION_ID, VISIBLE_VERSION, NEXT_VERSION,
            unix_timestamp(VISIBLE_VERSION_TIME) AS VISIBLE_SECONDS,
            ${hasVersionEpoch ? "VERSION_EPOCH" : "NULL AS VERSION_EPOCH"},
            PARTITION_VALUE, REPLICATION_NUM, BUCKETS, STORAGE_MEDIUM, ROW_COUNT, DATA_SIZE, IS_TEMP
     FROM information_schema.partitions_meta
     WHERE ${inScope(scopes, "DB_NAME", "TABLE_NAME")}
     ORDER BY DB_NAME, TABLE_NAME`,
    "list the partitions",
    (row) => {
      const partition = physicalPartition(row);
      if (isMeant(partition)) tables.add(partition);
    },
  );
  tables.end();
}

/** The same of few tables, without VERSION_EPOCH: only change detection needs it. */
export async function readPartitions(
  session: Session,
  scopes: readonly DatabaseScope[],
): Promise<readonly PhysicalPartition[]> {
  const partitions: PhysicalPartition[] = [];
  await eachTablesPartitions(session, scopes, false, (ofTable) => {
    for (const partition of ofTable) partitions.push(partition);
  });
  return partitions;
}

function physicalPartition(row: Row): PhysicalPartition {
  const replicationNum = count(row, "REPLICATION_NUM");
  return {
    database: text(row, "DB_NAME"),
    table: text(row, "TABLE_NAME"),
    partition: text(row, "PARTITION_NAME"),
    id: text(row, "PARTITION_ID"),
    visibleVersion: text(row, "VISIBLE_VERSION"),
    nextVersion: text(row, "NEXT_VERSION"),
    visibleSeconds: text(row, "VISIBLE_SECONDS"),
    versionEpoch: optionalText(row, "VERSION_EPOCH"),
    value: text(row, "PARTITION_VALUE"),
    replicationNum,
    buckets: count(row, "BUCKETS"),
    storageMedium: text(row, "STORAGE_MEDIUM"),
    rows: count(row, "ROW_COUNT"),
    // Of all replicas (starrocks.md §9.1).
    bytes: Math.round(parseDataSize(text(row, "DATA_SIZE")) / Math.max(replicationNum, 1)),
    temporary: flag(row, "IS_TEMP"),
  };
}

const unitBytes: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["B", 1],
  ["KB", 2 ** 10],
  ["MB", 2 ** 20],
  ["GB", 2 ** 30],
  ["TB", 2 ** 40],
  ["PB", 2 ** 50],
]);

/** DATA_SIZE is bytes since about 4.0 and a text such as `1.2KB` before. */
export function parseDataSize(size: string): number {
  const parts = /^([\d.]+)\s*([KMGTP]?B)?$/i.exec(size.trim());
  if (parts?.[1] === undefined) return 0;
  return Math.round(Number(parts[1]) * (unitBytes.get((parts[2] ?? "").toUpperCase()) ?? 1));
}

/** The partitions of one table, without hidden and temporary ones. */
export async function readRealPartitions(
  session: Session,
  database: string,
  table: string,
): Promise<readonly PhysicalPartition[]> {
  return (await readPartitions(session, [{ database, tables: [table] }])).filter(isReal);
}

/** Whether a partition is neither hidden nor temporary. */
export function isReal({ temporary, partition }: PhysicalPartition): boolean {
  return !temporary && !partition.startsWith("$");
}
