import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

let embedded: Embedded;
beforeAll(async () => {
  embedded = await startEmbedded();
  await embedded.client.run("CREATE DATABASE d");
  await embedded.client.run("USE d");
  await embedded.client.run(`CREATE TABLE t (id INT, name VARCHAR(20), at DATETIME, big LARGEINT) ${one}`);
  await embedded.client.run(
    "INSERT INTO t VALUES (1, 'it''s', '2025-01-02 03:04:05', 170141183460469231731687303715884105727), (2, 'a\\\\b\"c', NULL, NULL), (3, NULL, '2025-12-31 23:59:59.5', 0)",
  );
});
afterAll(() => embedded.close());

const value = async (expression: string): Promise<unknown> =>
  (await embedded.client.rows(`SELECT ${expression} AS v`))[0]?.["v"];

describe("expressions", () => {
  test.each([
    ["if(1 = 1, 'a', 'b')", "a"],
    ["concat('a', 1, NULL)", null],
    ["ifnull(NULL, 'x')", "x"],
    ["'a_c' LIKE 'a\\_c'", 1],
    ["'abc' LIKE 'a\\_c'", 0],
    ["'abc' REGEXP '^a.c$'", 1],
    ["NULL <=> NULL", 1],
    ["1 || 0", 1],
    ["7 DIV 2", 3],
    ["7 % 4", 3],
    ["length('äb')", "3"],
    ["char_length('äb')", "2"],
    ["locate('c', 'abc')", "3"],
    ["substr('abcdef', 2, 3)", "bcd"],
    ["CAST('zz' AS INT)", null],
    ["md5('a')", "0cc175b9c0f1b6a831c399e269772661"],
    ["date_format('2025-01-02 03:04:05', '%Y%m%d %H:%i:%s')", "20250102 03:04:05"],
    ["unix_timestamp('1970-01-02 00:00:00')", "86400"],
    ["from_unixtime(86400)", "1970-01-02 00:00:00"],
    ["date_add('2025-01-31', INTERVAL 1 MONTH)", "2025-02-28 00:00:00"],
    ["datediff('2025-01-03', '2025-01-01')", "2"],
    ["timestampdiff(HOUR, '2025-01-01', '2025-01-02 01:30:00')", "25"],
    ["CASE WHEN 1 > 2 THEN 'x' ELSE 'y' END", "y"],
    ["2 IN (1, 2)", 1],
    ["2 NOT BETWEEN 1 AND 3", 0],
    ["xx_hash3_64('a', NULL)", null],
    ["(SELECT max(id) FROM t)", 3],
    ["EXISTS (SELECT 1 FROM t WHERE id = 9)", 0],
  ])("%s", async (expression, expected) => {
    expect(await value(expression)).toBe(expected);
  });

  test("hashes rows alike and different rows differently", async () => {
    expect(await value("xx_hash3_64('a', 'b') = xx_hash3_64('a', 'b')")).toBe(1);
    expect(await value("xx_hash3_64('a', 'b') = xx_hash3_64('ab', '')")).toBe(0);
  });
});

