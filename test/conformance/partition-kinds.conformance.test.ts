import { beforeEach, describe, expect, test } from "vitest";
import { unique, useCluster } from "../support/cluster.ts";
import { createOrders, one } from "../support/jobs.ts";

const cluster = useCluster();

let database = "";
beforeEach(async () => {
  database = await cluster.database();
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const refusal = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));
const rows = (sql: string) => cluster.client.rows(sql.replaceAll("$d", database));

/** Names in partitions_meta, the hidden one included. */
async function names(table: string): Promise<string[]> {
  const found = await rows(
    `SELECT PARTITION_NAME AS p FROM information_schema.partitions_meta WHERE DB_NAME = '$d' AND TABLE_NAME = '${table}' ORDER BY 1`,
  );
  return found.map(({ p }) => String(p));
}

const hash = `DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`;

describe("§10 unpartitioned tables", () => {
  test("have exactly one partition, named like the table", async () => {
    await run(`CREATE TABLE $d.t (k INT) ${hash}`);
    expect(await names("t")).toEqual(["t"]);
    expect((await rows("SHOW PARTITIONS FROM $d.t")).map((row) => row["PartitionName"])).toEqual(["t"]);
  });

  test("rename the partition with the table", async () => {
    await run(`CREATE TABLE $d.t (k INT) ${hash}`);
    await run("ALTER TABLE $d.t RENAME moved");
    expect(await names("moved")).toEqual(["moved"]);
  });

  test("exchange the partitions' names in a SWAP", async () => {
    await run(`CREATE TABLE $d.a (k INT) ${hash}`);
    await run(`CREATE TABLE $d.b (k INT) ${hash}`);
    await run("ALTER TABLE $d.a SWAP WITH b");
    expect([await names("a"), await names("b")]).toEqual([["a"], ["b"]]);
  });

  test("take no further partitions", async () => {
    await run(`CREATE TABLE $d.t (k INT) ${hash}`);
    expect((await refusal("ALTER TABLE $d.t ADD PARTITION p VALUES LESS THAN ('3')")).message).toMatch(
      /partition/i,
    );
  });
});

describe("§10 range tables", () => {
  test("route rows by the range, and refuse those outside", async () => {
    await createOrders(cluster, `${database}.orders`);
    expect(await rows("SELECT item FROM $d.orders PARTITION (p2)")).toEqual([{ item: "b" }]);
    expect((await refusal("INSERT INTO $d.orders VALUES (1, '2031-01-01', 'x')")).message).toMatch(
      /filtered|partition/i,
    );
    expect(await rows("SELECT count(*) AS n FROM $d.orders")).toEqual([{ n: "3" }]);
  });

  test("make partitions in bulk with START, END and EVERY", async () => {
    await run(
      `CREATE TABLE $d.t (day DATE NOT NULL, k INT) PARTITION BY RANGE (day) (START ("2025-01-30") END ("2025-02-02") EVERY (INTERVAL 1 DAY)) ${hash}`,
    );
    expect(await names("t")).toEqual(["p20250130", "p20250131", "p20250201"]);
  });

  test("take the lower bound of VALUES LESS THAN from the partition below", async () => {
    await run(
      `CREATE TABLE $d.t (k INT NOT NULL) PARTITION BY RANGE (k) (PARTITION low VALUES LESS THAN ("10"), PARTITION high VALUES LESS THAN MAXVALUE) ${hash}`,
    );
    await run("INSERT INTO $d.t VALUES (-5), (9), (10), (2000000000)");
    expect(await rows("SELECT k FROM $d.t PARTITION (high) ORDER BY k")).toEqual([
      { k: 10 },
      { k: 2000000000 },
    ]);
  });

  test("refuse overlapping ranges and a name that is there in any case", async () => {
    await createOrders(cluster, `${database}.orders`);
    expect(
      (await refusal(`ALTER TABLE $d.orders ADD PARTITION p9 VALUES [("2025-01-01"), ("2025-01-09"))`))
        .message,
    ).toMatch(/intersect/i);
    expect(
      (await refusal(`ALTER TABLE $d.orders ADD PARTITION P1 VALUES [("2026-01-01"), ("2026-01-09"))`))
        .message,
    ).toMatch(/Duplicate partition name P1/i);
    await run(`ALTER TABLE $d.orders ADD PARTITION IF NOT EXISTS p1 VALUES [("2026-01-01"), ("2026-01-09"))`);
  });

  test("find partition names in any case, but for SELECT since 3.4", async () => {
    await createOrders(cluster, `${database}.orders`);
    await run("TRUNCATE TABLE $d.orders PARTITION (P1)");
    await run("ALTER TABLE $d.orders DROP PARTITION P2");
    expect(await rows("SELECT item FROM $d.orders")).toEqual([{ item: "c" }]);
    const found = cluster.atLeast(3.4) ? [] : [{ item: "c" }];
    expect(await rows("SELECT item FROM $d.orders PARTITION (P3)")).toEqual(found);
  });
});

