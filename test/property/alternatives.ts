import type { History, RestorePoint } from "./model.ts";

/** Ways to find changed partitions that look right and are not (how this product does not do it). */
export type Alternative = "a later time" | "another version" | "a higher version";

interface Row {
  readonly name: string;
  readonly version: number;
  readonly seconds: number;
}

/** Everything an alternative would have remembered of a backup. */
export interface Remembered {
  readonly versions: ReadonlyMap<string, number>;
  /** When the newest full backup of the database ended, UTC epoch seconds. */
  readonly endedAt: number;
}

export async function remember(history: History): Promise<Remembered> {
  const [row] = await history.cluster.client.rows(
    `SELECT max(unix_timestamp(finished_at)) ended FROM ops.backup_history
     WHERE database_name = '${history.database}' AND backup_type = 'full' AND status = 'FINISHED'`,
  );
  const rows = await partitionRows(history);
  return {
    versions: new Map(rows.map(({ name, version }) => [name, version])),
    endedAt: Number(row?.["ended"]),
  };
}

/** Partitions that each alternative would copy now, as `table.partition`. */
export async function foundBy(
  history: History,
  { versions, endedAt }: Remembered,
): Promise<Readonly<Record<Alternative, readonly string[]>>> {
  const rows = await partitionRows(history);
  const names = (changed: (row: Row) => boolean) => rows.filter(changed).map(({ name }) => name);
  return {
    "a later time": names(({ seconds }) => seconds > endedAt),
    "another version": names(({ name, version }) => versions.get(name) !== version),
    "a higher version": names(({ name, version }) => version > (versions.get(name) ?? 0)),
  };
}

async function partitionRows(history: History): Promise<readonly Row[]> {
  const rows = await history.cluster.client.rows(
    `SELECT TABLE_NAME t, PARTITION_NAME p, VISIBLE_VERSION v, unix_timestamp(VISIBLE_VERSION_TIME) s
     FROM information_schema.partitions_meta WHERE DB_NAME = '${history.database}' AND IS_TEMP = 0`,
  );
  return rows.map((row) => ({
    name: `${row["t"]}.${row["p"]}`,
    version: Number(row["v"]),
    seconds: Number(row["s"]),
  }));
}

/** What the product copied for its newest restore point. */
export async function copiedFor(history: History, { label }: RestorePoint): Promise<readonly string[]> {
  const rows = await history.cluster.client.rows(
    `SELECT table_name t, partition_name p FROM ops.backup_partitions
     WHERE label = '${label}' AND presence = 'held' ORDER BY t, p`,
  );
  return rows.map((row) => `${row["t"]}.${row["p"]}`);
}
