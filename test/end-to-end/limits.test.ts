import { afterEach, beforeEach, expect, test } from "vitest";
import { failure, succeeded } from "../support/outcomes.ts";
import { oneTable } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
});
afterEach(() => it.close());

async function entries(group: string): Promise<number> {
  const [row] = await it.client.rows(
    `SELECT count(*) AS n FROM ops.table_inventory WHERE inventory_group = '${group}'`,
  );
  return Number(row?.["n"]);
}

/** How many statements something sends, and the longest of them. */
async function sent(work: () => Promise<unknown>): Promise<{ statements: number; longest: number }> {
  const lengths: number[] = [];
  const disarm = it.starrocks.faults.add({
    match: /^/,
    times: Number.POSITIVE_INFINITY,
    before: async (sql) => void lengths.push(sql.length),
  });
  await work();
  disarm();
  return { statements: lengths.length, longest: Math.max(...lengths) };
}

test("an inventory of 12,000 tables is written, backed up and taken back in few statements", async () => {
  const many = Array.from({ length: 12_000 }, (_, n) => `shop.t_${n}`);
  const added = await sent(async () =>
    succeeded(await it.call("inventory", { group: "many", add: [...many, "shop.orders"] })),
  );
  expect(added.statements).toBeLessThan(15);
  expect(await entries("many")).toBe(12_001);
  const backup = await it.backUp({ group: "many", type: "full" });
  expect(backup).toMatchObject({ status: "FINISHED", snapshots: [{ tables: 1 }] });
  expect(JSON.stringify(backup["html"]).length).toBeLessThan(200_000);
  const removed = await sent(async () =>
    succeeded(await it.call("inventory", { group: "many", remove: many })),
  );
  expect(removed.statements).toBeLessThan(15);
  expect(await entries("many")).toBe(1);
});

test("a group over 3,000 databases is backed up", async () => {
  const everywhere = Array.from({ length: 3000 }, (_, n) => `d_${n}.*`);
  succeeded(await it.call("inventory", { group: "wide", add: ["shop.*", ...everywhere] }));
  const plan = await sent(async () =>
    expect(await it.backUp({ group: "wide", type: "full" })).toMatchObject({
      status: "FINISHED",
      snapshots: [{ database: "shop", tables: 1 }],
    }),
  );
  expect(plan.longest).toBeLessThan(1_000_000);
});

test("names of megabytes are refused at the door, in a text that a person can read", async () => {
  const long = "x".repeat(10 * 1024 * 1024);
  for (const [script, input] of [
    ["inventory", { group: "g", add: [`shop.${long}`] }],
    ["plan", { group: long, type: "full" }],
    ["restore_plan", { tables: [`shop.${long}`], target_time: "2025-01-01 00:00" }],
    ["restore_plan", { tables: ["shop.orders"], target_time: "2025-01-01 00:00", rename_to: long }],
  ] as const) {
    const error = failure(await it.call(script, input));
    expect(error.code).toBe("INVALID_INPUT");
    expect(error.message.length).toBeLessThan(1000);
  }
});

test("a catalog row of megabytes does not make an error of megabytes", async () => {
  await it.backUp({ group: "g", type: "full" });
  await it.client.run(
    `UPDATE ops.backup_history SET left_out = repeat('x', 60000) WHERE status = 'FINISHED'`,
  );
  const error = failure(
    await it.call("restore_plan", { tables: ["shop.orders"], target_time: "2099-01-01 00:00" }),
  );
  expect(error.message.length).toBeLessThan(2000);
});

test("names of 1,023 characters, with dots, quotes, backticks and emoji, are carried exactly", async () => {
  const table = `a.b'"\`😀${"é".repeat(300)}`;
  const quoted = `shop.\`${table.replaceAll("`", "``")}\``;
  await it.client.run(
    `CREATE TABLE ${quoted} (k INT, n INT) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ("replication_num" = "1")`,
  );
  await it.client.run(`INSERT INTO ${quoted} VALUES (1, 2)`);
  succeeded(await it.call("inventory", { group: "odd", add: [`shop.${table}`] }));
  await it.backUp({ group: "odd", type: "full" });
  await it.client.run(`TRUNCATE TABLE ${quoted}`);
  await it.restore({ tables: [`shop.${table}`], target_time: "2099-01-01 00:00" });
  expect(await it.client.rows(`SELECT n FROM ${quoted}`)).toEqual([{ n: 2 }]);
});
