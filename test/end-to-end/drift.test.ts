import { afterEach, beforeEach, expect, test } from "vitest";
import { failure, succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, (client) => daily(client, "shop", "orders"));
  await it.backUp({ group: "g", type: "full" });
});
afterEach(() => it.close());

/** Plans, lets something happen during the approval, and goes on. */
async function approvedAfter(sql: string, more: Record<string, number | string> = {}) {
  const plan = succeeded(
    await it.call("restore_plan", { tables: ["shop.orders"], target_time: "2099-01-01 00:00", ...more }),
  );
  const { run_id = null, plan_hash = null } = plan;
  await it.client.run(sql);
  succeeded(await it.call("restore", { run_id, plan_hash, approved: true }));
  succeeded(await it.call("poll", { run_id, wait_seconds: 60 }));
  return await it.call("report", { run_id });
}

test("rows that came while the plan was approved are said, and are in the kept table", async () => {
  const report = succeeded(await approvedAfter("INSERT INTO shop.orders VALUES ('2025-01-01', 7)"));
  const [restored] = report["restored"] as { notices: string[]; replaced_kept_as: string }[];
  expect(restored?.notices).toEqual([
    "what it replaces has about 6 rows in 5 partitions now, and had about 5 in 5 when the plan was made",
  ]);
  expect(report["notes"]).toContainEqual(
    expect.stringContaining("shop.orders: what it replaces has about 6 rows"),
  );
  expect(await numbers(it.client, `shop.${restored?.replaced_kept_as}`)).toContain(7);
});

test("a change beyond what is allowed stops that table, and nothing is replaced", async () => {
  const rows = Array.from({ length: 20 }, (_, n) => `('2025-01-01', ${100 + n})`).join(", ");
  const insert = `INSERT INTO shop.orders VALUES ${rows}`;
  const error = failure(await approvedAfter(insert));
  expect(error.message).toMatch(
    /shop\.orders has changed too much.*25 rows in 5 partitions now, and had about 5/,
  );
  expect(await numbers(it.client, "shop.orders")).toHaveLength(25);
  expect(await tableNames(it.client, "shop")).toEqual(["orders"]);
  succeeded(await approvedAfter(insert, { max_drift: 1000 }));
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});

test("a table that was dropped meanwhile is restored all the same", async () => {
  const report = succeeded(await approvedAfter("DROP TABLE shop.orders FORCE"));
  expect(report["notes"]).toContainEqual(expect.stringContaining("was dropped after the plan was made"));
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});