describe("§10 range partitions", () => {
  test("refuse overlaps, repeats and unknown names", async () => {
    await run(
      `CREATE TABLE $d.r (k INT) PARTITION BY RANGE (k) (PARTITION p1 VALUES LESS THAN ('10')) ${one}`,
    );
    expect((await refusal("ALTER TABLE $d.r ADD PARTITION p2 VALUES [('5'), ('15'))")).message).toBe(
      "Getting analyzing error. Detail message: Range [types: [INT]; keys: [5]; ..types: [INT]; keys: [15]; ) is intersected with range: [types: [INT]; keys: [-2147483648]; ..types: [INT]; keys: [10]; ).",
    );
    expect((await refusal("ALTER TABLE $d.r ADD PARTITION P1 VALUES LESS THAN ('20')")).message).toBe(
      "Getting analyzing error. Detail message: Duplicate partition name P1.",
    );
    await run("ALTER TABLE $d.r ADD PARTITION IF NOT EXISTS p1 VALUES LESS THAN ('20')");
    await run("ALTER TABLE $d.r ADD PARTITION p2 VALUES LESS THAN ('20')");
    await run("ALTER TABLE $d.r ADD PARTITIONS START ('20') END ('40') EVERY (10)");
    expect((await rows("SHOW PARTITIONS FROM $d.r")).map((row) => row["PartitionName"])).toEqual([
      "p1",
      "p2",
      "p20",
      "p30",
    ]);
    await run("INSERT INTO $d.r VALUES (-5), (15), (39)");
    await run("ALTER TABLE $d.r DROP PARTITION P2 FORCE");
    expect(await rows("SELECT k FROM $d.r ORDER BY k")).toEqual([{ k: -5 }, { k: 39 }]);
    expect((await refusal("ALTER TABLE $d.r DROP PARTITION nope")).message).toContain(
      "Error in list of partitions to [nope]",
    );
    await run("ALTER TABLE $d.r DROP PARTITION IF EXISTS nope");
  });
});

describe("§10 list tables", () => {
  test("route rows by value", async () => {
    await run(
      `CREATE TABLE $d.t (c VARCHAR(9) NOT NULL, k INT) PARTITION BY LIST (c) (PARTITION eu VALUES IN ('de', 'fr'), PARTITION us VALUES IN ('us')) ${hash}`,
    );
    await run("INSERT INTO $d.t VALUES ('de', 1), ('fr', 2), ('us', 3)");
    expect(await rows("SELECT k FROM $d.t PARTITION (eu) ORDER BY k")).toEqual([{ k: 1 }, { k: 2 }]);
    expect(await names("t")).toEqual(["eu", "us"]);
  });

  test("make partitions by themselves, named by their values", async () => {
    await run(`CREATE TABLE $d.t (c VARCHAR(9) NOT NULL, k INT) PARTITION BY (c) ${hash}`);
    await run("INSERT INTO $d.t VALUES ('de', 1), ('a b', 2)");
    const made = await names("t");
    expect(made).toContain("$shadow_automatic_partition");
    expect(made).toContain("pde");
    expect(made).toHaveLength(3);
  });

  test("leave marks of dates and blanks out of the name, and write others in hex", async () => {
    await run(`CREATE TABLE $d.t (k INT, c VARCHAR(20)) PARTITION BY (c) ${hash}`);
    await run("INSERT INTO $d.t VALUES (1, '2025-01-01'), (2, 'a b'), (3, 'x_y')");
    const shown = await rows("SHOW PARTITIONS FROM $d.t ORDER BY PartitionName");
    expect(shown.map((row) => [row["PartitionName"], row["List"]])).toEqual([
      ["p20250101", '[["2025-01-01"]]'],
      ["pab", '[["a b"]]'],
      ["px5fy", '[["x_y"]]'],
    ]);
  });

  test("of several columns join the values in the name", async () => {
    await run(`CREATE TABLE $d.t (c VARCHAR(9) NOT NULL, n INT NOT NULL, k INT) PARTITION BY (c, n) ${hash}`);
    await run("INSERT INTO $d.t VALUES ('de', 7, 1)");
    expect(await names("t")).toEqual(["$shadow_automatic_partition", "pde_7"]);
  });
});

