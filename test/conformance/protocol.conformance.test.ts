import { describe, expect, test } from "vitest";
import { refusalOf } from "../support/client.ts";
import { unique, useCluster } from "../support/cluster.ts";
import { one } from "../support/jobs.ts";
import { useUsers } from "../support/users.ts";

const cluster = useCluster();
const users = useUsers(cluster);

describe("§15 login", () => {
  test("refuses an unknown user and a wrong password with 1045/28000", async () => {
    const user = await users.create();
    for (const options of [{ user: unique("nobody") }, { user, password: "wrong" }]) {
      const refused = await cluster.connect(options).then(() => undefined, refusalOf);
      expect(refused).toMatchObject({ code: 1045, sqlState: "28000" });
      expect(refused?.message).toMatch(/^Access denied for user '.*' \(using password: (YES|NO)\)$/);
    }
  });

  test("takes a database, and refuses one there is not", async () => {
    const database = await cluster.database();
    const session = await cluster.connect({ database });
    expect(await session.rows("SELECT database() AS d")).toEqual([{ d: database }]);
    await expect(cluster.connect({ database: unique("no") })).rejects.toMatchObject({ errno: 5501 });
  });

  test("tells a MySQL version, which says nothing of StarRocks", async () => {
    const [row] = await cluster.client.rows(
      "SELECT version() AS v, @@version_comment AS c, current_version() AS s",
    );
    expect(row?.["v"]).toMatch(/^(8\.0\.33|5\.1\.0)$/);
    expect(row?.["c"]).toMatch(/StarRocks/);
    expect(row?.["s"]).toMatch(/^\d+\.\d+\.\d+\S* [0-9a-f]{7}$/);
  });
});

describe("§15 types on the wire", () => {
  test.each([
    ["CAST(1 AS BOOLEAN)", 1, 1],
    ["CAST(1 AS TINYINT)", 1, 1],
    ["CAST(1 AS SMALLINT)", 2, 1],
    ["CAST(1 AS INT)", 3, 1],
    ["CAST(9007199254740993 AS BIGINT)", 8, "9007199254740993"],
    [
      "CAST('170141183460469231731687303715884105727' AS LARGEINT)",
      254,
      "170141183460469231731687303715884105727",
    ],
    ["CAST('1.50' AS DECIMAL(10, 2))", 246, "1.50"],
    ["CAST(1.5 AS DOUBLE)", 5, 1.5],
    ["CAST(1.5 AS FLOAT)", 4, 1.5],
    ["CAST('2025-01-02' AS DATE)", 10, "2025-01-02"],
    ["CAST('2025-01-02 03:04:05' AS DATETIME)", 12, "2025-01-02 03:04:05"],
    ["CAST('2025-01-02 03:04:05.12' AS DATETIME)", 12, "2025-01-02 03:04:05.120000"],
    ["'text'", 253, "text"],
    ["parse_json('{\"a\": 1}')", 254, '{"a": 1}'],
  ])("%s is sent as type %i", async (expression, type, value) => {
    const sql = `SELECT ${expression} AS v`;
    const [column] = await cluster.client.columns(sql);
    expect(await cluster.client.rows(sql)).toEqual([{ v: value }]);
    expect(column?.type).toBe(type);
  });

  test("NULL is SQL NULL", async () => {
    expect(
      await cluster.client.rows("SELECT NULL AS n, CAST(NULL AS INT) AS i, CAST(NULL AS STRING) AS s"),
    ).toEqual([{ n: null, i: null, s: null }]);
  });

  test.each([
    "SHOW DATABASES",
    "SHOW FRONTENDS",
    "SHOW BACKENDS",
    "SHOW VARIABLES LIKE 'time_zone'",
    "SHOW REPOSITORIES",
    "SHOW BACKUP",
    "SHOW RESTORE",
    "SHOW PROCESSLIST",
  ])("all columns of %s are VAR_STRING", async (sql) => {
    const types = (await cluster.client.columns(sql)).map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set([253]));
  });
});

