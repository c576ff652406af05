import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { heldSlots } from "../support/catalog-rows.ts";
import type { Client } from "../support/client.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

const definition = `(k DATE NOT NULL, n INT) DUPLICATE KEY (k) PARTITION BY RANGE (k)
  (PARTITION p1 VALUES LESS THAN ("2025-01-02"), PARTITION p2 VALUES LESS THAN ("2025-01-03"))
  DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ("replication_num" = "1")`;
const then = [
  ["2025-01-01", 1],
  ["2025-01-02", 2],
  ["2025-01-02", 3],
];
const now = [["2025-01-01", 99]];

beforeAll(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    for (const table of ["a", "b"]) {
      await client.run(`CREATE TABLE shop.${table} ${definition}`);
      await client.run(`INSERT INTO shop.${table} VALUES ('2025-01-01', 1), ('2025-01-02', 2)`);
    }
  });
  await it.backUp({ group: "g", type: "full" });
  for (const table of ["a", "b"]) await it.client.run(`INSERT INTO shop.${table} VALUES ('2025-01-02', 3)`);
  await it.backUp({ group: "g", type: "incremental" });
  for (const table of ["a", "b"]) {
    await it.client.run(`TRUNCATE TABLE shop.${table}`);
    await it.client.run(`INSERT INTO shop.${table} VALUES ('2025-01-01', 99)`);
  }
});
afterAll(() => it.close());

beforeEach(async () => {
  await it.client.run("DROP VIEW IF EXISTS shop.taken");
  for (const table of await tableNames(it.client, "shop"))
    if (table !== "a" && table !== "b") await it.client.run(`DROP TABLE shop.\`${table}\` FORCE`);
  await it.client.run("DROP DATABASE IF EXISTS lab FORCE");
});

async function rowsOf(client: Client, table: string): Promise<unknown[]> {
  const rows = await client.rows(`SELECT k, n FROM ${table} ORDER BY k, n`);
  return rows.map(({ k, n }) => [k, n]);
}

const newest = { target_time: "2099-01-01 00:00" };

async function untouched(): Promise<void> {
  expect(await rowsOf(it.client, "shop.a")).toEqual(now);
  expect(await rowsOf(it.client, "shop.b")).toEqual(now);
  expect(await heldSlots(it.client)).toEqual([]);
}

test("a copy under another name stands beside the live table, which is not touched", async () => {
  const input = { ...newest, tables: ["shop.a"], rename_to: "a_before" };
  const plan = await it.call("restore_plan", { ...input, dry_run: true });
  expect(plan).toMatchObject({
    result: { tables: [{ table: "shop.a", target: "shop.a_before", replaces: null }] },
  });
  const result = await it.restore(input);
  expect(result["restored"]).toMatchObject([
    { table: "shop.a", target: "shop.a_before", strategy: "merge", rows: 3, replaced_kept_as: null },
  ]);
  expect(await rowsOf(it.client, "shop.a_before")).toEqual(then);
  expect(await tableNames(it.client, "shop")).toEqual(["a", "a_before", "b"]);
  await untouched();
});

test("several copies get a suffix", async () => {
  await it.restore({ ...newest, group: "g", suffix: "_old" });
  expect(await tableNames(it.client, "shop")).toEqual(["a", "a_old", "b", "b_old"]);
  expect(await rowsOf(it.client, "shop.a_old")).toEqual(then);
  expect(await rowsOf(it.client, "shop.b_old")).toEqual(then);
  await untouched();
});

test("copies go into another database, which is made when it is missing", async () => {
  const result = await it.restore({ ...newest, group: "g", into_database: "lab" });
  expect(result["restored"]).toMatchObject([
    { table: "shop.a", target: "lab.a" },
    { table: "shop.b", target: "lab.b" },
  ]);
  expect(await tableNames(it.client, "lab")).toEqual(["a", "b"]);
  expect(await rowsOf(it.client, "lab.a")).toEqual(then);
  await untouched();
});

test("a copy of some partitions has only those", async () => {
  await it.restore({
    ...newest,
    tables: ["shop.a"],
    rename_to: "day",
    partitions: ["2025-01-02..2025-01-02"],
  });
  expect(await rowsOf(it.client, "shop.day")).toEqual(then.slice(1));
  await untouched();
});

