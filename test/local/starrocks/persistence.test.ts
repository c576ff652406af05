import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRepository, type Embedded, startEmbedded } from "../../support/embedded.ts";
import { backup, createOrders, type JobHost, partitions, restore } from "../../support/jobs.ts";

const jobsOf = ({ client }: Embedded): JobHost => ({ client, repository: "repo" });

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "starrocks-test-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("a restart keeps rows, metadata, labels, repositories and the latest jobs", async () => {
  const dir = join(home, "one");
  const first = await startEmbedded({ dir });
  await first.client.run("CREATE DATABASE sales");
  await createOrders(first, "sales.orders");
  await first.client.run("INSERT INTO sales.orders WITH LABEL once VALUES (9, '2025-01-01', 'x')");
  await first.client.run(createRepository("repo"));
  await backup(jobsOf(first), "sales", "s1");
  const before = await partitions(first, "sales", "orders");
  await first.close();
  const second = await startEmbedded({ dir });
  try {
    expect(await partitions(second, "sales", "orders")).toEqual(before);
    expect(
      (await second.client.refusal("INSERT INTO sales.orders WITH LABEL once VALUES (9, '2025-01-01', 'x')"))
        .message,
    ).toContain("Label [once] has already been used");
    expect((await second.client.rows("SHOW BACKUP FROM sales"))[0]).toMatchObject({
      SnapshotName: "s1",
      State: "FINISHED",
    });
    await restore(jobsOf(second), { into: "sales", label: "s1", on: "orders AS copy" });
    expect(await second.client.rows("SELECT count(*) AS n FROM sales.copy")).toEqual([{ n: "4" }]);
    await second.client.run(`CREATE TABLE sales.fresh LIKE sales.orders`);
    const ids = Object.values(await partitions(second, "sales", "fresh")).map((row) => Number(row["id"]));
    expect(Math.min(...ids)).toBeGreaterThan(
      Math.max(...Object.values(before).map((row) => Number(row["id"]))),
    );
  } finally {
    await second.close();
  }
});

async function startProcess(dir: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "local/starrocks/main.ts", "--port", "0", "--dir", dir],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    let text = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const match = /-P (\d+)/.exec(text);
      if (match) resolve(Number(match[1]));
    });
    child.once("exit", () => reject(new Error(`the server ended: ${text}`)));
  });
  return { child, port };
}

const exited = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));

test("kill -9 between statements loses nothing that was answered; SIGTERM ends cleanly", {
  timeout: 60_000,
}, async () => {
  const dir = join(home, "killed");
  const { child, port } = await startProcess(dir);
  const client = await mysql.createConnection({ host: "127.0.0.1", port, user: "root" });
  client.on("error", () => undefined);
  await client.query("CREATE DATABASE d");
  await client.query("CREATE TABLE d.t (id INT) PROPERTIES ('replication_num' = '1')");
  for (let i = 0; i < 5; i += 1) await client.query(`INSERT INTO d.t VALUES (${i})`);
  const dead = exited(child);
  child.kill("SIGKILL");
  await dead;
  client.destroy();
  const again = await startProcess(dir);
  const reader = await mysql.createConnection({ host: "127.0.0.1", port: again.port, user: "root" });
  const [rows] = await reader.query(
    "SELECT (SELECT count(*) FROM d.t) AS n, VISIBLE_VERSION AS v FROM information_schema.partitions_meta",
  );
  expect(rows).toEqual([{ n: 5, v: 6 }]);
  await reader.end();
  const gone = exited(again.child);
  again.child.kill("SIGTERM");
  expect(await gone).toBe(0);
});
