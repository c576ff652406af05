import { connect } from "node:net";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";

let embedded: Embedded;
beforeAll(async () => {
  embedded = await startEmbedded();
});
afterAll(() => embedded.close());

describe("queries", () => {
  test("answers what clients ask while connecting", async () => {
    const { client } = embedded;
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
});

describe("errors", () => {
  test.each([
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
    expect(await embedded.client.refusal(sql)).toMatchObject({ code, message });
  });

  test("survives a client that sends garbage", async () => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(embedded.server.port, embedded.server.host, () =>
        socket.end(Buffer.from([3, 0, 0, 1, 255, 255, 255])),
      );
      socket.resume();
      socket.on("close", () => resolve());
      socket.on("error", reject);
    });
    const fresh = await mysql.createConnection({
      host: embedded.server.host,
      port: embedded.server.port,
      user: "root",
    });
    await fresh.ping();
    await fresh.end();
  });
});
