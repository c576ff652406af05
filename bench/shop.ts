import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Client, connect } from "../local/walkthrough/client.ts";
import { runScript } from "../local/windmill/run-script.ts";
import { runPlanner } from "./planner.ts";

/** A cluster of so many partitions, all of which a full backup has recorded. */
export interface Shop {
  readonly port: number;
  readonly partitions: number;
  /** Changes partitions until so many differ from the full backup. */
  change(partitions: number): Promise<void>;
  close(): Promise<void>;
}

export async function openShop(partitions: number): Promise<Shop> {
  const tables = Math.min(1000, partitions / 100);
  const perTable = partitions / tables;
  const cluster = spawn(
    process.execPath,
    ["--import", "tsx", fileURLToPath(new URL("cluster.ts", import.meta.url))],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(createInterface({ input: cluster.stdout }), "line")) as [string];
  const port = Number(line);
  const client = await connect("127.0.0.1", port);
  await createTables(client, tables, perTable);
  await recordFull(client, port);
  return {
    port,
    partitions,
    change: (wanted) => change(client, tables, wanted),
    async close() {
      await client.close();
      const closed = once(cluster, "exit");
      cluster.kill("SIGTERM");
      await closed;
    },
  };
}

async function createTables(client: Client, tables: number, perTable: number): Promise<void> {
  await client.run(`CREATE REPOSITORY repo WITH BROKER ON LOCATION "s3://bucket/prefix"
    PROPERTIES ("aws.s3.access_key" = "a", "aws.s3.secret_key" = "b")`);
  await client.run("CREATE DATABASE d");
  for (let table = 0; table < tables; table++) {
    await client.run(`CREATE TABLE d.t${table} (k INT NOT NULL) DUPLICATE KEY (k)
      PARTITION BY RANGE (k) (START ("0") END ("${perTable}") EVERY (1))
      DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  }
}

/** Plans a full and calls it finished: its data is of no interest here. */
async function recordFull(client: Client, port: number): Promise<void> {
  const starrocks = { host: "127.0.0.1", port, user: "root", password: "", repository: "repo" };
  await runScript("init", { starrocks });
  await runScript("inventory", { starrocks, group: "g", add: ["d.*"] });
  await runPlanner(port, "full");
  await client.run(
    "UPDATE ops.backup_history SET status = 'FINISHED', finished_at = now(), cut_to = now() WHERE status = 'PLANNED'",
  );
  // starrocks-br compares times, to the second.
  await new Promise((resolve) => setTimeout(resolve, 1100));
}

/** Spread over the tables, as loads are: each table's first partitions. */
async function change(client: Client, tables: number, wanted: number): Promise<void> {
  const each = Math.ceil(wanted / tables);
  const rows = Array.from({ length: each }, (_, partition) => `(${partition})`).join(", ");
  for (let table = 0; table < Math.ceil(wanted / each); table++) {
    await client.run(`INSERT INTO d.t${table} VALUES ${rows}`);
  }
}
