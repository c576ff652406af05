import { afterEach, beforeEach, expect, test } from "vitest";
import { SqlError } from "../../local/starrocks/basics/errors.ts";
import type { JsonObject } from "../../windmill/json.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

const newest = { target_time: "2099-01-01 00:00" };
const hour = 3600;
const one = 'PROPERTIES ("replication_num" = "1")';

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await daily(client, "shop", "orders");
    await daily(client, "shop", "visits");
  });
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("TRUNCATE TABLE shop.orders");
});
afterEach(() => it.close());

/** Restores the orders; gives the name under which the replaced table is kept, and the mark of the run. */
async function restored(input: JsonObject = {}): Promise<{ kept: string; mark: string; runId: string }> {
  const result = await it.restore({ ...newest, tables: ["shop.orders"], ...input });
  const [{ replaced_kept_as: kept } = { replaced_kept_as: "" }] = result["restored"] as {
    replaced_kept_as: string;
  }[];
  const runId = String(result["run_id"]);
  return { kept, mark: runId.slice(-8), runId };
}

async function cleanUp(input: JsonObject = {}) {
  const { tables, not_found } = succeeded(await it.call("cleanup", input));
  const listed = tables as Record<string, unknown>[];
  return { listed, not_found, of: (table: string) => listed.find((each) => each["table"] === table) };
}

async function make(table: string): Promise<void> {
  await it.client.run(
    `CREATE TABLE shop.\`${table}\` (n INT) DUPLICATE KEY (n) DISTRIBUTED BY HASH (n) BUCKETS 1 ${one}`,
  );
  await it.client.run(`INSERT INTO shop.\`${table}\` VALUES (1)`);
}

const names = () => tableNames(it.client, "shop");

test("a replaced table is listed while it is kept, and dropped when its time is over; the live one stays", async () => {
  const { kept, runId } = await restored({ keep_replaced_for: "12h" });
  const before = await cleanUp({});
  expect(before.listed).toMatchObject([
    {
      table: `shop.${kept}`,
      what: "replaced",
      of: "shop.orders",
      run_id: runId,
      outcome: "kept",
      reason: null,
    },
  ]);
  expect(before.listed[0]?.["keep_until"]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  it.passSeconds(11 * hour);
  expect((await cleanUp()).of(`shop.${kept}`)).toMatchObject({ outcome: "kept" });
  it.passSeconds(2 * hour);
  expect((await cleanUp({ dry_run: true })).of(`shop.${kept}`)).toMatchObject({ outcome: "due" });
  expect(await names()).toContain(kept);
  expect((await cleanUp()).of(`shop.${kept}`)).toMatchObject({ outcome: "dropped" });
  expect(await names()).toEqual(["orders", "visits"]);
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
  expect((await cleanUp()).listed).toEqual([]);
});

test("seven days are the default, and what replaced partitions held goes as well", async () => {
  const { kept } = await restored({ partitions: ["2025-01-01..2025-01-02"] });
  it.passSeconds(7 * 24 * hour - 600);
  expect((await cleanUp()).of(`shop.${kept}`)).toMatchObject({ what: "copy", outcome: "kept" });
  it.passSeconds(1200);
  expect((await cleanUp()).of(`shop.${kept}`)).toMatchObject({ outcome: "dropped" });
  expect(await names()).toEqual(["orders", "visits"]);
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1]);
});

test("named tables go before their time, others stay; a run narrows the list", async () => {
  const first = await restored();
  await it.client.run("TRUNCATE TABLE shop.orders");
  const second = await restored();
  expect((await cleanUp({ run_id: first.runId })).listed).toHaveLength(1);
  const result = await cleanUp({ tables: [`shop.${first.kept}`, "shop.orders", "shop.nothing"] });
  expect(result.of(`shop.${first.kept}`)).toMatchObject({ outcome: "dropped" });
  expect(result.of(`shop.${second.kept}`)).toMatchObject({ outcome: "kept" });
  expect(result.not_found).toEqual(["shop.orders", "shop.nothing"]);
  expect(await names()).toEqual(["orders", second.kept, "visits"]);
});

test("a stranger's table is never touched, whatever it is called, when its time is over, and when it is named", async () => {
  const unknown = "orders__replaced_20250101_deadbeef";
  await make(unknown);
  const { kept, mark } = await restored({ keep_replaced_for: "1h" });
  // Under the very name of the kept table, once that is gone.
  await it.client.run(`DROP TABLE shop.\`${kept}\` FORCE`);
  await make(kept);
  const other = `visits__r_${mark}_0`;
  await make(other);
  it.passSeconds(30 * 24 * hour);
  for (const input of [{}, { tables: [unknown, kept, other].map((name) => `shop.${name}`) }]) {
    const result = await cleanUp(input);
    expect(result.of(`shop.${unknown}`)).toMatchObject({
      what: "untouched",
      outcome: "kept",
      reason: "no restore of this catalog has made it",
    });
    expect(result.of(`shop.${kept}`)).toMatchObject({ what: "untouched", outcome: "kept" });
    expect(result.of(`shop.${other}`)).toMatchObject({
      what: "untouched",
      reason: "its restore has made no table of that name",
    });
  }
  expect(await names()).toEqual(expect.arrayContaining([unknown, kept, other, "orders", "visits"]));
});