test("a name that is taken is refused, whatever has it", async () => {
  await it.client.run("CREATE VIEW shop.taken AS SELECT 1 AS one");
  const error = failure(await it.call("restore_plan", { ...newest, tables: ["shop.a"], rename_to: "taken" }));
  expect(error).toMatchObject({ code: "TARGET_TAKEN", message: expect.stringContaining("shop.taken") });
  expect(
    failure(await it.call("restore_plan", { ...newest, tables: ["shop.a"], rename_to: "b" })),
  ).toMatchObject({
    code: "TARGET_TAKEN",
  });
});

test("what appears under the name after the plan is not touched, and the copy is named", async () => {
  const input = { ...newest, tables: ["shop.a"], rename_to: "late" };
  const { result } = (await it.call("restore_plan", input)) as unknown as { result: Record<string, string> };
  await it.client.run(`CREATE TABLE shop.late ${definition}`);
  await it.client.run("INSERT INTO shop.late VALUES ('2025-01-01', 7)");
  const { run_id = "", plan_hash = "" } = result;
  await it.call("restore", { run_id, plan_hash, approved: true });
  await it.call("poll", { run_id, wait_seconds: 60 });
  const error = failure(await it.call("report", { run_id }));
  expect(error).toMatchObject({ code: "RESTORE_FAILED" });
  expect(error["message"]).toMatch(/a table late has appeared since the plan was approved.*shop\.late__p_/);
  expect(await rowsOf(it.client, "shop.late")).toEqual([["2025-01-01", 7]]);
  await untouched();
});

describe("views", () => {
  beforeEach(async () => {
    await it.client.run("CREATE VIEW shop.sums AS SELECT k, sum(n) AS n FROM shop.a GROUP BY k");
    await it.client.run("CREATE VIEW shop.over_sums AS SELECT k FROM shop.sums");
    await it.client.run("CREATE VIEW shop.apart AS SELECT 1 AS one");
    await it.client.run(
      "CREATE MATERIALIZED VIEW shop.kept DISTRIBUTED BY HASH (k) REFRESH MANUAL PROPERTIES ('replication_num' = '1') AS SELECT k, n FROM shop.b",
    );
  });
  afterEach(async () => {
    for (const view of ["over_sums", "sums", "apart"]) await it.client.run(`DROP VIEW shop.${view}`);
    await it.client.run("DROP MATERIALIZED VIEW shop.kept");
  });

  test("over tables that are copied into another database are named, with what to do; others are not", async () => {
    const plan = await it.call("restore_plan", {
      ...newest,
      group: "g",
      into_database: "lab",
      dry_run: true,
    });
    const { skipped } = succeeded(plan) as { skipped?: readonly { object: string; reason: string }[] };
    expect(skipped?.map(({ object }) => object).sort()).toEqual(["shop.kept", "shop.over_sums", "shop.sums"]);
    const reasons = new Map(skipped?.map(({ object, reason }) => [object, reason]));
    expect(reasons.get("shop.sums")).toMatch(/^view: .*made in lab by .*with lab in place of shop/);
    expect(reasons.get("shop.kept")).toMatch(/^materialized view: .*SHOW CREATE MATERIALIZED VIEW/);
  });

  test("are no matter where tables are named, or come back in place", async () => {
    for (const input of [
      { tables: ["shop.a"], into_database: "lab" },
      { group: "g" },
      { group: "g", suffix: "_x" },
    ]) {
      const plan = succeeded(await it.call("restore_plan", { ...newest, ...input, dry_run: true }));
      expect(plan["skipped"]).toEqual([]);
      expect(JSON.stringify(plan["notes"])).not.toContain("No backup holds views");
    }
  });
});

test("of a database that is gone, the plan says that views have to be made again", async () => {
  const gone = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    await client.run(`CREATE TABLE shop.a ${definition}`);
  });
  await gone.backUp({ group: "g", type: "full" });
  await gone.client.run("DROP DATABASE shop FORCE");
  const plan = succeeded(await gone.call("restore_plan", { ...newest, group: "g", dry_run: true }));
  await gone.close();
  expect(plan["notes"]).toContain(
    "No backup holds views: those that shop had, materialized or not, have to be made again.",
  );
});
