import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

let embedded: Embedded;
beforeAll(async () => {
  embedded = await startEmbedded();
  await embedded.client.run("CREATE DATABASE d");
  await embedded.client.run("USE d");
});
afterAll(() => embedded.close());

describe("CREATE TABLE", () => {
  test.each([
    ["CREATE TABLE x (id INT, ID INT)", "Duplicate column name 'ID'"],
    ["CREATE TABLE x (id INT, m BITMAP)", "Type BITMAP is not supported by the embedded StarRocks"],
    ["CREATE TABLE x (id INT) DISTRIBUTED BY HASH (nope)", "Distribution column(nope) doesn't exist"],
  ])("refuses %s", async (sql, message) => {
    expect((await embedded.client.refusal(`${sql} ${one}`)).message).toContain(message);
    expect(await embedded.client.rows("SHOW TABLES LIKE 'x'")).toEqual([]);
  });
});
