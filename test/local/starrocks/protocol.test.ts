import { connect } from "node:net";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, type Lab, one, startLab } from "./support.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.end());

describe("login", () => {
  it("refuses a wrong password and an unknown user with 1045/28000", async () => {
    const guarded = await startLab();
    try {
      for (const options of [{ password: "wrong" }, { user: "nobody" }]) {
        const failure = await guarded.connect(options).then(
          () => undefined,
          (error: unknown) => failureOf(error),
        );
        expect(failure).toMatchObject({ code: 1045, state: "28000" });
      }
    } finally {
      await guarded.end();
    }
  });
});

describe("queries", () => {
  it("answers what clients ask while connecting", async () => {
    const { client } = lab;
    await client.run("SET NAMES utf8mb4");
    await client.run("SET autocommit=1, sql_mode='STRICT_TRANS_TABLES'");
    expect(await client.rows("select @@version_comment limit 1")).toEqual([
      { "@@version_comment": "StarRocks version 3.5.2" },
    ]);
    expect(await client.rows("SELECT DATABASE() AS d, current_version() AS v, version() AS m")).toEqual([
      { d: null, v: "3.5.2 4f1a2b3", m: "8.0.33" },
    ]);
    expect(await client.rows("SHOW WARNINGS")).toEqual([]);
    expect(await client.rows("SHOW VARIABLES LIKE 'query_timeout'")).toEqual([
      { Variable_name: "query_timeout", Value: "300" },
    ]);
  });

  it("sends types as StarRocks does", async () => {
    const [rows, fields] = await lab.client.connection.query(
      `SELECT true AS b, CAST(1 AS INT) AS i, CAST(9007199254740993 AS BIGINT) AS l, CAST(1 AS LARGEINT) AS w,
         CAST('1.50' AS DECIMAL(10, 2)) AS d, CAST('2025-01-02' AS DATE) AS day,
         CAST('2025-01-02 03:04:05' AS DATETIME) AS at, 'x' AS s, NULL AS n`,
    );
    expect(rows).toEqual([
      {
        b: 1,
        i: 1,
        l: "9007199254740993",
        w: "1",
        d: "1.50",
        day: "2025-01-02",
        at: "2025-01-02 03:04:05",
        s: "x",
        n: null,
      },
    ]);
    expect(fields.slice(0, 8).map((field) => field.type)).toEqual([1, 3, 8, 254, 246, 10, 12, 253]);
  });

  it("sends every SHOW column as VAR_STRING", async () => {
    const [, fields] = await lab.client.connection.query("SHOW FRONTENDS");
    expect(new Set(fields.map((field) => field.type))).toEqual(new Set([253]));
  });

  it("splits statements and stops at the first error", async () => {
    const client = await lab.connect({ multipleStatements: true });
    const [results] = await client.connection.query("SELECT 1 AS a; SELECT ';' AS b");
    expect(results).toEqual([[{ a: 1 }], [{ b: ";" }]]);
    expect(await client.failure("SELECT 1 AS a; SELECT nope; SELECT 2 AS c")).toMatchObject({
      code: 1064,
      message: "Getting analyzing error. Detail message: Column 'nope' cannot be resolved.",
    });
    expect(await client.rows("SELECT 3 AS c")).toEqual([{ c: 3 }]);
  });

  it("reads statements of more than 16 MB", async () => {
    const text = "x".repeat(17 * 1024 * 1024);
    expect(await lab.client.rows(`SELECT length('${text}') AS n`)).toEqual([{ n: String(text.length) }]);
  });

  it("knows only SELECT in the prepared protocol", async () => {
    const failure = await lab.client.connection.execute("SHOW DATABASES").then(
      () => undefined,
      (error: unknown) => failureOf(error),
    );
    expect(failure).toEqual({
      code: 1295,
      state: "HY000",
      message: "This command is not supported in the prepared statement protocol yet",
    });
  });

  it("keeps a database per connection", async () => {
    await lab.client.run("CREATE DATABASE chosen");
    const client = await lab.connect({ database: "chosen" });
    expect(await client.rows("SELECT database() AS d")).toEqual([{ d: "chosen" }]);
    expect(await client.failure("USE nowhere")).toEqual({
      code: 5501,
      state: "3F000",
      message: "Getting analyzing error. Detail message: Unknown database 'nowhere'.",
    });
    await client.connection.changeUser({ user: "root", database: "chosen" });
    expect(await client.rows("SELECT database() AS d")).toEqual([{ d: "chosen" }]);
    await client.connection.ping();
  });
});

