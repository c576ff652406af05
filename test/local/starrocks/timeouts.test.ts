import { afterAll, beforeAll, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

let embedded: Embedded;

beforeAll(async () => {
  embedded = await startEmbedded();
  await embedded.client.run("CREATE DATABASE d");
  await embedded.client.run(`CREATE TABLE d.t (k INT) ${one}`);
});
afterAll(() => embedded.close());

test.each([
  ["query_timeout = 0", "query_timeout must be equal or greater than 1"],
  ["query_timeout = 259201", "query_timeout must be equal or smaller than 259200"],
  ["query_timeout = 'soon'", "query_timeout is not a number"],
  ["insert_timeout = -1", "insert_timeout must be equal or greater than 1"],
])("SET %s is refused", async (assignment, message) => {
  expect((await embedded.client.refusal(`SET ${assignment}`)).message).toBe(
    `Getting analyzing error. Detail message: ${message}.`,
  );
});

test("SET … = DEFAULT puts a variable back", async () => {
  const client = await embedded.connect();
  await client.run("SET query_timeout = 17");
  await client.run("SET query_timeout = DEFAULT");
  expect(await client.rows("SELECT @@query_timeout AS v")).toMatchObject([{ v: 300 }]);
});

test("a query ends at its timeout, and the connection goes on", async () => {
  const client = await embedded.connect();
  await client.run("SET query_timeout = 1");
  const numbers = "TABLE(generate_series(1, 3000000))";
  const slow = `SELECT count(*) FROM ${numbers} a, ${numbers} b, ${numbers} c`;
  expect(await client.refusal(slow)).toEqual({
    code: 5024,
    sqlState: "53400",
    message:
      "Query reached its timeout of 1 seconds, please increase the 'query_timeout' session variable and retry",
  });
  expect(await client.rows("SELECT count(*) AS n FROM d.t")).toEqual([{ n: "0" }]);
});

test("a load that is held up beyond its timeout does not happen", async () => {
  const client = await embedded.connect();
  await client.run("SET insert_timeout = 1");
  const disarm = embedded.server.faults.add({ match: /INSERT INTO d\.t/, delayMs: 1500 });
  expect(await client.refusal("INSERT INTO d.t VALUES (1)")).toEqual({
    code: 5024,
    sqlState: "53400",
    message:
      "Insert reached its timeout of 1 seconds, please increase the 'insert_timeout' session variable or the 'timeout' property for insert statement and retry",
  });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  disarm();
  expect(await client.rows("SELECT count(*) AS n FROM d.t")).toEqual([{ n: "0" }]);
});

test("a statement that is neither query nor load is not bound", async () => {
  const client = await embedded.connect();
  await client.run("SET query_timeout = 1, insert_timeout = 1");
  const disarm = embedded.server.faults.add({ match: /SHOW TABLES/, delayMs: 1500 });
  expect(await client.rows("SHOW TABLES FROM d")).toHaveLength(1);
  disarm();
});