describe("§15 statements", () => {
  test("several in one text: several results, the first error ends it", async () => {
    const session = await cluster.connect({ multipleStatements: true });
    const [results] = await session.connection.query(
      "SELECT 1 AS a; SELECT 'x;y' AS b; SET @c = 3; SELECT @c AS c",
    );
    expect(results).toMatchObject([
      [{ a: 1 }],
      [{ b: "x;y" }],
      { affectedRows: 0 },
      [{ c: expect.anything() }],
    ]);
    const database = await cluster.database();
    await session.run(`CREATE TABLE ${database}.t (k INT) ${one}`);
    expect(
      (
        await session.refusal(
          `INSERT INTO ${database}.t VALUES (1); SELECT nope; INSERT INTO ${database}.t VALUES (2)`,
        )
      ).code,
    ).toBe(1064);
    expect(await session.rows(`SELECT k FROM ${database}.t`)).toEqual([{ k: 1 }]);
  });

  test("several are split even if the client did not announce them", async () => {
    const database = await cluster.database();
    const session = await cluster.connect();
    await session.connection.query(
      `CREATE TABLE ${database}.a (k INT) ${one}; CREATE TABLE ${database}.b (k INT) ${one}`,
    );
    expect(await cluster.client.rows(`SHOW TABLES FROM ${database}`)).toHaveLength(2);
  });

  test("comments are no statements", async () => {
    expect(await cluster.client.rows("/* a ; b */ SELECT 1 AS a -- c ; d\n;")).toEqual([{ a: 1 }]);
  });

  test("a # begins none: it is passed over, and what follows is part of the statement", async () => {
    expect(await cluster.client.rows("SELECT 1 # one")).toEqual([{ one: 1 }]);
  });

  test("a statement may be 20 MB", async () => {
    const text = "é".repeat(10 * 1024 * 1024);
    expect(await cluster.client.rows(`SELECT length('${text}') AS n`)).toEqual([
      { n: String(20 * 1024 * 1024) },
    ]);
  });

  test("SHOW and DDL cannot be prepared: 1295/HY000", async () => {
    for (const sql of ["SHOW DATABASES", "CREATE DATABASE nobody_may"]) {
      const refused = await cluster.client.connection.execute(sql).then(() => undefined, refusalOf);
      expect(refused).toEqual({
        code: 1295,
        sqlState: "HY000",
        message: "This command is not supported in the prepared statement protocol yet",
      });
    }
  });

  test("COM_PING, COM_INIT_DB, COM_CHANGE_USER and COM_RESET_CONNECTION work", async () => {
    const database = await cluster.database();
    const session = await cluster.connect();
    await session.connection.ping();
    await session.connection.changeUser({ database });
    expect(await session.rows("SELECT database() AS d")).toEqual([{ d: database }]);
    await session.run("SET @kept = 1");
    await session.connection.reset();
    expect(await session.rows("SELECT @kept AS k")).toEqual([{ k: null }]);
  });
});

describe("§15 connections", () => {
  test("KILL ends another; an unknown one is 1094", async () => {
    const victim = await cluster.connect();
    const [row] = await victim.rows("SELECT connection_id() AS id");
    await cluster.client.run(`KILL ${row?.["id"]}`);
    await expect(victim.rows("SELECT 1")).rejects.toThrow();
    expect(await cluster.client.refusal("KILL 987654321")).toMatchObject({
      code: 1094,
      message: expect.stringContaining("Unknown thread id: 987654321"),
    });
  });

  test("KILL of another user's needs OPERATE", async () => {
    const { session } = await users.holding("REPOSITORY ON SYSTEM");
    const [row] = await cluster.client.rows("SELECT connection_id() AS id");
    expect((await session.refusal(`KILL ${row?.["id"]}`)).code).toBe(5203);
  });

  test("idle ones end after wait_timeout seconds", async () => {
    const session = await cluster.connect();
    await session.run("SET wait_timeout = 1");
    await expect
      .poll(
        () =>
          session.rows("SELECT 1 AS one").then(
            () => "alive",
            () => "dead",
          ),
        { interval: 2500, timeout: 20_000 },
      )
      .toBe("dead");
  });
});

