import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { type StarRocks, type StarRocksOptions, startStarRocks } from "../../../local/starrocks/server.ts";

export type Row = Record<string, string | number | null>;

export type Failure = Readonly<{ code: number | undefined; state: string | undefined; message: string }>;

/** A server and a client on it, over TCP, as any tool would connect. */
export type Lab = Readonly<{
  server: StarRocks;
  connect(options?: Readonly<Record<string, unknown>>): Promise<Client>;
  client: Client;
  end(): Promise<void>;
}>;

export type Client = Readonly<{
  connection: Connection;
  rows(sql: string): Promise<Row[]>;
  run(sql: string): Promise<{ affectedRows: number; info: string }>;
  /** The error a statement ends with; a statement that succeeds fails the test. */
  failure(sql: string): Promise<Failure>;
}>;

export async function startLab(options: StarRocksOptions = {}): Promise<Lab> {
  const server = await startStarRocks({ tickMs: 5, ...options });
  const connections: Connection[] = [];
  const connect = async (more: Readonly<Record<string, unknown>> = {}): Promise<Client> => {
    const connection = await mysql.createConnection({
      host: server.host,
      port: server.port,
      user: "root",
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      ...more,
    });
    // A dropped connection is what some tests are about; it must not end the test process.
    connection.on("error", () => undefined);
    connections.push(connection);
    return clientOf(connection);
  };
  return {
    server,
    connect,
    client: await connect(),
    async end() {
      for (const connection of connections) connection.destroy();
      await server.close();
    },
  };
}

function clientOf(connection: Connection): Client {
  return {
    connection,
    async rows(sql) {
      const [rows] = await connection.query<RowDataPacket[]>(sql);
      return rows.map((row) => ({ ...row }));
    },
    async run(sql) {
      const [header] = await connection.query<mysql.ResultSetHeader>(sql);
      return { affectedRows: header.affectedRows, info: header.info };
    },
    async failure(sql) {
      try {
        await connection.query(sql);
      } catch (error) {
        return failureOf(error);
      }
      throw new Error(`succeeded, but should have failed: ${sql}`);
    },
  };
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) throw error;
  const errno = "errno" in error && typeof error.errno === "number" ? error.errno : undefined;
  const state = "sqlState" in error && typeof error.sqlState === "string" ? error.sqlState : undefined;
  return { code: errno, state, message: error.message };
}

export const one = "PROPERTIES ('replication_num' = '1')";

/** Polls SHOW BACKUP or SHOW RESTORE until the job is done. */
export async function finished(client: Client, kind: "BACKUP" | "RESTORE", database: string): Promise<Row> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const [row] = await client.rows(`SHOW ${kind} FROM ${database}`);
    if (row && (row["State"] === "FINISHED" || row["State"] === "CANCELLED")) return row;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${kind} of ${database} did not end`);
}

export async function timestamp(client: Client, repository: string, label: string): Promise<string> {
  const [row] = await client.rows(`SHOW SNAPSHOT ON ${repository} WHERE SNAPSHOT = '${label}'`);
  return String(row?.["Timestamp"]);
}

export async function createRepository(client: Client, name = "repo"): Promise<void> {
  await client.run(
    `CREATE REPOSITORY ${name} WITH BROKER ON LOCATION "s3://bucket/backups" PROPERTIES ("aws.s3.region" = "x")`,
  );
}

export async function backup(client: Client, label: string, on = ""): Promise<Row> {
  await client.run(`BACKUP SNAPSHOT sales.${label} TO repo ${on}`);
  return finished(client, "BACKUP", "sales");
}

/** RESTORE SNAPSHOT <target>.<label> with replication 1, to its end. */
export async function restore(client: Client, target: string, label: string, on: string): Promise<Row> {
  const stamp = await timestamp(client, "repo", label);
  await client.run(
    `RESTORE SNAPSHOT ${target}.${label} FROM repo ON (${on}) PROPERTIES ("backup_timestamp" = "${stamp}", "replication_num" = "1")`,
  );
  return finished(client, "RESTORE", target);
}

/** What partitions_meta says of a table, by partition name. */
export async function partitions(client: Client, table: string): Promise<Record<string, Row>> {
  const [database = "", name = ""] = table.split(".");
  const rows = await client.rows(
    `SELECT PARTITION_NAME name, PARTITION_ID id, VISIBLE_VERSION version, NEXT_VERSION next, VERSION_EPOCH epoch,
       unix_timestamp(VISIBLE_VERSION_TIME) time, IS_TEMP temporary, ROW_COUNT n
     FROM information_schema.partitions_meta WHERE DB_NAME = '${database}' AND TABLE_NAME = '${name}'`,
  );
  return Object.fromEntries(rows.map((row) => [String(row["name"]), row]));
}

/** A range-partitioned table of three days with a row in each. */
export async function createOrders(client: Client, name = "sales.orders"): Promise<void> {
  await client.run(
    `CREATE TABLE ${name} (id BIGINT NOT NULL, day DATE NOT NULL, item VARCHAR(20) COMMENT "what") DUPLICATE KEY (id, day)
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
