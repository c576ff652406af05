import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Client } from "../../support/client.ts";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

let embedded: Embedded;
let client: Client;

beforeAll(async () => {
  embedded = await startEmbedded();
  client = embedded.client;
});
afterAll(() => embedded.close());
beforeEach(async () => {
  await client.run("DROP DATABASE IF EXISTS d FORCE");
  await client.run("CREATE DATABASE d");
  await client.run(
    `CREATE TABLE d.t (k INT, small SMALLINT, big BIGINT, s VARCHAR(20), n INT NOT NULL DEFAULT '1') DUPLICATE KEY (k) ${one}`,
  );
  await client.run("INSERT INTO d.t VALUES (1, 2, 3, 'four', 5)");
});

const columns = async () => (await client.rows("DESC d.t")).map(({ Field, Type }) => `${Field} ${Type}`);
const refusal = async (sql: string) => (await client.refusal(sql)).message;

describe("an ALTER TABLE that fails", () => {
  test.each([
    ["in its second definition", "ADD COLUMN (a INT, a INT)"],
    ["in its second clause", "ADD COLUMN a INT, DROP COLUMN nope"],
    ["for its place", "ADD COLUMN a INT AFTER nope"],
    ["for its default", "ADD COLUMN a INT DEFAULT 'x'"],
    ["over values that do not convert", "MODIFY COLUMN s INT"],
    ["for the new type", "MODIFY COLUMN big INT"],
    ["for its new place", "MODIFY COLUMN s VARCHAR(30) AFTER nope"],
  ])("%s leaves the table as it was", async (_why, clauses) => {
    const before = await columns();
    await client.refusal(`ALTER TABLE d.t ${clauses}`);
    expect(await columns()).toEqual(before);
    expect(await client.rows("SELECT * FROM d.t")).toHaveLength(1);
    await client.run("INSERT INTO d.t VALUES (2, 2, 3, 'four', 5)");
    await client.run("ALTER TABLE d.t ADD COLUMN a INT DEFAULT '7'");
    expect(await client.rows("SELECT a FROM d.t WHERE k = 1")).toEqual([{ a: 7 }]);
  });
});

test("values go into the columns they are given for, wherever a column was added", async () => {
  await client.run("ALTER TABLE d.t ADD COLUMN a INT AFTER k");
  await client.run("INSERT INTO d.t VALUES (2, 20, 30, 40, 'fifty', 60)");
  expect(await client.rows("SELECT * FROM d.t WHERE k = 2")).toEqual([
    { k: 2, a: 20, small: 30, big: "40", s: "fifty", n: 60 },
  ]);
});

describe("MODIFY COLUMN", () => {
  test.each([
    ["big INT", "Can not change BIGINT to INT"],
    ["small TINYINT", "Can not change SMALLINT to TINYINT"],
    ["big DATETIME", "Can not change BIGINT to DATETIME"],
    ["big VARCHAR(30) DEFAULT '1'", "Can not change default value"],
    ["s VARCHAR(10)", "Cannot shorten string length"],
    ["s VARCHAR(30) NOT NULL", "Can not change from nullable to non-nullable"],
    ["n BIGINT", "Can not change default value"],
    ["s VARCHAR(30) SUM", "Can not assign aggregation method on column in Duplicate data model table: s"],
    ["k BIGINT", "No key column left. index[t]"],
    ["nope INT", "Column[nope] does not exists"],
    ["s VARCHAR(30) AFTER s", "Column[s] modify position is invalid"],
    ["s VARCHAR(30) FIRST", "Invalid column order. value should be after key. index[t]"],
    [
      "s INT",
      "Changing VARCHAR(20) to INT over values that do not convert is not supported by the embedded StarRocks",
    ],
  ])("%s is refused: %s", async (definition, message) => {
    expect(await refusal(`ALTER TABLE d.t MODIFY COLUMN ${definition}`)).toBe(message);
  });

  test("widens, and converts what may be converted", async () => {
    await client.run("ALTER TABLE d.t MODIFY COLUMN small BIGINT, MODIFY COLUMN s VARCHAR(40) AFTER k");
    await client.run("ALTER TABLE d.t MODIFY COLUMN big VARCHAR(30)");
    await client.run("ALTER TABLE d.t MODIFY COLUMN n BIGINT NULL DEFAULT '1'");
    expect(await columns()).toEqual([
      "k int",
      "s varchar(40)",
      "small bigint",
      "big varchar(30)",
      "n bigint",
    ]);
    expect(await client.rows("SELECT * FROM d.t")).toEqual([
      { k: 1, s: "four", small: "2", big: "3", n: "5" },
    ]);
  });

  test("leaves primary keys, their sort columns and generated columns alone", async () => {
    await client.run(
      `CREATE TABLE d.p (k INT, v INT, w INT, g BIGINT AS (w + 1)) PRIMARY KEY (k) ORDER BY (v) ${one}`,
    );
    expect(await refusal("ALTER TABLE d.p MODIFY COLUMN k BIGINT")).toBe(
      "Can not modify key column: k for primary key table",
    );
    expect(await refusal("ALTER TABLE d.p MODIFY COLUMN v BIGINT")).toBe(
      "Can not modify sort column in primary data model table",
    );
    expect(await refusal("ALTER TABLE d.p MODIFY COLUMN w BIGINT")).toBe(
      "Do not support modify column: w, because it associates with the generated column",
    );
    expect(await refusal("ALTER TABLE d.p DROP COLUMN v")).toBe(
      "Can not drop sort column in primary data model table",
    );
    expect(await refusal("ALTER TABLE d.p DROP COLUMN w")).toBe(
      "Getting analyzing error. Detail message: Column: w can not be dropped, because expression of Generated Column: g will refer to it.",
    );
  });
});

