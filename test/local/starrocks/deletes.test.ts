import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one, partitions } from "../../support/jobs.ts";

let embedded: Embedded;

beforeAll(async () => {
  embedded = await startEmbedded();
});
afterAll(() => embedded.close());
beforeEach(async () => {
  await embedded.client.run("DROP DATABASE IF EXISTS d FORCE");
  await embedded.client.run("CREATE DATABASE d");
  await embedded.client.run(
    `CREATE TABLE d.t (k INT, day DATE, v INT, f DOUBLE) DUPLICATE KEY (k, day) ${one}`,
  );
  await embedded.client.run(
    "INSERT INTO d.t VALUES (1, '2025-01-01', 10, 1), (2, '2025-01-02', NULL, 2), (-3, NULL, 30, 3)",
  );
});

const left = async () => (await embedded.client.rows("SELECT k FROM d.t ORDER BY k")).map((row) => row["k"]);
const analyzed = (text: string) => `Getting analyzing error. Detail message: ${text}.`;

describe("a DELETE without primary key", () => {
  test.each([
    ["k = 1 AND v > 5", [-3, 2]],
    ["(k <= 1) AND (day IS NOT NULL)", [-3, 2]],
    ["k IN (1, 2) AND v IS NULL", [-3, 1]],
    ["k NOT IN (1, 2)", [1, 2]],
    ["k = -3", [1, 2]],
    ["day = '2025-01-02'", [-3, 1]],
  ])("takes %s", async (where, rest) => {
    await embedded.client.run(`DELETE FROM d.t WHERE ${where}`);
    expect(await left()).toEqual(rest);
  });

  test.each([
    ["k = 1 OR k = 2", analyzed("Compound predicate's op should be AND")],
    ["NOT k = 1", analyzed("Compound predicate's op should be AND")],
    ["k + 1 = 2", analyzed("Left expr of binary predicate should be column name")],
    ["1 = k", analyzed("Left expr of binary predicate should be column name")],
    ["k = v", analyzed("Right expr of binary predicate should be value")],
    ["k IN (1, v)", analyzed("Child of in predicate should be value")],
    ["abs(k) IS NULL", analyzed("Left expr of is_null predicate should be column name")],
    [
      "k BETWEEN 1 AND 2",
      analyzed(
        "Where clause only supports compound predicate, binary predicate, is_null predicate and in predicate",
      ),
    ],
    ["nope = 1", "Unknown column 'nope' in 't'"],
    ["k <=> 1", "Delete condition does not support null-safe equal currently."],
    [
      "f = 1",
      "Column[f] is not key column or storage model is not duplicate or column type is float or double.",
    ],
    ["k = 'x'", "Invalid value for column k: Invalid number format: x"],
    ["day > 'soon'", "Invalid value for column day: date literal [soon] is invalid"],
  ])("refuses %s", async (where, message) => {
    expect((await embedded.client.refusal(`DELETE FROM d.t WHERE ${where}`)).message).toBe(message);
    expect(await left()).toHaveLength(3);
  });

  test("compares key columns only where values aggregate or replace", async () => {
    for (const [name, keys] of [
      ["a", "(k INT, v INT SUM) AGGREGATE KEY (k)"],
      ["u", "(k INT, v INT) UNIQUE KEY (k)"],
    ]) {
      await embedded.client.run(`CREATE TABLE d.${name} ${keys} DISTRIBUTED BY HASH (k) ${one}`);
      await embedded.client.run(`INSERT INTO d.${name} VALUES (1, 1), (2, 2)`);
      expect((await embedded.client.refusal(`DELETE FROM d.${name} WHERE v = 1`)).message).toMatch(
        /^Column\[v\] is not key/,
      );
      await embedded.client.run(`DELETE FROM d.${name} WHERE k = 1`);
      expect(await embedded.client.rows(`SELECT k FROM d.${name}`)).toEqual([{ k: 2 }]);
    }
  });

  test("compared with NULL deletes nothing and makes no version", async () => {
    const before = await partitions(embedded, "d", "t");
    await embedded.client.run("DELETE FROM d.t WHERE k = NULL");
    expect(await partitions(embedded, "d", "t")).toEqual(before);
    expect(await left()).toHaveLength(3);
  });
});