describe("errors", () => {
  it.each([
    [
      "selec 1",
      1064,
      "Getting syntax error at line 1, column 0. Detail message: No viable statement for input 'selec'.",
    ],
    [
      "SELECT foo(1)",
      1064,
      "Getting analyzing error. Detail message: No matching function with signature: foo(1 arguments).",
    ],
    ["SELECT * FROM nowhere.t", 5501, "Getting analyzing error. Detail message: Unknown database 'nowhere'."],
    ["SELECT * FROM t", 1046, "Getting analyzing error. Detail message: No database selected."],
    ["SET no_such_variable = 1", 1193, "Unknown system variable 'no_such_variable'"],
    ["KILL 4711", 1094, "Getting analyzing error. Detail message: Unknown thread id: 4711."],
    [
      "CREATE MATERIALIZED VIEW v AS SELECT 1",
      1064,
      "A synchronous materialized view is not supported by the embedded StarRocks",
    ],
    [
      "SELECT 1::INT",
      1064,
      "Getting syntax error at line 1, column 8. Detail message: Unexpected input ':', the most similar input is {<EOF>}.",
    ],
  ])("%s", async (sql, code, message) => {
    expect(await lab.client.failure(sql)).toMatchObject({ code, message });
  });

  it("survives a client that sends garbage", async () => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(lab.server.port, lab.server.host, () =>
        socket.end(Buffer.from([3, 0, 0, 1, 255, 255, 255])),
      );
      socket.resume();
      socket.on("close", () => resolve());
      socket.on("error", reject);
    });
    const fresh = await mysql.createConnection({
      host: lab.server.host,
      port: lab.server.port,
      user: "root",
    });
    await fresh.ping();
    await fresh.end();
  });

  it("kills a connection", async () => {
    const victim = await lab.connect();
    const [row] = await victim.rows("SELECT connection_id() AS id");
    await lab.client.run(`KILL ${row?.["id"]}`);
    await expect(victim.rows("SELECT 1")).rejects.toThrow();
  });
});

describe("time zones", () => {
  it("renders times in the session's zone", async () => {
    const { client } = lab;
    await client.run("CREATE DATABASE zones");
    await client.run(`CREATE TABLE zones.t (id INT) ${one}`);
    const read = async (zone: string) => {
      await client.run(`SET time_zone = '${zone}'`);
      const [row] = await client.rows(
        `SELECT VISIBLE_VERSION_TIME AS t, unix_timestamp(VISIBLE_VERSION_TIME) AS u FROM information_schema.partitions_meta
         WHERE TABLE_NAME = 't'`,
      );
      return { text: Date.parse(`${row?.["t"]}Z`), epoch: row?.["u"] };
    };
    const utc = await read("+00:00");
    const shanghai = await read("Asia/Shanghai");
    const offset = await read("-03:30");
    await client.run("SET time_zone = 'UTC'");
    expect(utc.text / 1000).toBe(Number(utc.epoch));
    expect(shanghai.text - utc.text).toBe(8 * 3600_000);
    expect(offset.text - utc.text).toBe(-3.5 * 3600_000);
    expect([shanghai.epoch, offset.epoch]).toEqual([utc.epoch, utc.epoch]);
    expect(await client.failure("SET time_zone = 'Nowhere/Land'")).toMatchObject({ code: 1298 });
  });
});
