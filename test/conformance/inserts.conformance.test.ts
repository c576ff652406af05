import { beforeEach, describe, expect, test } from "vitest";
import { useCluster } from "../support/cluster.ts";
import { createOrders, one, partitions } from "../support/jobs.ts";

const cluster = useCluster();

let database = "";
beforeEach(async () => {
  database = await cluster.database();
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const refusal = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));
const rows = (sql: string) => cluster.client.rows(sql.replaceAll("$d", database));

describe("an INSERT of other columns than the table's", () => {
  beforeEach(async () => {
    await run(`CREATE TABLE $d.pairs (a INT, b INT) ${one}`);
    await run("INSERT INTO $d.pairs VALUES (1, 2)");
  });

  test.each([
    ["INSERT INTO $d.pairs SELECT 1", 2, 1],
    ["INSERT INTO $d.pairs SELECT 1, 2, 3", 2, 3],
    ["INSERT INTO $d.pairs SELECT *, a FROM $d.pairs", 2, 3],
    ["INSERT INTO $d.pairs (a) SELECT * FROM $d.pairs", 1, 2],
    ["INSERT INTO $d.pairs SELECT 1 UNION ALL SELECT 2", 2, 1],
    ["INSERT INTO $d.pairs WITH q AS (SELECT 1 AS n) SELECT n, n, n FROM q", 2, 3],
    ["INSERT INTO $d.pairs SELECT * FROM $d.pairs JOIN $d.pairs AS q USING (a)", 2, 3],
    ["INSERT INTO $d.pairs (VALUES (1, 2, 3))", 2, 3],
    ["INSERT INTO $d.pairs VALUES (1, 2, 3) LIMIT 1", 2, 3],
    ["INSERT OVERWRITE $d.pairs SELECT 1, 2, 3", 2, 3],
    ["INSERT INTO $d.pairs VALUES (1)", 2, 1],
  ])("%s", async (sql, columns, values) => {
    expect(await refusal(sql)).toEqual({
      code: 5604,
      sqlState: "42601",
      message: `Getting analyzing error. Detail message: Inserted target column count: ${columns} doesn't match select/value column count: ${values}.`,
    });
    expect(await rows("SELECT * FROM $d.pairs")).toEqual([{ a: 1, b: 2 }]);
  });

  test("or of one column twice", async () => {
    expect((await refusal("INSERT INTO $d.pairs (a, A) VALUES (1, 2)")).message).toBe(
      "Getting analyzing error. Detail message: Column 'A' specified twice.",
    );
  });
});

describe("an INSERT that is refused changes nothing", () => {
  test.each([
    [
      "INSERT INTO $d.refuse VALUES (1, '2030-01-01', 'x')",
      /^Insert has filtered data.*out of partition ranges/,
    ],
    ["INSERT INTO $d.refuse VALUES (NULL, '2025-01-01', 'x')", /NULL value in non-nullable column 'id'/],
    [`INSERT INTO $d.refuse VALUES (1, '2025-01-01', '${"ä".repeat(11)}')`, /String is too long/],
    ["INSERT INTO $d.refuse VALUES (1)", /column count: 3 doesn't match select\/value column count: 1/],
    ["INSERT INTO $d.refuse (item) VALUES ('x')", /'id' must be explicitly mentioned in column permutation/],
    ["INSERT INTO $d.refuse PARTITION (p1) VALUES (1, '2025-01-02', 'x')", /^Insert has filtered data/],
  ])("%s", async (sql, message) => {
    await createOrders(cluster, `${database}.refuse`);
    const before = await partitions(cluster, database, "refuse");
    expect((await refusal(sql)).message).toMatch(message);
    expect(await partitions(cluster, database, "refuse")).toEqual(before);
    expect(await rows("SELECT count(*) AS n FROM $d.refuse")).toEqual([{ n: "3" }]);
  });
});
