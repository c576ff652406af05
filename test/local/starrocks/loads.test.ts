import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOrders, type Lab, one, partitions, startLab } from "./support.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.client.run("CREATE DATABASE sales");
});
afterAll(() => lab.end());

describe("labels", () => {
  it("let exactly one of many concurrent INSERTs through", async () => {
    await lab.client.run(`CREATE TABLE sales.slots (id INT NOT NULL) PRIMARY KEY (id) ${one}`);
    const clients = await Promise.all(Array.from({ length: 8 }, () => lab.connect()));
    const outcomes = await Promise.allSettled(
      clients.map((client, index) =>
        client.run(`INSERT INTO sales.slots WITH LABEL slot_1 VALUES (${index})`),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    expect(await lab.client.rows("SELECT count(*) AS n FROM sales.slots")).toEqual([{ n: "1" }]);
    expect(await lab.client.failure("INSERT INTO sales.slots WITH LABEL slot_1 VALUES (99)")).toEqual({
      code: 1064,
      state: "HY000",
      message:
        "Getting analyzing error. Detail message: fail to begin transaction. Label [slot_1] has already been used..",
    });
  });

  it("are free again after a failed load, and count per database", async () => {
    await lab.client.run(`CREATE TABLE sales.strict (id INT NOT NULL) ${one}`);
    expect(
      await lab.client.failure("INSERT INTO sales.strict WITH LABEL again VALUES ('abc')"),
    ).toMatchObject({
      message: expect.stringMatching(/^Insert has filtered data/),
    });
    const done = await lab.client.run("INSERT INTO sales.strict WITH LABEL again VALUES (1)");
    expect(done.affectedRows).toBe(1);
    expect(done.info).toMatch(/\{'label':'again', 'status':'VISIBLE', 'txnId':'\d+'\}$/);
    await lab.client.run("CREATE DATABASE another");
    await lab.client.run(`CREATE TABLE another.t (id INT) ${one}`);
    await lab.client.run("INSERT INTO another.t WITH LABEL again VALUES (1)");
    expect(
      await lab.client.rows(
        "SELECT DB_NAME d, STATE s FROM information_schema.loads WHERE LABEL = 'again' ORDER BY d",
      ),
    ).toEqual([
      { d: "another", s: "FINISHED" },
      { d: "sales", s: "FINISHED" },
    ]);
  });
});

describe("transaction ids", () => {
  it("are not given again after a failed load, nor by the next leader", async () => {
    await lab.client.run(`CREATE TABLE sales.ids (id INT NOT NULL) ${one}`);
    const { message } = await lab.client.failure("INSERT INTO sales.ids VALUES ('abc')");
    const failed = Number(/txn_id = (\d+)/.exec(message)?.[1]);
    await lab.server.cluster.elect(0);
    const { info } = await lab.client.run("INSERT INTO sales.ids VALUES (1)");
    expect(Number(/'txnId':'(\d+)'/.exec(info)?.[1])).toBeGreaterThan(failed);
  });
});

describe("an INSERT of other columns than the table's", () => {
  beforeAll(async () => {
    await lab.client.run(`CREATE TABLE sales.pairs (a INT, b INT) ${one}`);
    await lab.client.run("INSERT INTO sales.pairs VALUES (1, 2)");
  });

  it.each([
    ["INSERT INTO sales.pairs SELECT 1", 2, 1],
    ["INSERT INTO sales.pairs SELECT 1, 2, 3", 2, 3],
    ["INSERT INTO sales.pairs SELECT *, a FROM sales.pairs", 2, 3],
    ["INSERT INTO sales.pairs (a) SELECT * FROM sales.pairs", 1, 2],
    ["INSERT INTO sales.pairs SELECT 1 UNION ALL SELECT 2", 2, 1],
    ["INSERT INTO sales.pairs WITH q AS (SELECT 1 AS n) SELECT n, n, n FROM q", 2, 3],
    ["INSERT INTO sales.pairs SELECT * FROM sales.pairs JOIN sales.pairs AS q USING (a)", 2, 3],
    ["INSERT INTO sales.pairs (VALUES (1, 2, 3))", 2, 3],
    ["INSERT INTO sales.pairs VALUES (1, 2, 3) LIMIT 1", 2, 3],
    ["INSERT OVERWRITE sales.pairs SELECT 1, 2, 3", 2, 3],
    ["INSERT INTO sales.pairs VALUES (1)", 2, 1],
  ])("%s", async (sql, columns, values) => {
    expect(await lab.client.failure(sql)).toEqual({
      code: 5604,
      state: "42601",
      message: `Getting analyzing error. Detail message: Inserted target column count: ${columns} doesn't match select/value column count: ${values}.`,
    });
    expect(await lab.client.rows("SELECT * FROM sales.pairs")).toEqual([{ a: 1, b: 2 }]);
  });

  it("or of one column twice", async () => {
    expect((await lab.client.failure("INSERT INTO sales.pairs (a, A) VALUES (1, 2)")).message).toBe(
      "Getting analyzing error. Detail message: Column 'A' specified twice.",
    );
  });
});

describe("key models", () => {
  it("PRIMARY: upsert, conditional update, delete", async () => {
    const { client } = lab;
    await client.run(
      `CREATE TABLE sales.pk (id INT, v INT, w VARCHAR(5) DEFAULT "d") PRIMARY KEY (id) DISTRIBUTED BY HASH (id) ${one}`,
    );
    await client.run("INSERT INTO sales.pk (id, v) VALUES (1, 1), (1, 2), (2, 5)");
    await client.run("INSERT INTO sales.pk VALUES (2, 6, 'x')");
    expect((await client.run("UPDATE sales.pk SET v = v + 10 WHERE id = 1")).affectedRows).toBe(1);
    expect((await client.run("UPDATE sales.pk SET v = 0 WHERE id = 3")).affectedRows).toBe(0);
    expect(await client.rows("SELECT * FROM sales.pk ORDER BY id")).toEqual([
      { id: 1, v: 12, w: "d" },
      { id: 2, v: 6, w: "x" },
    ]);
    expect((await client.run("DELETE FROM sales.pk WHERE v > 10")).affectedRows).toBe(1);
    expect(await client.rows("SELECT id FROM sales.pk")).toEqual([{ id: 2 }]);
    expect((await client.failure("UPDATE sales.pk SET id = 2 WHERE id = 2")).message).toContain(
      "primary key column cannot be updated: id",
    );
    expect((await client.failure("UPDATE sales.pk SET v = 2")).message).toContain(
      "must specify where clause",
    );
  });

  it("PRIMARY: two concurrent conditional updates both say 1 (§14.3)", async () => {
    await lab.client.run(`CREATE TABLE sales.lease (id INT, owner VARCHAR(10)) PRIMARY KEY (id) ${one}`);
    await lab.client.run("INSERT INTO sales.lease VALUES (1, '')");
    const [a, b] = [await lab.connect(), await lab.connect()];
    const results = await Promise.all([
      a.run("UPDATE sales.lease SET owner = 'a' WHERE id = 1 AND owner = ''"),
      b.run("UPDATE sales.lease SET owner = 'b' WHERE id = 1 AND owner = ''"),
    ]);
    expect(results.map((result) => result.affectedRows)).toEqual([1, 1]);
  });

  it("PRIMARY: keys of more than 128 encoded bytes are refused", async () => {
    await lab.client.run(
      `CREATE TABLE sales.wide (a VARCHAR(100), b VARCHAR(100)) PRIMARY KEY (a, b) ${one}`,
    );
    await lab.client.run(`INSERT INTO sales.wide VALUES ('${"a".repeat(63)}', '${"b".repeat(63)}')`);
    const failure = await lab.client.failure(
      `INSERT INTO sales.wide VALUES ('${"a".repeat(63)}', '${"b".repeat(64)}')`,
    );
    expect(failure.message).toBe("primary key size exceed the limit.");
  });

  it("AGGREGATE: merges rows of a key", async () => {
    await lab.client.run(
      `CREATE TABLE sales.agg (k INT, s BIGINT SUM, m INT MAX, r VARCHAR(5) REPLACE) AGGREGATE KEY (k) DISTRIBUTED BY HASH (k) ${one}`,
    );
    await lab.client.run("INSERT INTO sales.agg VALUES (1, 1, 1, 'a'), (1, 2, 5, 'b')");
    await lab.client.run("INSERT INTO sales.agg VALUES (1, 10, 2, 'c'), (2, 1, 1, 'z')");
    expect(await lab.client.rows("SELECT * FROM sales.agg ORDER BY k")).toEqual([
      { k: 1, s: "13", m: 5, r: "c" },
      { k: 2, s: "1", m: 1, r: "z" },
    ]);
  });
});

describe("refusals", () => {
  it.each([
    [
      "INSERT INTO sales.refuse VALUES (1, '2030-01-01', 'x')",
      /^Insert has filtered data.*out of partition ranges/,
    ],
    ["INSERT INTO sales.refuse VALUES (NULL, '2025-01-01', 'x')", /NULL value in non-nullable column 'id'/],
    [`INSERT INTO sales.refuse VALUES (1, '2025-01-01', '${"ä".repeat(11)}')`, /String is too long/],
    ["INSERT INTO sales.refuse VALUES (1)", /column count: 3 doesn't match select\/value column count: 1/],
    [
      "INSERT INTO sales.refuse (item) VALUES ('x')",
      /'id' must be explicitly mentioned in column permutation/,
    ],
    ["INSERT INTO sales.refuse PARTITION (p1) VALUES (1, '2025-01-02', 'x')", /^Insert has filtered data/],
  ])("%s", async (sql, message) => {
    await lab.client.run("DROP TABLE IF EXISTS sales.refuse");
    await createOrders(lab.client, "sales.refuse");
    const before = await partitions(lab.client, "sales.refuse");
    expect((await lab.client.failure(sql)).message).toMatch(message);
    expect(await partitions(lab.client, "sales.refuse")).toEqual(before);
    expect(await lab.client.rows("SELECT count(*) AS n FROM sales.refuse")).toEqual([{ n: "3" }]);
  });
});

it("an INSERT OVERWRITE whose target is truncated meanwhile fails and leaves no temporary partition", async () => {
  await createOrders(lab.client, "sales.moving");
  let release: () => void = () => undefined;
  const reached = new Promise<void>((arrived) => {
    lab.server.cluster.overwriteBarrier = () =>
      new Promise((resolve) => {
        release = resolve;
        arrived();
      });
  });
  const other = await lab.connect();
  const overwriting = other.failure(
    "INSERT OVERWRITE sales.moving PARTITION (p1) SELECT 5, '2025-01-01', 'n'",
  );
  await reached;
  expect(Object.keys(await partitions(lab.client, "sales.moving"))).toContainEqual(
    expect.stringMatching(/^txn\d+_p1$/),
  );
  await lab.client.run("TRUNCATE TABLE sales.moving PARTITION (p1)");
  release();
  expect((await overwriting).message).toContain("Partition p1 was changed");
  expect(Object.keys(await partitions(lab.client, "sales.moving")).sort()).toEqual(["p1", "p2", "p3"]);
});
