import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeEmbedded, testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, one, partitions, restore, restoreText } from "../support/jobs.ts";

const cluster = useCluster();

async function snapshot(): Promise<{ database: string; label: string }> {
  const [database, label] = [await cluster.database(), unique("s")];
  await createOrders(cluster, `${database}.orders`);
  await backup(cluster, database, label);
  return { database, label };
}

/** Submits a RESTORE with the loop standing still and does that many steps of it. */
async function restoring(into: string, label: string, ticks: number, on = "orders"): Promise<void> {
  const text = await restoreText(cluster, { into, label, on });
  await cluster.embedded.ticker.pause();
  await cluster.client.run(text);
  for (let tick = 0; tick < ticks; tick += 1) await cluster.embedded.ticker.tick();
}

const shown = async (database: string) => (await cluster.client.rows(`SHOW RESTORE FROM ${database}`))[0];

const ids = async (table: string): Promise<unknown[]> =>
  (await cluster.client.rows(`SELECT id FROM ${table} ORDER BY id`)).map((row) => Number(row["id"]));

describe("§6.7 while the table is in state RESTORE", () => {
  testEmbedded("it can be neither read, written nor changed", "stops the tick", async () => {
    const { database, label } = await snapshot();
    await restoring(database, label, 1);
    const table = `${database}.orders`;
    expect(await cluster.client.refusal(`SELECT * FROM ${table}`)).toEqual({
      code: 5014,
      sqlState: "HY000",
      message: "Table state is not NORMAL: 'RESTORING'",
    });
    const progress = /^A snapshot restore operation is in progress on the table orders\. Please wait/;
    const refusals: [sql: string, text: RegExp][] = [
      [`INSERT INTO ${table} VALUES (7, '2025-01-01', 'x')`, /Cannot write RESTORE state table "orders"/],
      [
        `INSERT OVERWRITE ${table} VALUES (7, '2025-01-01', 'x')`,
        /table state is RESTORE, please wait to insert overwrite until table state is normal/,
      ],
      [`DELETE FROM ${table} WHERE id = 1`, /Table's state is not normal: orders/],
      [`TRUNCATE TABLE ${table}`, progress],
      [`ALTER TABLE ${table} ADD COLUMN x INT`, progress],
      [`ALTER TABLE ${table} ADD PARTITION p9 VALUES LESS THAN ("2026-01-01")`, progress],
      [`ALTER TABLE ${table} DROP PARTITION p1`, progress],
      [`ALTER TABLE ${table} RENAME PARTITION p1 q1`, progress],
      [`ALTER TABLE ${table} RENAME other`, progress],
    ];
    for (const [sql, text] of refusals)
      expect(await cluster.client.refusal(sql)).toMatchObject({ message: expect.stringMatching(text) });
  });

  testEmbedded("its definition and partitions can be shown", "stops the tick", async () => {
    const { database, label } = await snapshot();
    await restoring(database, label, 1);
    for (const sql of [
      `SHOW CREATE TABLE ${database}.orders`,
      `SHOW PARTITIONS FROM ${database}.orders`,
      `SELECT * FROM information_schema.partitions_meta WHERE DB_NAME = '${database}'`,
    ])
      expect((await cluster.client.rows(sql)).length).toBeGreaterThan(0);
  });

  testEmbedded("other tables of the database are free", "stops the tick", async () => {
    const { database, label } = await snapshot();
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await restoring(database, label, 1);
    await cluster.client.run(`INSERT INTO ${database}.t VALUES (1)`);
    expect(await ids(`${database}.t`)).toEqual([1]);
  });

  testEmbedded("a new table is listed from PENDING on, and unreadable", "stops the tick", async () => {
    const [{ label }, target] = [await snapshot(), await cluster.database()];
    await restoring(target, label, 0);
    expect(await cluster.client.rows(`SHOW TABLES FROM ${target}`)).toEqual([]);
    await cluster.embedded.ticker.tick();
    expect(await cluster.client.rows(`SHOW TABLES FROM ${target}`)).toHaveLength(1);
    expect(await cluster.client.refusal(`SELECT * FROM ${target}.orders`)).toMatchObject({ code: 5014 });
  });

  testEmbedded("before the PENDING step nothing is blocked", "stops the tick", async () => {
    const { database, label } = await snapshot();
    await restoring(database, label, 0);
    expect(await ids(`${database}.orders`)).toEqual([1, 2, 3]);
  });

  testEmbedded(
    "DROP TABLE is allowed and ends the job; DROP PARTITION is not",
    "stops the tick",
    async () => {
      const { database, label } = await snapshot();
      await restoring(database, label, 1);
      expect(await cluster.client.refusal(`ALTER TABLE ${database}.orders DROP PARTITION p1`)).toMatchObject({
        message: expect.stringMatching(/^A snapshot restore operation is in progress on the table orders/),
      });
      await cluster.embedded.ticker.tick();
      await cluster.client.run(`DROP TABLE ${database}.orders`);
      await cluster.embedded.ticker.tick();
      expect((await shown(database))?.["Status"]).toMatch(/^\[NOT_FOUND, msg: table \d+ has been dropped\]$/);
    },
  );
});

describe("§6.7 cancel, failure, timeout", () => {
  const states = ["PENDING", "SNAPSHOTING", "DOWNLOAD", "DOWNLOADING", "COMMIT", "COMMITTING"];
  for (const [ticks, state] of states.entries())
    testEmbedded(
      `a cancel in ${state} names it, and removes what the job made`,
      "stops the tick",
      async () => {
        const { database, label } = await snapshot();
        await cluster.client.run(`ALTER TABLE ${database}.orders DROP PARTITION p3`);
        const text = await restoreText(cluster, { into: database, label });
        const target = cluster.dropLater(unique("db"));
        await cluster.embedded.ticker.pause();
        await cluster.client.run(text);
        await cluster.client.run(text.replace(`${database}.`, `${target}.`));
        for (let tick = 0; tick < ticks; tick += 1) await cluster.embedded.ticker.tick();
        expect(await shown(target)).toMatchObject({ State: state });
        for (const name of [database, target]) {
          await cluster.client.run(`CANCEL RESTORE FROM ${name}`);
          expect(await shown(name)).toMatchObject({
            State: "CANCELLED",
            Status: `[COMMON_ERROR, msg: user cancelled, current state: ${state}]`,
          });
        }
        expect(await cluster.client.rows(`SHOW TABLES FROM ${target}`)).toEqual([]);
        expect(Object.keys(await partitions(cluster, database, "orders")).sort()).toEqual(["p1", "p2"]);
        await cluster.client.run(`INSERT INTO ${database}.orders VALUES (9, '2025-01-01', 'free again')`);
      },
    );

  testEmbedded(
    "up to COMMIT the old rows are intact; from COMMITTING on they are mixed under old versions",
    "stops the tick",
    async () => {
      const { database, label } = await snapshot();
      await cluster.client.run(
        `INSERT INTO ${database}.orders VALUES (7, '2025-01-01', 'x'), (8, '2025-01-02', 'x'), (9, '2025-01-03', 'x')`,
      );
      const before = await partitions(cluster, database, "orders");
      await restoring(database, label, 4);
      await cluster.client.run(`CANCEL RESTORE FROM ${database}`);
      expect(await ids(`${database}.orders`)).toEqual([1, 2, 3, 7, 8, 9]);
      await restoring(database, label, 5);
      await cluster.client.run(`CANCEL RESTORE FROM ${database}`);
      const mixed = await ids(`${database}.orders`);
      expect(mixed.length).toBeGreaterThan(3);
      expect(mixed.length).toBeLessThan(6);
      expect(await partitions(cluster, database, "orders")).toEqual(before);
      cluster.embedded.ticker.start();
      expect(await restore(cluster, { into: database, label })).toMatchObject({ State: "FINISHED" });
      expect(await ids(`${database}.orders`)).toEqual([1, 2, 3]);
    },
  );

  testEmbedded("an auto-created database stays", "stops the tick", async () => {
    const [{ label }, target] = [await snapshot(), cluster.dropLater(unique("db"))];
    await restoring(target, label, 2);
    await cluster.client.run(`CANCEL RESTORE FROM ${target}`);
    expect(await cluster.client.rows(`SHOW DATABASES LIKE '${target}'`)).toHaveLength(1);
  });

  testEmbedded("views made by the job go with it", "stops the tick", async () => {
    const [database, label, target] = [await cluster.database(), unique("s"), await cluster.database()];
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await cluster.client.run(`CREATE VIEW ${database}.v AS SELECT id FROM ${database}.t`);
    await backup(cluster, database, label);
    await restoring(target, label, 2, "t, v");
    expect(await cluster.client.rows(`SHOW TABLES FROM ${target}`)).toHaveLength(2);
    await cluster.client.run(`CANCEL RESTORE FROM ${target}`);
    expect(await cluster.client.rows(`SHOW TABLES FROM ${target}`)).toEqual([]);
  });

  testEmbedded("on timeout: a Status of its own, with two blanks", "moves the clock", async () => {
    const [{ label }, target] = [await snapshot(), await cluster.database()];
    await restoring(target, label, 2);
    cluster.embedded.cluster.knobs.clockOffsetMs = 86_401_000;
    await cluster.embedded.ticker.tick();
    expect(await shown(target)).toMatchObject({
      State: "CANCELLED",
      Status: `[TIMEOUT, msg: restore job with label: ${label}  timeout.]`,
    });
    expect(await cluster.client.rows(`SHOW TABLES FROM ${target}`)).toEqual([]);
  });

  testEmbedded("one table that does not fit ends the job for all", "counts on one backend", async () => {
    const [database, label, target] = [await cluster.database(), unique("s"), await cluster.database()];
    for (const name of ["a", "b"])
      await cluster.client.run(`CREATE TABLE ${database}.${name} (id INT) ${one}`);
    await backup(cluster, database, label);
    await cluster.client.run(`CREATE TABLE ${target}.b (id INT, x INT) ${one}`);
    expect(await restore(cluster, { into: target, label })).toMatchObject({ State: "CANCELLED" });
    expect(await cluster.client.rows(`SHOW TABLES FROM ${target}`)).toHaveLength(1);
    await cluster.client.run(`INSERT INTO ${target}.b VALUES (1, 2)`);
  });

  testEmbedded(
    "§6.3 an unreadable __meta is found out by the job",
    "writes into the object store",
    async () => {
      const { database, label } = await snapshot();
      const { options } = cluster.embedded.cluster;
      const folder = join(
        options.repositories,
        "bucket/prefix",
        `__starrocks_repository_${cluster.repository}`,
        `__ss_${label}`,
      );
      const meta = readdirSync(folder).find((name) => name.startsWith("__meta."));
      writeFileSync(join(folder, meta ?? ""), "not what it was");
      expect(await restore(cluster, { into: database, label, on: "orders AS copy" })).toMatchObject({
        State: "CANCELLED",
        Status: "[COMMON_ERROR, msg: Failed to read backup meta from file]",
      });
    },
  );
});

describe("§6.7 versions after success", () => {
  test("an existing partition: same id and epoch, the snapshot's version, the time of the finish", async () => {
    const { database, label } = await snapshot();
    const table = `${database}.orders`;
    const before = await partitions(cluster, database, "orders");
    for (const id of [7, 8])
      await cluster.client.run(`INSERT INTO ${table} VALUES (${id}, '2025-01-01', 'x')`);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await restore(cluster, { into: database, label, on: "orders PARTITION (p1)" });
    const after = await partitions(cluster, database, "orders");
    expect(after["p1"]).toMatchObject({
      id: before["p1"]?.["id"],
      epoch: before["p1"]?.["epoch"],
      version: before["p1"]?.["version"],
      next: String(Number(before["p1"]?.["version"]) + 1),
    });
    expect(Number(after["p1"]?.["time"])).toBeGreaterThan(Number(before["p1"]?.["time"]));
    expect(after["p2"]).toEqual(before["p2"]);
  });

  test("a new table: new ids, the snapshot's version, epoch and old time", async () => {
    const { database, label } = await snapshot();
    const before = await partitions(cluster, database, "orders");
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await restore(cluster, { into: database, label, on: "orders AS copy" });
    const after = await partitions(cluster, database, "copy");
    for (const name of ["p1", "p2", "p3"]) {
      const { id, ...rest } = before[name] ?? {};
      expect(after[name]).toMatchObject(rest);
      expect(after[name]?.["id"]).not.toBe(id);
    }
  });

  test("a new partition of an existing table: likewise", async () => {
    const { database, label } = await snapshot();
    const before = await partitions(cluster, database, "orders");
    await cluster.client.run(`ALTER TABLE ${database}.orders DROP PARTITION p2 FORCE`);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await restore(cluster, { into: database, label, on: "orders PARTITION (p2)" });
    const { id, ...rest } = before["p2"] ?? {};
    const after = (await partitions(cluster, database, "orders"))["p2"];
    expect(after).toMatchObject(rest);
    expect(after?.["id"]).not.toBe(id);
  });

  test("loads go on from there", async () => {
    const { database, label } = await snapshot();
    await restore(cluster, { into: database, label, on: "orders AS copy" });
    const before = await partitions(cluster, database, "copy");
    await cluster.client.run(`INSERT INTO ${database}.copy VALUES (4, '2025-01-01', 'd')`);
    const after = await partitions(cluster, database, "copy");
    expect(Number(after["p1"]?.["version"])).toBe(Number(before["p1"]?.["version"]) + 1);
    expect(after["p2"]).toEqual(before["p2"]);
  });
});

for (const [version, moves] of [
  ["4.0", false],
  ["4.1", true],
] as const)
  describeEmbedded(`§6.7 DATA_VERSION in ${version}`, "needs that version", () => {
    const of = useCluster({ version });

    test(`of an overwritten partition ${moves ? "follows" : "stays what it was"}`, async () => {
      const [database, label] = [await of.database(), unique("s")];
      await createOrders(of, `${database}.orders`);
      await backup(of, database, label);
      await of.client.run(`INSERT INTO ${database}.orders VALUES (7, '2025-01-01', 'x')`);
      await restore(of, { into: database, label });
      expect((await partitions(of, database, "orders"))["p1"]).toMatchObject({
        version: "2",
        data: moves ? "2" : "3",
      });
    });
  });
