import { describe, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, one, partitions, restore } from "../support/jobs.ts";

const cluster = useCluster();

async function snapshot(): Promise<{ database: string; label: string }> {
  const [database, label] = [await cluster.database(), unique("s")];
  await createOrders(cluster, `${database}.orders`);
  await backup(cluster, database, label);
  return { database, label };
}

const ids = async (table: string): Promise<unknown[]> =>
  (await cluster.client.rows(`SELECT id FROM ${table} ORDER BY id`)).map((row) => Number(row["id"]));

const definition = async (table: string): Promise<string> =>
  String((await cluster.client.rows(`SHOW CREATE TABLE ${table}`))[0]?.["Create Table"]);

describe("§6.4 B: an absent target", () => {
  test("is made with new ids and only the partitions of the request", async () => {
    const { database, label } = await snapshot();
    await restore(cluster, { into: database, label, on: "orders PARTITION (p1, p3) AS copy" });
    const [before, after] = [
      await partitions(cluster, database, "orders"),
      await partitions(cluster, database, "copy"),
    ];
    expect(Object.keys(after).sort()).toEqual(["p1", "p3"]);
    expect(after["p1"]?.["id"]).not.toBe(before["p1"]?.["id"]);
    expect(await ids(`${database}.copy`)).toEqual([1, 3]);
  });

  test("has the snapshot's columns, comments, keys and properties, and the job's replication_num", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    await cluster.client.run(
      `CREATE TABLE ${database}.t (id INT NOT NULL COMMENT "key", n INT DEFAULT "5" COMMENT "number") UNIQUE KEY (id) COMMENT "about t" DISTRIBUTED BY HASH (id) BUCKETS 3 PROPERTIES ("replication_num" = "1", "bloom_filter_columns" = "id")`,
    );
    await backup(cluster, database, label);
    await restore(cluster, { into: database, label, on: "t AS u" });
    expect((await definition(`${database}.u`)).replace("`u`", "`t`")).toBe(await definition(`${database}.t`));
  });

  test("an unpartitioned table's partition follows the alias", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await backup(cluster, database, label);
    await restore(cluster, { into: database, label, on: "t AS u" });
    expect(Object.keys(await partitions(cluster, database, "u"))).toEqual(["u"]);
  });

  testEmbedded("keeps its colocation if a config says so", "a shared cluster keeps its configs", async () => {
    const [database, label, group] = [await cluster.database(), unique("s"), unique("g")];
    await cluster.client.run('ADMIN SET FRONTEND CONFIG ("enable_colocate_restore" = "true")');
    await cluster.client.run(
      `CREATE TABLE ${database}.t (id INT) DISTRIBUTED BY HASH (id) BUCKETS 2 PROPERTIES ("replication_num" = "1", "colocate_with" = "${group}")`,
    );
    await backup(cluster, database, label);
    await restore(cluster, { into: database, label, on: "t AS u" });
    expect(await definition(`${database}.u`)).toContain(`"colocate_with" = "${group}"`);
  });

  test("leaves its colocation behind", async () => {
    const [database, label, group] = [await cluster.database(), unique("s"), unique("g")];
    await cluster.client.run(
      `CREATE TABLE ${database}.t (id INT) DISTRIBUTED BY HASH (id) BUCKETS 2 PROPERTIES ("replication_num" = "1", "colocate_with" = "${group}")`,
    );
    await backup(cluster, database, label);
    await restore(cluster, { into: database, label, on: "t AS u" });
    expect(await definition(`${database}.u`)).not.toContain("colocate_with");
  });

  testEmbedded(
    "with too few backends: the error names the original table, and nothing stays",
    "counts on one backend",
    async () => {
      const { database, label } = await snapshot();
      expect(
        await restore(cluster, { into: database, label, on: "orders AS copy", replication: 2 }),
      ).toMatchObject({
        State: "CANCELLED",
        Status: "[COMMON_ERROR, msg: failed to find 2 different hosts to create table: orders]",
      });
      expect(await cluster.client.rows(`SHOW TABLES FROM ${database} LIKE 'copy'`)).toEqual([]);
    },
  );

  test("keeps every row and value", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    await cluster.client.run(
      `CREATE TABLE ${database}.t (id INT, d DATETIME, x DECIMAL(20, 5), s STRING, j JSON, f DOUBLE, b BOOLEAN) DUPLICATE KEY (id) DISTRIBUTED BY HASH (id) BUCKETS 4 ${one}`,
    );
    await cluster.client.run(
      `INSERT INTO ${database}.t VALUES (1, '2025-01-02 03:04:05.678901', 12345.67891, 'ä ''"\\\\', parse_json('{"a": [1, null]}'), 0.1, true), (2, NULL, NULL, '', NULL, NULL, NULL), (2, NULL, NULL, '', NULL, NULL, NULL)`,
    );
    await backup(cluster, database, label);
    await restore(cluster, { into: database, label, on: "t AS u" });
    const rows = (table: string) => cluster.client.rows(`SELECT * FROM ${database}.${table} ORDER BY id`);
    expect(await rows("u")).toEqual(await rows("t"));
    expect(await rows("u")).toHaveLength(3);
  });
});

