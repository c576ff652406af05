import { afterEach, beforeEach, expect, test } from "vitest";
import { heldSlots } from "../support/catalog-rows.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

const one = 'PROPERTIES ("replication_num" = "1")';

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    await client.run(
      `CREATE TABLE shop.days (d DATE NOT NULL, n INT) PRIMARY KEY (d) PARTITION BY RANGE (d)
       (PARTITION p1 VALUES LESS THAN ("2025-01-02"), PARTITION p2 VALUES LESS THAN ("2025-01-03"),
        PARTITION p3 VALUES LESS THAN ("2025-01-04")) DISTRIBUTED BY HASH (d) BUCKETS 2 ${one}`,
    );
    await client.run("INSERT INTO shop.days VALUES ('2025-01-01', 1), ('2025-01-02', 2), ('2025-01-03', 3)");
    await client.run(
      `CREATE TABLE shop.auto (d DATETIME NOT NULL, n INT) DUPLICATE KEY (d) PARTITION BY date_trunc('day', d)
       DISTRIBUTED BY HASH (d) BUCKETS 1 ${one}`,
    );
    await client.run("INSERT INTO shop.auto VALUES ('2025-01-01 08:00:00', 1), ('2025-01-02 08:00:00', 2)");
    await client.run(
      `CREATE TABLE shop.lands (c VARCHAR(10) NOT NULL, n INT) DUPLICATE KEY (c) PARTITION BY LIST (c)
       (PARTITION eu VALUES IN ("de", "fr"), PARTITION us VALUES IN ("us")) DISTRIBUTED BY HASH (c) BUCKETS 1 ${one}`,
    );
    await client.run("INSERT INTO shop.lands VALUES ('de', 1), ('us', 2)");
  });
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("UPDATE shop.days SET n = 20 WHERE d = '2025-01-02'");
  await it.backUp({ group: "g", type: "incremental" });
});
afterEach(() => it.close());

async function rowsOf(table: string): Promise<unknown[]> {
  const [first] = await it.client.rows(`SELECT * FROM ${table} LIMIT 1`);
  const [key = ""] = Object.keys(first ?? {});
  const rows = await it.client.rows(`SELECT * FROM ${table} ORDER BY ${key}`);
  return rows.map((row) => Object.values(row));
}

async function tableId(table: string): Promise<unknown> {
  const sql = `SELECT TABLE_ID FROM information_schema.tables_config WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME = '${table}'`;
  return (await it.client.rows(sql))[0]?.["TABLE_ID"];
}

const newest = { target_time: "2099-01-01 00:00" };

test("a bad UPDATE of two days is undone, what others wrote since stays, and the table keeps its id", async () => {
  await it.client.run("UPDATE shop.days SET n = 0 WHERE d < '2025-01-03'");
  await it.client.run("UPDATE shop.days SET n = 33 WHERE d = '2025-01-03'");
  const id = await tableId("days");
  const input = { ...newest, tables: ["shop.days"], partitions: ["2025-01-01..2025-01-02"] };
  const plan = succeeded(await it.call("restore_plan", { ...input, dry_run: true }));
  expect(plan["tables"]).toMatchObject([
    { table: "shop.days", strategy: "partitions", only: ["p1", "p2"], replaces: { partitions: 2 } },
  ]);
  const result = await it.restore(input);
  expect(await rowsOf("shop.days")).toEqual([
    ["2025-01-01", 1],
    ["2025-01-02", 20],
    ["2025-01-03", 33],
  ]);
  expect(await tableId("days")).toBe(id);
  const [restored] = result["restored"] as { replaced_kept_as: string }[];
  expect(restored).toMatchObject({ strategy: "partitions", partitions: 2, rows: 2, notices: [] });
  // What was replaced, and nothing else.
  expect(await rowsOf(`shop.${restored?.replaced_kept_as}`)).toEqual([
    ["2025-01-01", 0],
    ["2025-01-02", 0],
  ]);
  expect((await tableNames(it.client, "shop")).filter((name) => /__[rp]_/.test(name))).toEqual([]);
  expect(await heldSlots(it.client)).toEqual([]);
});

test("a dropped partition comes back", async () => {
  await it.client.run("ALTER TABLE shop.days DROP PARTITION p1 FORCE");
  await it.restore({ ...newest, tables: ["shop.days"], partitions: ["p1"] });
  expect(await rowsOf("shop.days")).toEqual([
    ["2025-01-01", 1],
    ["2025-01-02", 20],
    ["2025-01-03", 3],
  ]);
});

