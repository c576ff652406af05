import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../windmill/json.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

const newest = { target_time: "2099-01-01 00:00" };
const saved = [0, 1, 2, 3, 4];

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await daily(client, "shop", "orders");
    await daily(client, "shop", "visits");
  });
  await it.backUp({ group: "g", type: "full" });
});
afterEach(() => it.close());

async function restore(input: JsonObject): Promise<{ runId: string; kept: string[] }> {
  const result = await it.restore({ ...newest, ...input });
  const restored = result["restored"] as { replaced_kept_as: string }[];
  return { runId: String(result["run_id"]), kept: restored.map((each) => each.replaced_kept_as) };
}

const undo = (input: JsonObject) => it.undo(input);
const refusal = async (input: JsonObject) => failure(await it.call("undo_plan", input));
const names = () => tableNames(it.client, "shop");

test("truncate, restore, undo: what was live before is live again, the restored table is kept, and no slot is held", async () => {
  await it.client.run("TRUNCATE TABLE shop.orders");
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-03', 77)");
  const { runId, kept } = await restore({ tables: ["shop.orders"] });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-05', 50)");
  const plan = succeeded(await it.call("undo_plan", { run_id: runId, dry_run: true }));
  expect(plan).toMatchObject({
    status: "DRY_RUN",
    tables: [{ table: "shop.orders", kept_as: kept[0], rows_restored: 5, rows_now: 6, rows_back: 1 }],
  });
  expect(plan["html"]).toContain("somebody has written since");
  const result = await undo({ run_id: runId });
  expect(result).toMatchObject({ status: "FINISHED", restore: runId, undone: [{ table: "shop.orders" }] });
  expect(await numbers(it.client, "shop.orders")).toEqual([77]);
  expect(await numbers(it.client, `shop.${kept[0]}`)).toEqual([...saved, 50]);
  expect(await names()).toEqual(["orders", kept[0], "visits"]);
  expect(await heldSlots(it.client)).toEqual([]);
  expect(await refusal({ run_id: runId })).toMatchObject({
    code: "NOT_UNDOABLE",
    message: expect.stringContaining(`run ${result["run_id"]} has undone it`),
  });
  const { restored } = succeeded(await it.call("report", { run_id: runId, notes: [] }));
  expect(restored).toMatchObject([{ undo: { possible: false } }]);
});

test("partitions come back with one statement, and what was written to others stays", async () => {
  await it.client.run("TRUNCATE TABLE shop.orders PARTITION (p20250101, p20250102)");
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-02', 88)");
  const { runId, kept } = await restore({ tables: ["shop.orders"], partitions: ["2025-01-01..2025-01-02"] });
  expect(await numbers(it.client, "shop.orders")).toEqual(saved);
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-05', 50)");
  const result = await undo({ run_id: runId });
  expect(result).toMatchObject({ undone: [{ partitions: ["p20250101", "p20250102"], rows_back: 1 }] });
  expect(await numbers(it.client, "shop.orders")).toEqual([88, 2, 3, 4, 50]);
  expect(await names()).toEqual(["orders", kept[0], "visits"]);
});

test("partitions that were renamed since are not put back: what has their names may hold other rows", async () => {
  await it.client.run("TRUNCATE TABLE shop.orders PARTITION (p20250101)");
  const { runId } = await restore({ tables: ["shop.orders"], partitions: ["p20250101"] });
  const planned = succeeded(await it.call("undo_plan", { run_id: runId }));
  const rename = (from: string, to: string) =>
    it.client.run(`ALTER TABLE shop.orders RENAME PARTITION ${from} ${to}`);
  await rename("p20250101", "first");
  const gone = "partition p20250101 of orders was dropped or renamed since";
  expect((await refusal({ run_id: runId })).message).toContain(gone);
  await rename("p20250102", "p20250101");
  const other = "partition p20250101 of orders holds";
  expect((await refusal({ run_id: runId })).message).toContain(other);
  // Somebody has approved the plan from before.
  const { run_id = null, plan_hash = null } = planned;
  succeeded(await it.call("undo", { run_id, plan_hash, approved: true }));
  expect(failure(await it.call("report", { run_id, notes: [] })).message).toContain(other);
  expect(await numbers(it.client, "shop.orders")).toEqual(saved);
});

test("some of the tables of a restore are undone; the others can be later", async () => {
  for (const table of ["orders", "visits"]) await it.client.run(`TRUNCATE TABLE shop.${table}`);
  const { runId } = await restore({ group: "g" });
  await undo({ run_id: runId, tables: ["shop.visits"] });
  expect(await numbers(it.client, "shop.orders")).toEqual(saved);
  expect(await numbers(it.client, "shop.visits")).toEqual([]);
  const rest = await undo({ run_id: runId });
  expect(rest).toMatchObject({ undone: [{ table: "shop.orders" }], skipped: [{ object: "shop.visits" }] });
  expect(await numbers(it.client, "shop.orders")).toEqual([]);
});

