import { createConnection } from "mysql2";
import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { startStarRocks } from "../local/starrocks/server.ts";

export type Figure = Readonly<{ what: string; seconds: number; detail: string }>;

export type ScaleOptions = Readonly<{ tables?: number; partitionsPerTable?: number; million?: boolean }>;

const megabytes = (): number => Math.round(process.memoryUsage.rss() / 1024 ** 2);

async function timed(what: string, work: () => Promise<string>): Promise<Figure> {
  const start = performance.now();
  const detail = await work();
  return { what, seconds: (performance.now() - start) / 1000, detail };
}

/** How the embedded StarRocks bears many partitions: made in bulk, listed, named in one BACKUP. */
export async function starrocksScale(options: ScaleOptions = {}): Promise<Figure[]> {
  const { tables = 1_000, partitionsPerTable = 100, million = true } = options;
  const server = await startStarRocks({ tickMs: 50 });
  const connection = await mysql.createConnection({ host: server.host, port: server.port, user: "root" });
  try {
    const figures = [
      await timed(`create ${tables} tables of ${partitionsPerTable} partitions`, () =>
        createTables(connection, "d", tables, partitionsPerTable),
      ),
      await timed("list them from partitions_meta", () => listAll(connection)),
      await timed("submit a BACKUP naming 20,000 partitions", () => submit(connection)),
    ];
    if (million) {
      figures.push(
        await timed("create 900,000 more", () => createTables(connection, "m", 90, 10_000)),
        await timed("stream 1,000,000 from partitions_meta", () => streamAll(server.port)),
      );
    }
    return figures;
  } finally {
    connection.destroy();
    await server.close();
  }
}

async function createTables(
  connection: Connection,
  database: string,
  tables: number,
  partitions: number,
): Promise<string> {
  await connection.query(`CREATE DATABASE ${database}`);
  for (let index = 0; index < tables; index += 1) {
    await connection.query(
      `CREATE TABLE ${database}.t${index} (k INT NOT NULL) DUPLICATE KEY (k)
       PARTITION BY RANGE (k) (START ("0") END ("${partitions}") EVERY (1))
       DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ('replication_num' = '1')`,
    );
  }
  return `${megabytes()} MB`;
}

const listing =
  "SELECT DB_NAME, TABLE_NAME, PARTITION_NAME, PARTITION_ID, VISIBLE_VERSION, unix_timestamp(VISIBLE_VERSION_TIME), VERSION_EPOCH FROM information_schema.partitions_meta WHERE IS_TEMP = 0";

async function listAll(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>({ sql: listing, rowsAsArray: true });
  return `${rows.length} rows, ${megabytes()} MB`;
}

/** Rows are counted as they come; neither side holds them all. */
async function streamAll(port: number): Promise<string> {
  const before = megabytes();
  let most = before;
  let rows = 0;
  const connection = createConnection({ host: "127.0.0.1", port, user: "root" });
  for await (const _ of connection.query({ sql: listing, rowsAsArray: true }).stream()) {
    rows += 1;
    if (rows % 50_000 === 0) most = Math.max(most, megabytes());
  }
  connection.destroy();
  return `${rows} rows, at most ${most - before} MB above the ${before} MB before`;
}

async function submit(connection: Connection): Promise<string> {
  await connection.query(
    `CREATE REPOSITORY repo WITH BROKER ON LOCATION "s3://b/x" PROPERTIES ("aws.s3.region" = "x")`,
  );
  await connection.query(
    `CREATE TABLE d.wide (k INT NOT NULL) DUPLICATE KEY (k) PARTITION BY RANGE (k) (START ("0") END ("20000") EVERY (1))
     DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ('replication_num' = '1')`,
  );
  const names = Array.from({ length: 20_000 }, (_, index) => `p${index}`).join(", ");
  const start = performance.now();
  await connection.query(`BACKUP SNAPSHOT d.s1 TO repo ON (wide PARTITION (${names}))`);
  const submitted = ((performance.now() - start) / 1000).toFixed(2);
  for (;;) {
    const [rows] = await connection.query<RowDataPacket[]>("SHOW BACKUP FROM d");
    const state = String(rows[0]?.["State"]);
    if (state === "FINISHED" || state === "CANCELLED") return `${state}, submit ${submitted} s`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

if (process.argv[1]?.endsWith("starrocks-scale.ts")) {
  for (const { what, seconds, detail } of await starrocksScale())
    process.stdout.write(`${what}: ${seconds.toFixed(2)} s (${detail})\n`);
}