test("a partition of a table with automatic partitions, and one of a list", async () => {
  await it.client.run("DELETE FROM shop.auto WHERE n = 1");
  await it.client.run("INSERT INTO shop.auto VALUES ('2025-01-01 09:00:00', 9), ('2025-01-05 09:00:00', 5)");
  await it.restore({ ...newest, tables: ["shop.auto"], partitions: ["2025-01-01..2025-01-01"] });
  expect(await rowsOf("shop.auto")).toEqual([
    ["2025-01-01 08:00:00", 1],
    ["2025-01-02 08:00:00", 2],
    ["2025-01-05 09:00:00", 5],
  ]);
  await it.client.run("TRUNCATE TABLE shop.lands");
  await it.restore({ ...newest, tables: ["shop.lands"], partitions: ["eu"] });
  expect(await rowsOf("shop.lands")).toEqual([["de", 1]]);
});

test("a partition that is gone and that only a load makes is refused, by the plan or when it has gone since", async () => {
  await it.client.run(
    `CREATE TABLE shop.weeks (d DATETIME NOT NULL, n INT) DUPLICATE KEY (d) PARTITION BY time_slice(d, INTERVAL 7 DAY)
     DISTRIBUTED BY HASH (d) BUCKETS 1 ${one}`,
  );
  await it.client.run("INSERT INTO shop.weeks VALUES ('2025-01-01 08:00:00', 1), ('2025-02-01 08:00:00', 2)");
  await it.backUp({ group: "g", type: "full" });
  const [, last] = await it.client.rows(
    `SELECT PARTITION_NAME AS p FROM information_schema.partitions_meta
     WHERE DB_NAME = 'shop' AND TABLE_NAME = 'weeks' AND PARTITION_NAME NOT LIKE '$%' ORDER BY p`,
  );
  const partition = String(last?.["p"]);
  const wanted = { ...newest, tables: ["shop.weeks"], partitions: [partition], max_drift: 100 };
  const { run_id = null, plan_hash = null } = succeeded(await it.call("restore_plan", wanted));

  await it.client.run(`ALTER TABLE shop.weeks DROP PARTITION ${partition} FORCE`);
  const gone = `Partition ${partition} is gone from shop.weeks, and only a load makes it again.`;
  expect(failure(await it.call("restore_plan", wanted))).toMatchObject({
    code: "PARTITION_UNFIT",
    message: gone,
  });
  let said = await it.call("restore", { run_id, plan_hash, approved: true });
  for (let poll = 0; poll < 5 && said.kind === "success" && succeeded(said)["done"] !== true; poll++)
    said = await it.call("poll", { run_id, wait_seconds: 60 });
  if (said.kind === "success") said = await it.call("report", { run_id, notes: [] });
  expect(JSON.stringify(said)).toContain(gone);
  expect(await rowsOf("shop.weeks")).toEqual([["2025-01-01 08:00:00", 1]]);
  expect((await tableNames(it.client, "shop")).filter((name) => /__[rp]_|__replaced_/.test(name))).toEqual(
    [],
  );
});

test("rows of an older definition go into a table that has more columns now; one that lacks a column is refused", async () => {
  await it.client.run("ALTER TABLE shop.lands ADD COLUMN more INT NULL");
  await it.client.run("UPDATE shop.days SET n = 0 WHERE d < '2025-01-03'");
  await it.client.run("TRUNCATE TABLE shop.lands PARTITION (us)");
  await it.restore({ ...newest, tables: ["shop.lands"], partitions: ["us"] });
  expect(await rowsOf("shop.lands")).toEqual([
    ["de", 1, null],
    ["us", 2, null],
  ]);
  await it.client.run("ALTER TABLE shop.lands DROP COLUMN n");
  const error = await it.restore({ ...newest, tables: ["shop.lands"], partitions: ["us"] }).catch(String);
  expect(error).toMatch(/column n is gone/);
  expect((await tableNames(it.client, "shop")).filter((name) => /__[rp]_/.test(name))).toEqual([]);
});

test("what cannot be meant is refused by name", async () => {
  const ask = async (input: Record<string, string[] | string>) =>
    failure(await it.call("restore_plan", { ...newest, ...input }));
  expect(await ask({ tables: ["shop.days"], partitions: ["p9"] })).toMatchObject({
    code: "PARTITION_UNKNOWN",
    message: "shop.days has no partition p9 at the restore point.",
  });
  expect(await ask({ tables: ["shop.days"], partitions: ["2030-01-01..2030-02-01"] })).toMatchObject({
    code: "PARTITION_UNKNOWN",
  });
  for (const input of [
    { partitions: ["p1"] },
    { tables: ["shop.days", "shop.auto"], partitions: ["p1"] },
    { tables: ["shop.days"], partitions: ["a..b", "p1"] },
    { tables: ["shop.days"], rename_to: "days" },
    { tables: ["shop.days", "shop.auto"], rename_to: "x" },
    { tables: ["shop.days"], rename_to: "x", suffix: "_y" },
    { tables: ["shop.days"], into_database: "ops" },
  ])
    expect(await ask(input)).toMatchObject({ code: "INVALID_INPUT" });
  await it.client.run("DROP TABLE shop.days FORCE");
  expect(await ask({ tables: ["shop.days"], partitions: ["p1"] })).toMatchObject({ code: "TARGET_MISSING" });
});
