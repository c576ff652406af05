import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startStarRocks } from "../../local/starrocks/server.ts";
import { connectTo } from "../support/client.ts";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { createRepository } from "../support/embedded.ts";
import { backup, createOrders, ended, one, restore, waitFor } from "../support/jobs.ts";

const cluster = useCluster();
const sequence = [
  "PENDING",
  "SNAPSHOTING",
  "UPLOAD_SNAPSHOT",
  "UPLOADING",
  "SAVE_META",
  "UPLOAD_INFO",
  "FINISHED",
];

async function orders(): Promise<string> {
  const database = await cluster.database();
  await createOrders(cluster, `${database}.orders`);
  return database;
}

const submit = (database: string, label: string, tail = ""): Promise<unknown> =>
  cluster.client.run(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository} ${tail}`);

const ids = async (table: string): Promise<unknown[]> =>
  (await cluster.client.rows(`SELECT id FROM ${table} ORDER BY id`)).map((row) => Number(row["id"]));

describe("§2.1 execution", () => {
  test("is asynchronous, and shows only states of the sequence, in its order", async () => {
    const [database, label] = [await orders(), unique("s")];
    await submit(database, label);
    const seen: unknown[] = [];
    await waitFor(cluster, "BACKUP", database, (row) => {
      if (seen.at(-1) !== row["State"]) seen.push(row["State"]);
      return row["State"] === "FINISHED";
    });
    expect(seen.length).toBeGreaterThan(1);
    expect(sequence.filter((state) => seen.includes(state))).toEqual(seen);
  });

  testEmbedded("does at most one step per job and tick", "counts ticks", async () => {
    const [first, second] = [await orders(), await orders()];
    await cluster.embedded.ticker.pause();
    await submit(first, unique("s"));
    await submit(second, unique("s"));
    const seen: unknown[][] = [];
    for (let tick = 0; tick < sequence.length; tick += 1) {
      const rows = [first, second].map((name) => cluster.client.rows(`SHOW BACKUP FROM ${name}`));
      seen.push((await Promise.all(rows)).map(([row]) => row?.["State"]));
      await cluster.embedded.ticker.tick();
    }
    expect(seen).toEqual(sequence.map((state) => [state, state]));
  });

  test("writes the creation time into the snapshot's timestamp, to the millisecond", async () => {
    const [database, label] = [await orders(), unique("s")];
    await cluster.client.run("SET time_zone = 'UTC'");
    const row = await backup(cluster, database, label);
    const [snapshot] = await cluster.client.rows(
      `SHOW SNAPSHOT ON ${cluster.repository} WHERE SNAPSHOT = '${label}'`,
    );
    const stamp = String(snapshot?.["Timestamp"]);
    expect(stamp).toMatch(/^\d{4}(-\d\d){5}-\d{3}$/);
    // The zone of the FE need not be the session's: minutes and seconds tell.
    expect(stamp.slice(14, 19).replace("-", ":")).toBe(String(row["CreateTime"]).slice(14));
  });
});

describe("§2.2 the moment of a snapshot", () => {
  testEmbedded("is the PENDING step: writes before it are in, later ones out", "stops the tick", async () => {
    const [database, label] = [await orders(), unique("s")];
    await cluster.embedded.ticker.pause();
    await submit(database, label);
    await cluster.client.run(`INSERT INTO ${database}.orders VALUES (10, '2025-01-01', 'before')`);
    await cluster.embedded.ticker.tick();
    await cluster.client.run(`INSERT INTO ${database}.orders VALUES (11, '2025-01-01', 'after')`);
    cluster.embedded.ticker.start();
    await ended(cluster, "BACKUP", database);
    await restore(cluster, { into: database, label, on: "orders AS copy" });
    expect(await ids(`${database}.copy`)).toEqual([1, 2, 3, 10]);
  });

  testEmbedded("is one for all tables of the job", "stops the tick", async () => {
    const [database, label] = [await orders(), unique("s")];
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await cluster.embedded.ticker.pause();
    await submit(database, label);
    await cluster.client.run(`INSERT INTO ${database}.t VALUES (1)`);
    await cluster.embedded.ticker.tick();
    await cluster.client.run(`INSERT INTO ${database}.t VALUES (2)`);
    await cluster.client.run(`INSERT INTO ${database}.orders VALUES (12, '2025-01-02', 'late')`);
    cluster.embedded.ticker.start();
    await ended(cluster, "BACKUP", database);
    await restore(cluster, { into: database, label, on: "orders AS o, t AS u" });
    expect([await ids(`${database}.o`), await ids(`${database}.u`)]).toEqual([[1, 2, 3], [1]]);
  });

  testEmbedded("survives drops, truncates and overwrites that come after it", "stops the tick", async () => {
    const [database, label] = [await orders(), unique("s")];
    await cluster.embedded.ticker.pause();
    await submit(database, label);
    await cluster.embedded.ticker.tick();
    await cluster.client.run(
      `INSERT OVERWRITE ${database}.orders PARTITION (p1) SELECT 9, '2025-01-01', 'x'`,
    );
    await cluster.client.run(`TRUNCATE TABLE ${database}.orders PARTITION (p2)`);
    await cluster.client.run(`ALTER TABLE ${database}.orders ADD COLUMN extra INT`);
    cluster.embedded.ticker.start();
    expect(await ended(cluster, "BACKUP", database)).toMatchObject({ State: "FINISHED" });
    await restore(cluster, { into: database, label, on: "orders AS copy" });
    expect(await ids(`${database}.copy`)).toEqual([1, 2, 3]);
    expect(await cluster.client.rows(`SHOW COLUMNS FROM ${database}.copy`)).toHaveLength(3);
  });

  testEmbedded(
    "is fixed anew by a new leader, before UPLOAD_SNAPSHOT is journaled; CreateTime stays",
    "restarts the FE",
    async () => {
      const dir = mkdtempSync(join(tmpdir(), "conformance-"));
      const options = { dir, tickMs: 20 };
      try {
        const first = await startStarRocks(options);
        const before = await connectTo({ host: first.host, port: first.port, user: "root" });
        await before.run("CREATE DATABASE d");
        await before.run(`CREATE TABLE d.t (id INT) ${one}`);
        await before.run(createRepository("repo"));
        await first.ticker.pause();
        await before.run("BACKUP SNAPSHOT d.s TO repo");
        await first.ticker.tick();
        const [old] = await before.rows("SHOW BACKUP FROM d");
        expect(old).toMatchObject({ State: "SNAPSHOTING" });
        await before.run("INSERT INTO d.t VALUES (1)");
        before.connection.destroy();
        await first.close();

        const second = await startStarRocks(options);
        const after = await connectTo({ host: second.host, port: second.port, user: "root" });
        const find = () => after.rows("SHOW BACKUP FROM d");
        await expect.poll(async () => (await find())[0]?.["State"], { timeout: 10_000 }).toBe("FINISHED");
        expect((await find())[0]).toMatchObject({ CreateTime: old?.["CreateTime"] });
        const [snapshot] = await after.rows("SHOW SNAPSHOT ON repo WHERE SNAPSHOT = 's'");
        await after.run(
          `RESTORE SNAPSHOT d.s FROM repo ON (t AS u) PROPERTIES ("backup_timestamp" = "${snapshot?.["Timestamp"]}", "replication_num" = "1")`,
        );
        await expect
          .poll(async () => (await after.rows("SHOW RESTORE FROM d"))[0]?.["State"], { timeout: 10_000 })
          .toBe("FINISHED");
        expect(await after.rows("SELECT id FROM d.u")).toEqual([{ id: 1 }]);
        after.connection.destroy();
        await second.close();
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  );
});