describe("§6.6 designs for base and increments", () => {
  /** Base of p1-p3, an increment with p2 changed and p4 new. */
  async function chain(): Promise<{ database: string; base: string; increment: string; rows: unknown[] }> {
    const [{ database, label: base }, increment] = [await snapshot(), unique("s")];
    const { client } = cluster;
    await client.run(`INSERT INTO ${database}.orders VALUES (20, '2025-01-02', 'more')`);
    await client.run(
      `ALTER TABLE ${database}.orders ADD PARTITION p4 VALUES LESS THAN ("2025-01-05") DISTRIBUTED BY HASH (id) BUCKETS 2`,
    );
    await client.run(`INSERT INTO ${database}.orders VALUES (40, '2025-01-04', 'new')`);
    await backup(cluster, database, increment, "ON (orders PARTITION (p2, p4))");
    return { database, base, increment, rows: await ids(`${database}.orders`) };
  }

  test("S: original names in a scratch database", async () => {
    const [{ base, increment, rows }, scratch] = [await chain(), await cluster.database()];
    await restore(cluster, { into: scratch, label: base, on: "orders" });
    await restore(cluster, { into: scratch, label: increment, on: "orders PARTITION (p2, p4)" });
    expect(await ids(`${scratch}.orders`)).toEqual(rows);
  });

  test("T: a table per snapshot, INSERT OVERWRITE, then SWAP", async () => {
    const { database, base, increment, rows } = await chain();
    const { client } = cluster;
    await restore(cluster, { into: database, label: base, on: "orders AS r0" });
    await restore(cluster, { into: database, label: increment, on: "orders AS r1" });
    await client.run(
      `ALTER TABLE ${database}.r0 ADD PARTITION p4 VALUES LESS THAN ("2025-01-05") DISTRIBUTED BY HASH (id) BUCKETS 2`,
    );
    await client.run(
      `INSERT OVERWRITE ${database}.r0 PARTITION (p2, p4) SELECT * FROM ${database}.r1 PARTITION (p2, p4)`,
    );
    await client.run(`TRUNCATE TABLE ${database}.orders`);
    await client.run(`ALTER TABLE ${database}.orders SWAP WITH r0`);
    expect(await ids(`${database}.orders`)).toEqual(rows);
  });

  test("P: each partition once, from the newest snapshot that has it", async () => {
    const [{ base, increment, rows }, scratch] = [await chain(), await cluster.database()];
    await restore(cluster, { into: scratch, label: base, on: "orders PARTITION (p1, p3)" });
    await restore(cluster, { into: scratch, label: increment, on: "orders PARTITION (p2, p4)" });
    expect(await ids(`${scratch}.orders`)).toEqual(rows);
  });

  test("I: in place: what came after the snapshot in other partitions remains", async () => {
    const { database, base } = await chain();
    await restore(cluster, { into: database, label: base, on: "orders" });
    expect(await ids(`${database}.orders`)).toEqual([1, 2, 3, 40]);
  });
});

describe("§12 what travels with a table", () => {
  test("the auto-increment counter", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    await cluster.client.run(
      `CREATE TABLE ${database}.t (id BIGINT NOT NULL AUTO_INCREMENT, n INT) PRIMARY KEY (id) DISTRIBUTED BY HASH (id) BUCKETS 1 ${one}`,
    );
    await cluster.client.run(`INSERT INTO ${database}.t (n) VALUES (1), (2), (3)`);
    await backup(cluster, database, label);
    await restore(cluster, { into: database, label, on: "t AS u" });
    await cluster.client.run(`INSERT INTO ${database}.u (n) VALUES (4)`);
    const [row] = await cluster.client.rows(
      `SELECT max(id) AS last, count(DISTINCT id) AS n FROM ${database}.u`,
    );
    expect(Number(row?.["last"])).toBeGreaterThan(3);
    expect(row?.["n"]).toBe("4");
  });
});

describe("§17 an order-independent checksum", () => {
  test("is equal for the source and its restored copy, and not after a change", async () => {
    const { database, label } = await snapshot();
    await restore(cluster, { into: database, label, on: "orders AS copy" });
    const sum = async (table: string) =>
      cluster.client.rows(
        `SELECT count(*) AS n, CAST(sum(CAST(xx_hash3_64(ifnull(CAST(id AS STRING), '\\\\N'), '|', ifnull(CAST(day AS STRING), '\\\\N'), '|', ifnull(CAST(item AS STRING), '\\\\N')) AS LARGEINT)) AS STRING) AS h FROM ${database}.${table}`,
      );
    expect(await sum("copy")).toEqual(await sum("orders"));
    await cluster.client.run(`INSERT INTO ${database}.copy VALUES (4, '2025-01-01', NULL)`);
    expect(await sum("copy")).not.toEqual(await sum("orders"));
  });
});
