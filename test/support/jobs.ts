import type { Client, Row } from "./client.ts";

export const one = "PROPERTIES ('replication_num' = '1')";

/** A session, and the repository that jobs of its cases go to: a `TestCluster`, or an embedded server's. */
export interface JobHost {
  readonly client: Client;
  readonly repository: string;
}

const longestWaitMs = 120_000;

/** Polls SHOW BACKUP or SHOW RESTORE until the database's job satisfies the condition. */
export async function waitFor(
  { client }: Pick<JobHost, "client">,
  kind: "BACKUP" | "RESTORE",
  database: string,
  condition: (row: Row) => boolean,
): Promise<Row> {
  const end = Date.now() + longestWaitMs;
  while (Date.now() < end) {
    const [row] = await client.rows(`SHOW ${kind} FROM ${database}`);
    if (row && condition(row)) return row;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${kind} of ${database} did not get there in ${longestWaitMs} ms`);
}

/** The job's row once it is FINISHED or CANCELLED. */
export const ended = (cluster: JobHost, kind: "BACKUP" | "RESTORE", database: string): Promise<Row> =>
  waitFor(cluster, kind, database, (row) => row["State"] === "FINISHED" || row["State"] === "CANCELLED");

/** BACKUP by the form every version has, to its end. */
export async function backup(cluster: JobHost, database: string, label: string, tail = ""): Promise<Row> {
  await cluster.client.run(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository} ${tail}`);
  return ended(cluster, "BACKUP", database);
}

/** What SHOW SNAPSHOT prints and `backup_timestamp` takes (§4). */
export async function timestamp({ client, repository }: JobHost, label: string): Promise<string> {
  const [row] = await client.rows(`SHOW SNAPSHOT ON ${repository} WHERE SNAPSHOT = '${label}'`);
  return String(row?.["Timestamp"]);
}

export type RestoreRequest = Readonly<{
  /** The database restored into. */
  into: string;
  label: string;
  /** `orders PARTITION (p1) AS copy`; everything when left out. */
  on?: string;
  /** (Default: 1) */
  replication?: number | "unset";
  /** More properties, as text. */
  more?: string;
}>;

/** The text of a RESTORE by the form every version has. */
export async function restoreText(cluster: JobHost, request: RestoreRequest): Promise<string> {
  const { into, label, on, replication = 1, more } = request;
  const properties = [
    `"backup_timestamp" = "${await timestamp(cluster, label)}"`,
    ...(replication === "unset" ? [] : [`"replication_num" = "${replication}"`]),
    ...(more === undefined ? [] : [more]),
  ];
  const objects = on === undefined ? "" : `ON (${on}) `;
  return `RESTORE SNAPSHOT ${into}.${label} FROM ${cluster.repository} ${objects}PROPERTIES (${properties.join(", ")})`;
}

/** RESTORE to its end. */
export async function restore(cluster: JobHost, request: RestoreRequest): Promise<Row> {
  await cluster.client.run(await restoreText(cluster, request));
  return ended(cluster, "RESTORE", request.into);
}

/** A range-partitioned table of three days with a row in each. */
export async function createOrders({ client }: Pick<JobHost, "client">, name: string): Promise<void> {
  await client.run(
    `CREATE TABLE ${name} (id BIGINT NOT NULL, day DATE NOT NULL, item VARCHAR(20) COMMENT "what")
     DUPLICATE KEY (id, day)
     PARTITION BY RANGE (day) (
       PARTITION p1 VALUES [("2025-01-01"), ("2025-01-02")),
       PARTITION p2 VALUES [("2025-01-02"), ("2025-01-03")),
       PARTITION p3 VALUES [("2025-01-03"), ("2025-01-04")))
     DISTRIBUTED BY HASH (id) BUCKETS 2 ${one}`,
  );
  await client.run(
    `INSERT INTO ${name} VALUES (1, '2025-01-01', 'a'), (2, '2025-01-02', 'b'), (3, '2025-01-03', 'c')`,
  );
}

/** What partitions_meta says of a table, by partition name. */
export async function partitions(
  { client }: Pick<JobHost, "client">,
  database: string,
  table: string,
): Promise<Record<string, Row>> {
  const rows = await client.rows(
    `SELECT PARTITION_NAME name, PARTITION_ID id, VISIBLE_VERSION version, NEXT_VERSION next,
       DATA_VERSION data, VERSION_EPOCH epoch, unix_timestamp(VISIBLE_VERSION_TIME) time, IS_TEMP temporary
     FROM information_schema.partitions_meta WHERE DB_NAME = '${database}' AND TABLE_NAME = '${table}'`,
  );
  return Object.fromEntries(rows.map((row) => [String(row["name"]), row]));
}
