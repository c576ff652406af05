import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

let embedded: Embedded;

beforeAll(async () => {
  embedded = await startEmbedded();
});
afterAll(() => embedded.close());
beforeEach(async () => {
  await embedded.client.run("DROP DATABASE IF EXISTS d FORCE");
  await embedded.client.run("CREATE DATABASE d");
});

const refusal = async (sql: string) => (await embedded.client.refusal(sql)).message;
const analyzed = (text: string) => `Getting analyzing error. Detail message: ${text}.`;

const range = (type: string, partitions: string) =>
  `CREATE TABLE d.t (c ${type} NOT NULL, k INT) DUPLICATE KEY (c) PARTITION BY RANGE (c) (${partitions}) DISTRIBUTED BY HASH (c) ${one}`;
const list = (column: string, partitions: string) =>
  `CREATE TABLE d.t (k INT, ${column}) DUPLICATE KEY (k) PARTITION BY LIST (${column.split(" ")[0]}) (${partitions}) ${one}`;

describe("CREATE TABLE refuses", () => {
  test.each([
    [
      "a name twice, in any case",
      range("INT", "PARTITION p1 VALUES LESS THAN ('1'), PARTITION P1 VALUES LESS THAN ('2')"),
      analyzed("Duplicated partition name: P1"),
    ],
    [
      "ranges that overlap",
      range("INT", "PARTITION a VALUES [('1'), ('5')), PARTITION b VALUES [('4'), ('9'))"),
      "Range [types: [INT]; keys: [4]; ..types: [INT]; keys: [9]; ) is intersected with range: [types: [INT]; keys: [1]; ..types: [INT]; keys: [5]; )",
    ],
    [
      "an upper bound twice",
      range("INT", "PARTITION a VALUES LESS THAN ('5'), PARTITION b VALUES LESS THAN ('5')"),
      /is intersected with range/,
    ],
    [
      "an empty range",
      range("INT", "PARTITION a VALUES [('5'), ('5'))"),
      "Invalid range value format: The lower values must smaller than upper values",
    ],
    [
      "both ways to bound ranges",
      range("INT", "PARTITION a VALUES [('1'), ('5')), PARTITION b VALUES LESS THAN ('9')"),
      analyzed("You can only use one of these methods to create partitions"),
    ],
    [
      "a bound that is no date",
      range("DATETIME", "PARTITION a VALUES LESS THAN ('garbage')"),
      "Invalid range value format: date literal [garbage] is invalid",
    ],
    [
      "a bound that is no number",
      range("INT", "PARTITION a VALUES LESS THAN ('2025-01-01')"),
      "Invalid range value format: Invalid number format: 2025-01-01",
    ],
    [
      "a bound beyond the type",
      range("TINYINT", "PARTITION a VALUES LESS THAN ('200')"),
      "Invalid range value format: Number out of range[200]. type: TINYINT",
    ],
    [
      "more values than columns",
      range("INT", "PARTITION a VALUES LESS THAN ('1', '2')"),
      /Partition values number is more than partition column number/,
    ],
    [
      "a range over texts",
      range("VARCHAR(9)", "PARTITION a VALUES LESS THAN ('x')"),
      "Column[c] type[VARCHAR] cannot be a range partition key.",
    ],
    [
      "dates for numbers in a batch",
      range("INT", "START ('2025-01-01') END ('2025-01-03') EVERY (1)"),
      analyzed("Batch build partition EVERY is number type but START or END does not type match."),
    ],
    [
      "a batch of nothing",
      range("DATE", "START ('2025-01-03') END ('2025-01-03') EVERY (INTERVAL 1 DAY)"),
      analyzed("Batch build partition start date should less than end date."),
    ],
    [
      "a list value twice",
      list("c VARCHAR(9)", "PARTITION a VALUES IN ('x', 'y'), PARTITION b VALUES IN ('y')"),
      analyzed("Duplicated value y"),
    ],
    [
      "a list value that is none",
      list("c DATE", "PARTITION a VALUES IN ('today')"),
      analyzed("date literal [today] is invalid"),
    ],
    [
      "NULL in a column without",
      list("c INT NOT NULL", "PARTITION a VALUES IN ('1', NULL)"),
      analyzed("Partition column[c] could not be null but contains null value in partition[a]"),
    ],
  ])("%s", async (_what, sql, message) => {
    expect(await refusal(sql)).toMatch(message);
    expect(await embedded.client.rows("SHOW TABLES FROM d")).toEqual([]);
  });

  test("tuples twice and tuples too short", async () => {
    const tuples = (items: string) =>
      `CREATE TABLE d.t (k INT, c VARCHAR(9), n INT) DUPLICATE KEY (k) PARTITION BY LIST (c, n) (PARTITION a VALUES IN (${items})) ${one}`;
    expect(await refusal(tuples(`("a", "1"), ("a", "01")`))).toBe(
      analyzed(`Duplicate values ("a","1") not allow`),
    );
    expect(await refusal(tuples(`("a", "1"), ("a")`))).toBe(
      analyzed("(a) size should be equal to partition column size "),
    );
  });
});

describe("ADD PARTITION refuses", () => {
  test("wrong bounds and overlaps, among ranges there and to come", async () => {
    await embedded.client.run(range("INT", "PARTITION a VALUES [('10'), ('20'))"));
    expect(await refusal("ALTER TABLE d.t ADD PARTITION b VALUES LESS THAN ('x')")).toBe(
      analyzed("Invalid range value format: Invalid number format: x"),
    );
    for (const sql of [
      "ADD PARTITION b VALUES [('5'), ('25'))",
      "ADD PARTITION b VALUES [('12'), ('13'))",
      "ADD PARTITION b VALUES LESS THAN ('20')",
      "ADD PARTITIONS START ('0') END ('40') EVERY (15)",
    ])
      expect(await refusal(`ALTER TABLE d.t ${sql}`)).toMatch(/is intersected with range/);
    expect(await refusal("ALTER TABLE d.t ADD PARTITION b VALUES IN ('5')")).toMatch(/not supported/);
    await embedded.client.run("ALTER TABLE d.t ADD PARTITIONS START ('20') END ('40') EVERY (10)");
    expect(await embedded.client.rows("SHOW PARTITIONS FROM d.t")).toHaveLength(3);
  });

  test("list values that are taken, and ranges", async () => {
    await embedded.client.run(list("c VARCHAR(9)", "PARTITION a VALUES IN ('x')"));
    expect(await refusal("ALTER TABLE d.t ADD PARTITION b VALUES IN ('y', 'x')")).toBe(
      analyzed("Duplicate partition values exist for partition: b"),
    );
    expect(
      (await embedded.client.refusal("ALTER TABLE d.t ADD PARTITION b VALUES LESS THAN ('y')")).code,
    ).toBe(5700);
  });
});