describe("§15 variables", () => {
  test.each([
    ["query_timeout", "300"],
    ["insert_timeout", "14400"],
    ["wait_timeout", "28800"],
    ["parse_tokens_limit", "3500000"],
  ])("%s is %s by default", async (name, value) => {
    const session = await cluster.connect();
    expect(await session.rows(`SHOW VARIABLES LIKE '${name}'`)).toEqual([
      { Variable_name: name, Value: value },
    ]);
  });

  test("hold for their session only", async () => {
    const session = await cluster.connect();
    await session.run("SET query_timeout = 17");
    expect(await session.rows("SELECT @@query_timeout AS v")).toMatchObject([{ v: expect.anything() }]);
    expect(String((await session.rows("SELECT @@session.query_timeout AS v"))[0]?.["v"])).toBe("17");
    const other = await cluster.connect();
    expect(String((await other.rows("SELECT @@query_timeout AS v"))[0]?.["v"])).toBe("300");
  });

  test("unknown ones give 1193, unknown zones 1298", async () => {
    expect(await cluster.client.refusal("SET no_such_variable = 1")).toMatchObject({
      code: 1193,
      sqlState: "HY000",
    });
    expect(await cluster.client.refusal("SELECT @@no_such_variable")).toMatchObject({ code: 1193 });
    expect(await cluster.client.refusal("SET time_zone = 'Nowhere/Land'")).toMatchObject({ code: 1298 });
  });

  test("what drivers send on connecting is accepted", async () => {
    const session = await cluster.connect();
    await session.run("SET NAMES utf8mb4");
    await session.run("SET NAMES 'utf8mb4' COLLATE 'utf8mb4_general_ci'");
    await session.run("SET autocommit=1, sql_mode='STRICT_TRANS_TABLES'");
    await session.run("SET character_set_results = NULL");
    await session.rows(
      "SELECT @@session.auto_increment_increment, @@sql_mode, @@max_allowed_packet, @@system_time_zone",
    );
    expect(await session.rows("SHOW WARNINGS")).toEqual([]);
  });
});

describe("§15 errors", () => {
  const syntax = /^Getting syntax error at line \d+, column \d+\. Detail message: .*\.$/;
  const analysis =
    /^Getting analyzing error.*\. Detail message: .*\.$|^Getting analyzing error\. Detail message: .*\.$/;

  test.each([
    ["selec 1", 1064, syntax],
    ["SELECT 1 FROM", 1064, syntax],
    ["CREATE TABLE", 1064, syntax],
    ["SELECT nope", 1064, analysis],
    ["SELECT no_such_function(1)", 1064, analysis],
  ])("%s: %i", async (sql, code, message) => {
    expect(await cluster.client.refusal(sql)).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test("unknown database 5501/3F000, unknown table 5502/42602, no database 1046/3D000", async () => {
    const database = await cluster.database();
    expect(await cluster.client.refusal("SELECT * FROM no_such_db.t")).toMatchObject({
      code: 5501,
      sqlState: "3F000",
    });
    expect(await cluster.client.refusal(`SELECT * FROM ${database}.nope`)).toMatchObject({
      code: 5502,
      sqlState: "42602",
    });
    const session = await cluster.connect();
    expect(await session.refusal("SELECT * FROM t")).toMatchObject({ code: 1046, sqlState: "3D000" });
  });

  test("database exists 1007, table exists 1050/42S01", async () => {
    const database = await cluster.database();
    expect(await cluster.client.refusal(`CREATE DATABASE ${database}`)).toMatchObject({ code: 1007 });
    await cluster.client.run(`CREATE TABLE ${database}.t (k INT) ${one}`);
    expect(await cluster.client.refusal(`CREATE TABLE ${database}.t (k INT) ${one}`)).toMatchObject({
      code: 1050,
      sqlState: "42S01",
      message: "Getting analyzing error. Detail message: Table 't' already exists.",
    });
    await cluster.client.run(`CREATE TABLE IF NOT EXISTS ${database}.t (k INT) ${one}`);
  });
});