describe("ADD COLUMN", () => {
  const wrong = (text: string, to: number) =>
    `Getting analyzing error from line 1, column 27 to line 1, column ${to}. Detail message: ${text}.`;

  test.each([
    [
      "a INT DEFAULT 'x'",
      41,
      "Column definition is wrong. Invalid default value for 'a': Invalid number format: x",
    ],
    [
      "a TINYINT DEFAULT '300'",
      45,
      "Column definition is wrong. Invalid default value for 'a': Number out of range[300]. type: TINYINT",
    ],
    [
      "a DATE DEFAULT '2025-02-30'",
      42,
      "Column definition is wrong. Invalid default value for 'a': date literal [2025-02-30] is invalid",
    ],
    [
      "a VARCHAR(2) DEFAULT 'abc'",
      48,
      "Column definition is wrong. Invalid default value for 'a': Default value is too long: abc",
    ],
    [
      "a DECIMAL(4, 1) DEFAULT '1.25'",
      51,
      "Column definition is wrong. Invalid default value for 'a': Type DECIMAL32(4,1) is too narrow to hold the DecimalLiteral '1.25' (precision=3, scale=2)",
    ],
    [
      "a INT DEFAULT CURRENT_TIMESTAMP",
      41,
      "Column definition is wrong. Invalid default value for 'a': Default function now() for type INT is not supported",
    ],
    ["a INT NOT NULL", 37, "Field 'a' is not null but doesn't have a default value"],
  ])("%s is refused by the analyzer", async (definition, to, text) => {
    expect(await refusal(`ALTER TABLE d.t ADD COLUMN ${definition}`)).toBe(wrong(text, to));
  });

  test("CREATE TABLE judges defaults too, without the place", async () => {
    expect(await refusal(`CREATE TABLE d.x (k INT, v DATETIME DEFAULT 'soon') ${one}`)).toBe(
      "Getting analyzing error. Detail message: Invalid default value for 'v': date literal [soon] is invalid.",
    );
  });

  test("without an aggregation is a key where values aggregate", async () => {
    await client.run(
      `CREATE TABLE d.a (k INT, v BIGINT SUM) AGGREGATE KEY (k) DISTRIBUTED BY HASH (k) ${one}`,
    );
    await client.run("INSERT INTO d.a VALUES (1, 10)");
    await client.run("ALTER TABLE d.a ADD COLUMN more INT DEFAULT '5'");
    await client.run("ALTER TABLE d.a ADD COLUMN m INT MAX");
    expect((await client.rows("DESC d.a")).map(({ Field, Key }) => [Field, Key])).toEqual([
      ["k", "true"],
      ["more", "true"],
      ["v", "false"],
      ["m", "false"],
    ]);
    await client.run("INSERT INTO d.a VALUES (1, 5, 1, 1), (1, 6, 1, 1)");
    expect(await client.rows("SELECT k, more, v FROM d.a ORDER BY more")).toEqual([
      { k: 1, more: 5, v: "11" },
      { k: 1, more: 6, v: "1" },
    ]);
    expect(await refusal("ALTER TABLE d.a ADD COLUMN late INT AFTER v")).toBe(
      "Invalid column order. value should be after key. index[a]",
    );
    expect(await refusal("ALTER TABLE d.a ADD COLUMN f DOUBLE")).toBe(
      "column without agg function will be treated as key column for aggregate table, DOUBLE type can not be key column",
    );
    expect(await refusal("ALTER TABLE d.a ADD COLUMN s BIGINT SUM DEFAULT '7'")).toBe(
      "The default value of 's' with SUM aggregation function must be zero",
    );
  });
});