describe("queries", () => {
  test("give back what was stored, quotes, backslashes and 128 bits included", async () => {
    expect(await embedded.client.rows("SELECT * FROM d.t ORDER BY id")).toEqual([
      { id: 1, name: "it's", at: "2025-01-02 03:04:05", big: "170141183460469231731687303715884105727" },
      { id: 2, name: 'a\\b"c', at: null, big: null },
      { id: 3, name: null, at: "2025-12-31 23:59:59.500000", big: "0" },
    ]);
  });

  test("sort NULL first, as MySQL does", async () => {
    const names = (await embedded.client.rows("SELECT name FROM t ORDER BY name")).map((row) => row["name"]);
    expect(names).toEqual([null, 'a\\b"c', "it's"]);
  });

  test("group, join, number, nest and page", async () => {
    expect(
      await embedded.client.rows(
        `WITH x AS (SELECT id, id % 2 AS odd FROM t)
         SELECT x.odd, count(*) AS n, sum(y.id) AS s, group_concat(y.name ORDER BY y.id SEPARATOR '|') AS g
         FROM x JOIN d.t AS y ON x.id = y.id GROUP BY x.odd HAVING n > 0 ORDER BY x.odd LIMIT 0, 10`,
      ),
    ).toEqual([
      { odd: 0, n: "1", s: "2", g: 'a\\b"c' },
      { odd: 1, n: "2", s: "4", g: "it's" },
    ]);
    expect(
      await embedded.client.rows(
        "SELECT id, row_number() OVER (ORDER BY id DESC) AS rn FROM t UNION ALL SELECT 9, 9 ORDER BY rn LIMIT 2",
      ),
    ).toEqual([
      { id: 3, rn: "1" },
      { id: 2, rn: "2" },
    ]);
    expect(
      await embedded.client.rows(
        "SELECT d.t.id FROM d.t WHERE d.t.id NOT IN (SELECT id FROM t WHERE id > 1)",
      ),
    ).toEqual([{ id: 1 }]);
  });

  test("take long conditions, and lists of up to 10,000 values", async () => {
    const many = (length: number) =>
      Array.from({ length }, (_, index) => `(id = ${index} AND name IS NOT NULL)`).join(" OR ");
    expect(await embedded.client.rows(`SELECT count(*) AS n FROM t WHERE ${many(2000)}`)).toEqual([
      { n: "2" },
    ]);
    expect(await embedded.client.refusal(`SELECT count(*) AS n FROM t WHERE ${many(3000)}`)).toMatchObject({
      code: 1064,
      message: "Unknown error",
    });
    const list = (length: number) => Array.from({ length }, (_, index) => index).join(",");
    expect(await embedded.client.rows(`SELECT count(*) AS n FROM t WHERE id IN (${list(10_000)})`)).toEqual([
      { n: "3" },
    ]);
    expect(
      (await embedded.client.refusal(`SELECT 1 FROM t WHERE id IN (${list(10_001)})`)).message,
    ).toContain("The number of exprs are 10001 exceeded the maximum limit 10000");
  });

  test("name unaliased columns by their text", async () => {
    expect(await embedded.client.rows("SELECT count(*), id+1 FROM t WHERE id = 1 GROUP BY id")).toEqual([
      { "count(*)": "1", "id+1": "2" },
    ]);
  });

  test.each([
    ["SELECT nope FROM t", "Getting analyzing error. Detail message: Column 'nope' cannot be resolved."],
    [
      "SELECT id, count(*) FROM t",
      "Getting analyzing error. Detail message: 'id' must be an aggregate expression or appear in GROUP BY clause.",
    ],
    [
      "SELECT * FROM (SELECT 1)",
      "Getting syntax error at line 1, column 24. Detail message: Unexpected input '<EOF>', the most similar input is {an alias}.",
    ],
    [
      "SELECT * FROM t PARTITION (zz)",
      "Getting analyzing error at line 1, column 14. Detail message: Unknown partition 'zz' in table 't'.",
    ],
    [
      "SELECT list_value(1)",
      "Getting analyzing error. Detail message: No matching function with signature: list_value(1 arguments).",
    ],
    [
      "SELECT * FROM information_schema.be_tablets",
      "Getting analyzing error. Detail message: Unknown table 'information_schema.be_tablets'.",
    ],
  ])("fail loudly: %s", async (sql, message) => {
    expect((await embedded.client.refusal(sql)).message).toBe(message);
  });

  test("read views by the names of their own database", async () => {
    await embedded.client.run("CREATE VIEW v (k, n) AS SELECT id, name FROM t WHERE id < 3");
    const elsewhere = await embedded.connect();
    expect(await elsewhere.rows("SELECT k FROM d.v ORDER BY k")).toEqual([{ k: 1 }, { k: 2 }]);
    expect(await embedded.client.refusal("CREATE VIEW v AS SELECT 1")).toMatchObject({
      code: 1050,
      sqlState: "42S01",
    });
    await embedded.client.run("DROP VIEW v");
    expect((await elsewhere.refusal("SELECT * FROM d.v")).code).toBe(5502);
  });
});