test("what was there before a restore was planned is not its own, even under the name of a part", async () => {
  const { run_id = null, plan_hash = null } = succeeded(
    await it.call("restore_plan", { ...newest, tables: ["shop.orders"] }),
  );
  const mark = String(run_id).slice(-8);
  await it.client.run(`ALTER TABLE shop.visits RENAME orders__p_${mark}_0badcafe`);
  succeeded(await it.call("cancel", { run_id }));
  it.passSeconds(30 * 24 * hour);
  expect((await cleanUp()).of(`shop.orders__p_${mark}_0badcafe`)).toMatchObject({
    what: "untouched",
    reason: "it was there before the restore was planned: it is not its own",
  });
  expect(plan_hash).not.toBeNull();
  expect(await numbers(it.client, `shop.orders__p_${mark}_0badcafe`)).toEqual([0, 1, 2, 3, 4]);
});

test("what a restore has left goes a week after its end, never while it is open", async () => {
  const { run_id = null } = succeeded(await it.call("restore_plan", { ...newest, tables: ["shop.orders"] }));
  const part = `orders__r_${String(run_id).slice(-8)}_0`;
  await make(part);
  it.passSeconds(8 * 24 * hour);
  const named = { tables: [`shop.${part}`] };
  expect((await cleanUp(named)).of(`shop.${part}`)).toMatchObject({
    what: "untouched",
    reason: "its restore is not over",
  });
  succeeded(await it.call("cancel", { run_id }));
  // Cancelling has dropped it; a step that stood still may bring it back.
  await make(part);
  expect((await cleanUp()).of(`shop.${part}`)).toMatchObject({ what: "temporary", outcome: "kept" });
  it.passSeconds(8 * 24 * hour);
  expect((await cleanUp()).of(`shop.${part}`)).toMatchObject({ outcome: "dropped" });
  expect(await names()).toEqual(["orders", "visits"]);
});

test("a run whose plan was changed in the catalog drops nothing", async () => {
  const { kept, runId } = await restored({ keep_replaced_for: "1h" });
  await it.client.run(`UPDATE ops.runs SET plan_hash = 'edited' WHERE run_id = '${runId}'`);
  it.passSeconds(2 * hour);
  expect((await cleanUp()).of(`shop.${kept}`)).toMatchObject({
    reason: "the plan of its restore was changed in the catalog",
  });
  expect(await names()).toContain(kept);
});

test("a table that cannot be dropped is named with its reason and keeps its name", async () => {
  const { kept } = await restored({ keep_replaced_for: "1h" });
  it.passSeconds(2 * hour);
  it.starrocks.faults.add({
    match: /^DROP TABLE/,
    times: 1,
    async before() {
      throw new SqlError("the drop is refused");
    },
  });
  const refused = (await cleanUp()).of(`shop.${kept}`);
  expect(refused).toMatchObject({ outcome: "failed" });
  expect(refused?.["reason"]).toMatch(/the drop is refused/);
  expect(await names()).toEqual(["orders", kept, "visits"]);
  expect((await cleanUp()).of(`shop.${kept}`)).toMatchObject({ outcome: "dropped" });
  expect(await names()).toEqual(["orders", "visits"]);
});

test("a table that is swapped away between the look and the drop stays", async () => {
  const { kept } = await restored({ keep_replaced_for: "1h" });
  it.passSeconds(2 * hour);
  it.starrocks.faults.add({
    match: new RegExp(`^ALTER TABLE .*${kept}.* RENAME`),
    times: 1,
    async before() {
      await it.client.run(`ALTER TABLE shop.visits SWAP WITH \`${kept}\``);
    },
  });
  expect((await cleanUp()).of(`shop.${kept}`)).toMatchObject({
    outcome: "failed",
    reason: "another table has come to its name meanwhile",
  });
  expect(await names()).toEqual(["orders", kept, "visits"]);
  expect(await numbers(it.client, `shop.\`${kept}\``)).toEqual([0, 1, 2, 3, 4]);
});

test("names that no form has are refused at the door", async () => {
  for (const input of [{ run_id: "orders" }, { tables: ["orders"] }, { given: ["tabels"] }])
    expect(failure(await it.call("cleanup", input))).toMatchObject({ code: "INVALID_INPUT" });
});
