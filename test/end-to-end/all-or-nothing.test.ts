import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../windmill/json.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

const saved = [0, 1, 2, 3, 4];
const bad = [77];
const newest = { target_time: "2099-01-01 00:00" };
const everything = ["crm.people", "shop.orders", "shop.visits"];

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*", "crm.*"] }, async (client) => {
    await daily(client, "shop", "orders");
    await daily(client, "shop", "visits");
    await daily(client, "crm", "people");
  });
  await it.backUp({ group: "g", type: "full" });
  for (const table of everything) {
    await it.client.run(`TRUNCATE TABLE ${table}`);
    await it.client.run(`INSERT INTO ${table} VALUES ('2025-01-03', 77)`);
  }
});
afterEach(() => it.close());

const plan = async (input: JsonObject) => succeeded(await it.call("restore_plan", { ...newest, ...input }));

/** Restores by a plan, approved; gives the failure that the report throws. */
async function failing({ run_id = null, plan_hash = null }: JsonObject) {
  succeeded(await it.call("restore", { run_id, plan_hash, approved: true }));
  for (;;) {
    const { done } = succeeded(await it.call("poll", { run_id, wait_seconds: 60 }));
    if (done === true) return failure(await it.call("report", { run_id, notes: [] }));
  }
}

async function rows(): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const read = everything.map(async (table) => [table, await numbers(it.client, table)] as const);
  return Object.fromEntries(await Promise.all(read));
}

async function names(): Promise<readonly string[]> {
  return [...(await tableNames(it.client, "crm")), ...(await tableNames(it.client, "shop"))];
}

/** The restore of one table is refused by StarRocks once it is to become live. */
function refuseSwapOf(table: string): void {
  const match = new RegExp(`^ALTER TABLE .*\`${table}\` SWAP WITH `);
  const error = { code: 5203, message: "Access denied; you need the ALTER privilege" };
  it.starrocks.faults.add({ match, times: Number.POSITIVE_INFINITY, error });
}

const alike = (value: readonly unknown[]) => Object.fromEntries(everything.map((table) => [table, value]));

test("a group becomes live as a whole", async () => {
  const result = await it.restore(newest);
  expect(result).toMatchObject({ status: "FINISHED" });
  expect(await rows()).toEqual(alike(saved));
});

test("when one cannot become live, those that are live already are taken back, and nothing is left", async () => {
  refuseSwapOf("visits");
  const error = await failing(await plan({}));
  expect(error).toMatchObject({
    code: "RESTORE_FAILED",
    message: expect.stringMatching(
      /^Not every table could be restored.*shop\.visits was not restored: .*ALTER privilege/,
    ),
  });
  expect(error.message).toContain("shop.orders was not restored: It was live and was taken back");
  expect(await rows()).toEqual(alike(bad));
  // What StarRocks refused to swap is left aside, and named.
  const [left, ...others] = (await names()).filter((name) => name.includes("__"));
  expect(error.message).toContain(`shop.${left}`);
  expect(others).toEqual([]);
  expect(await heldSlots(it.client)).toEqual([]);
});

test("nothing becomes live when one cannot be made ready, and named tables can be asked for so", async () => {
  it.starrocks.faults.add({
    match: / SWAP WITH /,
    times: Number.POSITIVE_INFINITY,
    error: { code: 1064, message: "there was a swap" },
  });
  const planned = await plan({ tables: everything, all_or_nothing: "yes" });
  it.starrocks.faults.add({
    match: /^RESTORE SNAPSHOT `shop`/,
    times: Number.POSITIVE_INFINITY,
    error: { code: 5064, message: "Table visits does not exist in snapshot" },
  });
  const error = await failing(planned);
  expect(error.message).toMatch(
    /^Not every table could be restored.*shop\.orders was not restored: .*snapshot/,
  );
  expect(await rows()).toEqual(alike(bad));
  expect(await names()).toEqual(["people", "orders", "visits"]);
});

test("named tables stand for themselves, and so does a group that is asked for so", async () => {
  refuseSwapOf("visits");
  const others = { "crm.people": saved, "shop.orders": saved, "shop.visits": bad };
  await failing(await plan({ tables: everything }));
  expect(await rows()).toEqual(others);
  await failing(await plan({ all_or_nothing: false }));
  expect(await rows()).toEqual(others);
});

test("a table that was gone is gone again", async () => {
  await it.client.run("DROP TABLE crm.people FORCE");
  refuseSwapOf("visits");
  await failing(await plan({}));
  expect((await names()).filter((name) => !name.includes("__"))).toEqual(["orders", "visits"]);
  expect(await numbers(it.client, "shop.orders")).toEqual(bad);
});

test("what is not to be kept is dropped when all are live, and not before", async () => {
  refuseSwapOf("visits");
  await failing(await plan({ keep_replaced: false }));
  expect(await rows()).toEqual(alike(bad));
  it.starrocks.faults.clear();
  await it.restore({ ...newest, keep_replaced: false });
  expect(await rows()).toEqual(alike(saved));
  expect((await names()).filter((name) => name.includes("__replaced_"))).toEqual([]);
});

test("what somebody has put in the place of a live table stays, and is named", async () => {
  it.starrocks.faults.add({
    match: /^ALTER TABLE .*`visits` SWAP WITH /,
    times: 1,
    before: async () => {
      await it.client.run("ALTER TABLE shop.orders RENAME orders_restored");
      await it.client.run("CREATE TABLE shop.orders LIKE shop.orders_restored");
    },
    error: { code: 5203, message: "Access denied; you need the ALTER privilege" },
  });
  const error = await failing(await plan({}));
  expect(error.message).toContain("shop.orders is live");
  expect(await numbers(it.client, "shop.orders")).toEqual([]);
  expect(await numbers(it.client, "crm.people")).toEqual(bad);
});

test("a cancel takes back what is live", async () => {
  let runId: unknown;
  it.starrocks.faults.add({
    match: /^ALTER TABLE .*`visits` SWAP WITH /,
    times: 1,
    before: async () => void succeeded(await it.call("cancel", { run_id: String(runId) })),
  });
  const { run_id = null, plan_hash = null } = await plan({});
  runId = run_id;
  succeeded(await it.call("restore", { run_id, plan_hash, approved: true }));
  await it.call("poll", { run_id, wait_seconds: 60 });
  await it.call("poll", { run_id, wait_seconds: 60 });
  expect(await rows()).toEqual(alike(bad));
});