test("what cannot be undone is refused by name, with its reason", async () => {
  await it.client.run("TRUNCATE TABLE shop.orders");
  const { runId, kept } = await restore({ tables: ["shop.orders"] });
  const says = async (reason: string) =>
    expect(await refusal({ run_id: runId, tables: ["shop.orders"] })).toMatchObject({
      code: "NOT_UNDOABLE",
      message: expect.stringContaining(reason),
    });
  expect(await refusal({ run_id: runId, tables: ["shop.visits"] })).toMatchObject({ code: "NOT_UNDOABLE" });
  expect(await refusal({ run_id: "restore_00000000" })).toMatchObject({ code: "UNKNOWN_RUN" });
  await it.client.run("ALTER TABLE shop.orders SWAP WITH visits");
  await says("another one was put there");
  await it.client.run("ALTER TABLE shop.orders SWAP WITH visits");
  await it.client.run("ALTER TABLE shop.orders RENAME elsewhere");
  await says("orders was dropped or renamed since");
  await it.client.run("ALTER TABLE shop.elsewhere RENAME orders");
  await it.client.run(`TRUNCATE TABLE shop.\`${kept[0]}\``);
  await says("does not hold any more what was replaced");
  await it.client.run(`DROP TABLE shop.\`${kept[0]}\` FORCE`);
  await says(`${kept[0]}, which was kept of it, was dropped or renamed`);
  await it.client.run(`CREATE TABLE shop.\`${kept[0]}\` LIKE shop.visits`);
  await says(`${kept[0]} is not the table any more that was kept of it`);
});

test("copies, tables that were gone and what was not kept are refused with what to do", async () => {
  const copy = await restore({ tables: ["shop.orders"], rename_to: "orders_then" });
  expect((await refusal({ run_id: copy.runId })).message).toContain("it is a copy");
  await it.client.run("DROP TABLE shop.orders FORCE");
  const gone = await restore({ tables: ["shop.orders"] });
  expect((await refusal({ run_id: gone.runId })).message).toContain("there was no table before");
  const unkept = await restore({ tables: ["shop.visits"], keep_replaced: false });
  expect((await refusal({ run_id: unkept.runId })).message).toContain("was not to be kept");
});

test("what changes after the approval stops the undo by name, and nothing is changed", async () => {
  await it.client.run("TRUNCATE TABLE shop.orders");
  const { runId, kept } = await restore({ tables: ["shop.orders"] });
  const { run_id = null, plan_hash = null } = succeeded(await it.call("undo_plan", { run_id: runId }));
  expect(failure(await it.call("undo", { run_id, plan_hash }))).toMatchObject({ code: "NOT_APPROVED" });
  await it.client.run(`DROP TABLE shop.\`${kept[0]}\` FORCE`);
  succeeded(await it.call("undo", { run_id, plan_hash, approved: true }));
  expect(failure(await it.call("report", { run_id, notes: [] }))).toMatchObject({
    code: "UNDO_FAILED",
    message: expect.stringContaining(`shop.orders was not undone: ${kept[0]} was dropped`),
  });
  expect(await numbers(it.client, "shop.orders")).toEqual(saved);
  expect(await heldSlots(it.client)).toEqual([]);
});

test("a worker that stands still before it begins swaps nothing when the undo was cancelled meanwhile", async () => {
  await it.client.run("TRUNCATE TABLE shop.orders");
  const { runId, kept } = await restore({ tables: ["shop.orders"] });
  const { run_id = null, plan_hash = null } = succeeded(await it.call("undo_plan", { run_id: runId }));
  it.starrocks.faults.add({
    match: new RegExp(`^ALTER TABLE .*${kept[0]}.* RENAME`),
    times: 1,
    async before() {
      succeeded(await it.call("cancel", { run_id }));
    },
  });
  await it.call("undo", { run_id, plan_hash, approved: true });
  expect(failure(await it.call("report", { run_id, notes: [] }))).toMatchObject({ code: "CANCELLED" });
  expect(await numbers(it.client, "shop.orders")).toEqual(saved);
  expect(await names()).toEqual(["orders", kept[0], "visits"]);
  expect(await heldSlots(it.client)).toEqual([]);
});

test("after an undo cleanup drops the restored table in its time, never what is live again", async () => {
  await it.client.run("TRUNCATE TABLE shop.orders");
  const { runId, kept } = await restore({ tables: ["shop.orders"], keep_replaced_for: "1h" });
  await undo({ run_id: runId });
  it.passSeconds(2 * 3600);
  const outcomes = async () =>
    (succeeded(await it.call("cleanup", {}))["tables"] as JsonObject[]).map((each) => each["outcome"]);
  expect(await outcomes()).toEqual(["kept"]);
  it.passSeconds(7 * 86_400);
  expect(await outcomes()).toEqual(["dropped"]);
  expect(await names()).toEqual(["orders", "visits"]);
  expect(await numbers(it.client, "shop.orders")).toEqual([]);
  expect(kept).toHaveLength(1);
});