describe("§10 automatic tables", () => {
  test.each([
    ["date_trunc('hour', at)", "p2025030104"],
    ["date_trunc('day', at)", "p20250301"],
    ["date_trunc('month', at)", "p202503"],
    ["date_trunc('year', at)", "p2025"],
  ])("by %s name a partition %s", async (by, name) => {
    await run(`CREATE TABLE $d.t (at DATETIME NOT NULL, k INT) PARTITION BY ${by} ${hash}`);
    await run("INSERT INTO $d.t VALUES ('2025-03-01 04:05:06', 1)");
    expect(await names("t")).toEqual(["$shadow_automatic_partition", name]);
  });

  test("by time_slice too", async () => {
    await run(
      `CREATE TABLE $d.t (at DATETIME NOT NULL, k INT) PARTITION BY time_slice(at, INTERVAL 7 DAY) ${hash}`,
    );
    await run("INSERT INTO $d.t VALUES ('2025-03-01 04:05:06', 1), ('2025-03-20 00:00:00', 2)");
    const made = await names("t");
    expect(made).toHaveLength(3);
    expect(await rows(`SELECT k FROM $d.t PARTITION (\`${made[1]}\`)`)).toEqual([{ k: 1 }]);
  });

  test("without data list only the hidden partition, and SHOW PARTITIONS lists none", async () => {
    await run(`CREATE TABLE $d.t (at DATETIME NOT NULL, k INT) PARTITION BY date_trunc('day', at) ${hash}`);
    expect(await names("t")).toEqual(["$shadow_automatic_partition"]);
    expect(await rows("SHOW PARTITIONS FROM $d.t")).toEqual([]);
  });

  test("keep the hidden partition through TRUNCATE", async () => {
    await run(`CREATE TABLE $d.t (at DATETIME NOT NULL, k INT) PARTITION BY date_trunc('day', at) ${hash}`);
    await run("INSERT INTO $d.t VALUES ('2025-03-01 04:05:06', 1)");
    await run("TRUNCATE TABLE $d.t");
    expect(await names("t")).toEqual(["$shadow_automatic_partition", "p20250301"]);
    expect(await rows("SELECT count(*) AS n FROM $d.t")).toEqual([{ n: "0" }]);
  });

  test("are overwritten partition by partition with dynamic_overwrite", async () => {
    await run(`CREATE TABLE $d.t (at DATE NOT NULL, k INT) PARTITION BY date_trunc('day', at) ${hash}`);
    await run("INSERT INTO $d.t VALUES ('2025-03-01', 1), ('2025-03-02', 2)");
    const session = await cluster.connect();
    await session.run("SET dynamic_overwrite = true");
    await session.run(`INSERT OVERWRITE ${database}.t VALUES ('2025-03-02', 9), ('2025-03-03', 3)`);
    expect(await rows("SELECT k FROM $d.t ORDER BY at")).toEqual([{ k: 1 }, { k: 9 }, { k: 3 }]);
  });
});

describe("§10 temporary partitions", () => {
  test("do not count as rows of the table, and can be read by name", async () => {
    await createOrders(cluster, `${database}.orders`);
    await run(`ALTER TABLE $d.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`);
    await run("INSERT INTO $d.orders TEMPORARY PARTITION (tp) VALUES (9, '2025-01-01', 'temp')");
    expect(await rows("SELECT count(*) AS n FROM $d.orders")).toEqual([{ n: "3" }]);
    expect(await rows("SELECT item FROM $d.orders TEMPORARY PARTITION (tp)")).toEqual([{ item: "temp" }]);
    await run("ALTER TABLE $d.orders DROP TEMPORARY PARTITION tp");
    expect(await names("orders")).toEqual(["p1", "p2", "p3"]);
  });
});

describe("§10 names", () => {
  test.each(["p-1", "1p", "_", "p.1", `p${"x".repeat(64)}`])("refuse the partition name %s", async (name) => {
    expect(
      (
        await refusal(
          `CREATE TABLE $d.t (k INT NOT NULL) PARTITION BY RANGE (k) (PARTITION \`${name}\` VALUES LESS THAN ("5")) ${hash}`,
        )
      ).message,
    ).toContain(`Incorrect partition name '${name}'`);
  });

  test.each(["p", "_1", `p${"x".repeat(63)}`])("take the partition name %s", async (name) => {
    await run(
      `CREATE TABLE $d.t (k INT NOT NULL) PARTITION BY RANGE (k) (PARTITION ${name} VALUES LESS THAN ("5")) ${hash}`,
    );
    expect(await names("t")).toEqual([name]);
  });

  test("tell table names apart by case", async () => {
    await run(`CREATE TABLE $d.t (k INT) ${hash}`);
    await run(`CREATE TABLE $d.T (k INT) ${hash}`);
    await run("INSERT INTO $d.T VALUES (1)");
    expect(await rows("SELECT count(*) AS n FROM $d.t")).toEqual([{ n: "0" }]);
    expect((await refusal("SELECT * FROM $d.missing")).code).toBe(5502);
  });

  test("tell database names apart by case", async () => {
    const name = unique("Db");
    expect((await cluster.client.refusal(`USE ${name}`)).code).toBe(5501);
    await cluster.client.run(`CREATE DATABASE ${cluster.dropLater(name)}`);
    expect((await cluster.client.refusal(`USE ${name.toLowerCase()}`)).code).toBe(5501);
  });
});
