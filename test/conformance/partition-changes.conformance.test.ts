import { beforeEach, describe, expect, test } from "vitest";
import type { Row } from "../support/client.ts";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, one, partitions, restore } from "../support/jobs.ts";

/** §9.4-§9.5: what every operation does to a partition's id, version, time and epoch, row by row. */
const cluster = useCluster();

let database = "";
beforeEach(async () => {
  database = await cluster.database();
  await createOrders(cluster, `${database}.orders`);
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const state = (table = "orders") => partitions(cluster, database, table);
const identity = (row: Row | undefined) => [row?.["id"], row?.["epoch"]];
const fingerprint = (row: Row | undefined) => [...identity(row), row?.["version"], row?.["time"]];

const plusOne = (row: Row | undefined) => String(Number(row?.["version"]) + 1);

const schemaChangesOf = async (table: string) =>
  (await cluster.client.rows(`SHOW ALTER TABLE COLUMN FROM ${database}`))
    .filter((row) => row["TableName"] === table)
    .map((row) => ({ id: BigInt(String(row["JobId"])), state: row["State"] }));

/** Commit times have a resolution of a second: wait until an operation must show a later one. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1001 - (Date.now() % 1000)));

describe("§9.4 versions", () => {
  test("start at 1 when empty, and at 2 after the first load", async () => {
    await run(`ALTER TABLE $d.orders ADD PARTITION p4 VALUES [("2025-01-04"), ("2025-01-05"))`);
    expect((await state())["p4"]).toMatchObject({ version: "1", next: "2" });
    expect((await state())["p1"]).toMatchObject({ version: "2", next: "3" });
  });

  test("DATA_VERSION is VISIBLE_VERSION in shared-nothing", async () => {
    const rows = Object.values(await state());
    expect(rows.map((row) => row["data"])).toEqual(rows.map((row) => row["version"]));
  });

  test("VERSION_EPOCH differs for every physical partition", async () => {
    const rows = Object.values(await state());
    expect(new Set(rows.map((row) => row["epoch"])).size).toBe(rows.length);
  });
});

describe("§9.5 keeps ids and epoch, +1 on touched partitions, commit time", () => {
  test("INSERT", async () => {
    const before = await state();
    await nextSecond();
    await run("INSERT INTO $d.orders VALUES (9, '2025-01-02', 'z')");
    const after = await state();
    expect(identity(after["p2"])).toEqual(identity(before["p2"]));
    expect(after["p2"]?.["version"]).toBe(plusOne(before["p2"]));
    expect(Number(after["p2"]?.["time"])).toBeGreaterThan(Number(before["p2"]?.["time"]));
    expect(after["p1"]).toEqual(before["p1"]);
  });

  test("one statement is one version, however many rows", async () => {
    const before = await state();
    await run(
      "INSERT INTO $d.orders VALUES (7, '2025-01-01', 'x'), (8, '2025-01-01', 'y'), (9, '2025-01-03', 'z')",
    );
    const after = await state();
    expect([after["p1"]?.["version"], after["p2"]?.["version"], after["p3"]?.["version"]]).toEqual([
      plusOne(before["p1"]),
      before["p2"]?.["version"],
      plusOne(before["p3"]),
    ]);
  });

  test.each([
    ["UPDATE", "UPDATE $d.pk SET v = 'new' WHERE id = 1"],
    ["DELETE on a PRIMARY KEY table", "DELETE FROM $d.pk WHERE id = 1"],
    ["INSERT of a key that is there", "INSERT INTO $d.pk VALUES (1, 'again')"],
  ])("%s", async (_name, sql) => {
    await run(
      `CREATE TABLE $d.pk (id INT NOT NULL, v VARCHAR(9)) PRIMARY KEY (id) DISTRIBUTED BY HASH (id) BUCKETS 1 ${one}`,
    );
    await run("INSERT INTO $d.pk VALUES (1, 'a'), (2, 'b')");
    const before = (await state("pk"))["pk"];
    await run(sql);
    const after = (await state("pk"))["pk"];
    expect(identity(after)).toEqual(identity(before));
    expect(after?.["version"]).toBe(plusOne(before));
  });

  test("DELETE by predicate touches every partition addressed, rows or not", async () => {
    const before = await state();
    await run("DELETE FROM $d.orders PARTITION (p1, p2) WHERE id = 2");
    const after = await state();
    expect([after["p1"]?.["version"], after["p2"]?.["version"]]).toEqual([
      plusOne(before["p1"]),
      plusOne(before["p2"]),
    ]);
    expect(after["p3"]).toEqual(before["p3"]);
    expect(identity(after["p1"])).toEqual(identity(before["p1"]));
  });
});

describe("§9.5 changes nothing of the fingerprint", () => {
  test.each([
    ["a load of 0 rows", "INSERT INTO $d.orders SELECT * FROM $d.orders WHERE id = 4711"],
    ["ADD COLUMN", "ALTER TABLE $d.orders ADD COLUMN extra INT NULL"],
    ["DROP COLUMN", "ALTER TABLE $d.orders DROP COLUMN item"],
    ["the table's comment", "ALTER TABLE $d.orders COMMENT = 'new'"],
  ])("%s", async (_name, sql) => {
    const before = await state();
    await run(sql);
    expect(Object.values(await state()).map(fingerprint)).toEqual(Object.values(before).map(fingerprint));
  });

  testEmbedded("SET replication_num", "needs two backends", async () => {
    const before = await state();
    await run(`ALTER TABLE $d.orders SET ("default.replication_num" = "1")`);
    expect(await state()).toEqual(before);
  });
});

describe("§9.5 makes new ids and epochs", () => {
  test("TRUNCATE TABLE: version 1, creation time", async () => {
    const before = await state();
    await nextSecond();
    await run("TRUNCATE TABLE $d.orders");
    const after = await state();
    for (const name of ["p1", "p2", "p3"]) {
      expect(after[name]?.["version"]).toBe("1");
      expect(after[name]?.["id"]).not.toBe(before[name]?.["id"]);
      expect(after[name]?.["epoch"]).not.toBe(before[name]?.["epoch"]);
      expect(Number(after[name]?.["time"])).toBeGreaterThan(Number(before[name]?.["time"]));
    }
  });

  test("TRUNCATE … PARTITION: only there", async () => {
    const before = await state();
    await run("TRUNCATE TABLE $d.orders PARTITION (p2)");
    const after = await state();
    expect(after["p2"]?.["id"]).not.toBe(before["p2"]?.["id"]);
    expect([after["p1"], after["p3"]]).toEqual([before["p1"], before["p3"]]);
  });

  test("INSERT OVERWRITE of a partition: version 2", async () => {
    await run("INSERT INTO $d.orders VALUES (7, '2025-01-01', 'x')");
    await run("INSERT INTO $d.orders VALUES (8, '2025-01-01', 'x')");
    const before = await state();
    expect(before["p1"]?.["version"]).toBe("4");
    await run("INSERT OVERWRITE $d.orders PARTITION (p1) SELECT 5, '2025-01-01', 'only'");
    const after = await state();
    expect(after["p1"]?.["version"]).toBe("2");
    expect(after["p1"]?.["id"]).not.toBe(before["p1"]?.["id"]);
    expect(after["p1"]?.["epoch"]).not.toBe(before["p1"]?.["epoch"]);
    expect(after["p2"]).toEqual(before["p2"]);
    expect(await cluster.client.rows(`SELECT item FROM ${database}.orders PARTITION (p1)`)).toEqual([
      { item: "only" },
    ]);
  });

  test("INSERT OVERWRITE of an unpartitioned table: version 2", async () => {
    await run(`CREATE TABLE $d.u (k INT) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`);
    await run("INSERT INTO $d.u VALUES (1)");
    await run("INSERT INTO $d.u VALUES (2)");
    const before = (await state("u"))["u"];
    await run("INSERT OVERWRITE $d.u VALUES (3)");
    const after = (await state("u"))["u"];
    expect(after?.["version"]).toBe("2");
    expect(after?.["id"]).not.toBe(before?.["id"]);
  });

  test("ALTER … DISTRIBUTED BY (OPTIMIZE)", async () => {
    const before = await state();
    await run("ALTER TABLE $d.orders DISTRIBUTED BY HASH (id) BUCKETS 3");
    const renewed = async () => {
      const after = await state();
      return ["p1", "p2", "p3"].every((name) => after[name] && after[name]?.["id"] !== before[name]?.["id"]);
    };
    await expect.poll(renewed, { timeout: 120_000, interval: 200 }).toBe(true);
    expect(await cluster.client.rows(`SELECT count(*) AS n FROM ${database}.orders`)).toEqual([{ n: "3" }]);
  });
});

describe("§9.5 rows appear and vanish", () => {
  test("ADD PARTITION: a new row at version 1", async () => {
    const before = await state();
    await run(`ALTER TABLE $d.orders ADD PARTITION p4 VALUES [("2025-01-04"), ("2025-01-05"))`);
    const { p4, ...others } = await state();
    expect(others).toEqual(before);
    expect(p4).toMatchObject({ version: "1", temporary: 0 });
  });

  test("automatic creation: a new row, 2 after its load", async () => {
    await run(
      `CREATE TABLE $d.a (at DATE NOT NULL, k INT) PARTITION BY date_trunc('day', at) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`,
    );
    await run("INSERT INTO $d.a VALUES ('2025-03-01', 1)");
    expect((await state("a"))["p20250301"]).toMatchObject({ version: "2" });
  });

  test("DROP PARTITION: the row vanishes", async () => {
    await run("ALTER TABLE $d.orders DROP PARTITION p2");
    expect(Object.keys(await state())).toEqual(["p1", "p3"]);
  });
});

describe("§9.5 brings an older fingerprint under a name", () => {
  test("REPLACE PARTITION: the temporary partition's", async () => {
    await run(`ALTER TABLE $d.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`);
    await run("INSERT INTO $d.orders TEMPORARY PARTITION (tp) VALUES (8, '2025-01-01', 'temp')");
    const before = await state();
    await nextSecond();
    await run("ALTER TABLE $d.orders REPLACE PARTITION (p1) WITH TEMPORARY PARTITION (tp)");
    const after = await state();
    expect(fingerprint(after["p1"])).toEqual(fingerprint(before["tp"]));
    expect(Object.keys(after).sort()).toEqual(["p1", "p2", "p3"]);
  });

  test("RECOVER PARTITION: that before the drop", async () => {
    const before = await state();
    await run("ALTER TABLE $d.orders DROP PARTITION p2");
    expect(await cluster.client.rows(`SELECT count(*) AS n FROM ${database}.orders`)).toEqual([{ n: "2" }]);
    await nextSecond();
    await run("RECOVER PARTITION p2 FROM $d.orders");
    expect(fingerprint((await state())["p2"])).toEqual(fingerprint(before["p2"]));
    expect(await cluster.client.rows(`SELECT item FROM ${database}.orders PARTITION (p2)`)).toEqual([
      { item: "b" },
    ]);
  });

  test("RECOVER TABLE: that before the drop", async () => {
    const before = await state();
    await run("DROP TABLE $d.orders");
    await nextSecond();
    await run("RECOVER TABLE $d.orders");
    expect(await state()).toEqual(before);
    expect(await cluster.client.rows(`SELECT count(*) AS n FROM ${database}.orders`)).toEqual([{ n: "3" }]);
  });

  test("RENAME PARTITION: the same under a new name", async () => {
    const before = await state();
    await run("ALTER TABLE $d.orders RENAME PARTITION p2 px");
    const after = await state();
    expect(fingerprint(after["px"])).toEqual(fingerprint(before["p2"]));
    expect(after["p2"]).toBeUndefined();
  });

  test("RENAME TABLE: the same under a new name", async () => {
    const before = await state();
    await run("ALTER TABLE $d.orders RENAME moved");
    expect(await state("moved")).toEqual(before);
    expect(await state()).toEqual({});
  });

  test("SWAP WITH: ids swap under the names, versions and times follow", async () => {
    await createOrders(cluster, `${database}.other`);
    await run("INSERT INTO $d.other VALUES (9, '2025-01-01', 'x')");
    const before = await state();
    const other = await state("other");
    await run("ALTER TABLE $d.orders SWAP WITH other");
    expect(await state()).toEqual(other);
    expect(await state("other")).toEqual(before);
  });
});

describe("§9.5 RESTORE", () => {
  test("in place: same ids and epoch, the snapshot's version even if lower, now", async () => {
    const label = unique("s");
    await backup(cluster, database, label);
    await run("INSERT INTO $d.orders VALUES (9, '2025-01-01', 'late')");
    const before = await state();
    await nextSecond();
    await restore(cluster, { into: database, label, on: "orders" });
    const after = await state();
    expect(identity(after["p1"])).toEqual(identity(before["p1"]));
    expect([before["p1"]?.["version"], after["p1"]?.["version"]]).toEqual(["3", "2"]);
    expect(Number(after["p1"]?.["time"])).toBeGreaterThan(Number(before["p1"]?.["time"]));
  });

  test("as a new table: new ids, the snapshot's version, the old time", async () => {
    const label = unique("s");
    await backup(cluster, database, label);
    const before = await state();
    await nextSecond();
    await restore(cluster, { into: database, label, on: "orders AS copy" });
    const copy = await state("copy");
    expect(copy["p1"]).toMatchObject({ version: before["p1"]?.["version"], time: before["p1"]?.["time"] });
    expect(copy["p1"]?.["id"]).not.toBe(before["p1"]?.["id"]);
  });
});

describe("§9.5 repair", () => {
  test("ADMIN SET TABLE … PARTITION VERSION TO n: same ids, n", async () => {
    const before = await state();
    await run("ADMIN SET TABLE $d.orders PARTITION ('p1') VERSION TO 9");
    const after = await state();
    expect(identity(after["p1"])).toEqual(identity(before["p1"]));
    expect(after["p1"]).toMatchObject({ version: "9", next: "10" });
  });
});

describe("§9.5 a fast schema change", () => {
  test("leaves a finished job behind, whose id is greater than those before", async () => {
    await run("ALTER TABLE $d.orders ADD COLUMN extra INT NULL");
    await run("ALTER TABLE $d.orders DROP COLUMN extra");
    await run("ALTER TABLE $d.orders ADD COLUMN extra INT NULL");
    const jobs = await schemaChangesOf("orders");
    expect(jobs.map((job) => job.state)).toEqual(["FINISHED", "FINISHED", "FINISHED"]);
    expect(new Set(jobs.map((job) => job.id)).size).toBe(3);
    expect(jobs.map((job) => job.id)).toEqual(jobs.map((job) => job.id).toSorted((a, b) => (a < b ? -1 : 1)));
  });

  test("is listed under the name that the table had, also when it is gone", async () => {
    await run("ALTER TABLE $d.orders ADD COLUMN extra INT NULL");
    await run("ALTER TABLE $d.orders RENAME renamed");
    await run("DROP TABLE $d.renamed FORCE");
    expect(await schemaChangesOf("orders")).toHaveLength(1);
    expect(await schemaChangesOf("renamed")).toEqual([]);
  });
});
