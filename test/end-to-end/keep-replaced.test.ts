import { afterEach, beforeEach, expect, test } from "vitest";
import { secondsBetween } from "../../lib/instants.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, (client) => daily(client, "shop", "orders"));
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-02', 99)");
});
afterEach(() => it.close());

const asked = { target_time: "2099-01-01 00:00", tables: ["shop.orders"] };

interface Restored {
  readonly replaced_kept_as: string | null;
  readonly undo: {
    readonly possible: boolean;
    readonly until: string | null;
    readonly reason: string | null;
  };
  readonly notices: readonly string[];
}

async function restore(input: Readonly<Record<string, boolean | string | string[]>>): Promise<Restored> {
  const { restored } = (await it.restore({ ...asked, ...input })) as unknown as { restored: Restored[] };
  const [only] = restored;
  if (only === undefined) throw new Error("nothing was restored");
  return only;
}

async function others(): Promise<readonly string[]> {
  return (await tableNames(it.client, "shop")).filter((name) => name !== "orders");
}

test.each([
  [undefined, 7 * 86_400],
  ["12h", 12 * 3600],
])("what is replaced is kept for %s, and the result says until when", async (keep_replaced_for, seconds) => {
  const { replaced_kept_as, undo } = await restore({ ...(keep_replaced_for && { keep_replaced_for }) });
  expect(await others()).toEqual([replaced_kept_as]);
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
  expect(await numbers(it.client, `shop.${replaced_kept_as}`)).toEqual([0, 1, 99, 2, 3, 4]);
  const [row] = await it.client.rows(
    "SELECT finished_at, kept_until, restored_table_id, kept_table_id FROM ops.restore_history",
  );
  expect(undo).toEqual({ possible: true, until: row?.["kept_until"], reason: null });
  const kept = secondsBetween(String(row?.["finished_at"]), String(row?.["kept_until"]));
  expect(Math.abs(kept - seconds)).toBeLessThanOrEqual(3);
  const ids = await it.client.rows(
    "SELECT TABLE_NAME AS name, TABLE_ID AS id FROM information_schema.tables_config WHERE TABLE_SCHEMA = 'shop' ORDER BY name",
  );
  expect(ids).toEqual([
    { name: "orders", id: row?.["restored_table_id"] },
    { name: replaced_kept_as, id: row?.["kept_table_id"] },
  ]);
});

test("what is not to be kept is dropped once the restored table is live, and the plan says so", async () => {
  const plan = succeeded(await it.call("restore_plan", { ...asked, keep_replaced: false, dry_run: true }));
  expect(plan).toMatchObject({ keep_replaced_seconds: 0, tables: [{ replaces: { kept_as: null } }] });
  expect(plan["html"]).toMatch(/dropped as soon as the restored table is live and checked/);
  const result = await restore({ keep_replaced: false });
  expect(result).toMatchObject({ replaced_kept_as: null, notices: [] });
  expect(result.undo).toEqual({
    possible: false,
    until: null,
    reason: "what was replaced was not to be kept",
  });
  expect(await others()).toEqual([]);
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});

test("single partitions are not copied before they are replaced when that is not to be kept", async () => {
  const result = await restore({ partitions: ["2025-01-02..2025-01-02"], keep_replaced: false });
  expect(result).toMatchObject({ replaced_kept_as: null, undo: { possible: false } });
  expect(await others()).toEqual([]);
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});

test("a replaced table that is not the one that was to be replaced is kept all the same, and that is said", async () => {
  it.starrocks.faults.add({
    match: / SWAP WITH /,
    times: 1,
    before: async () => void (await it.client.run("TRUNCATE TABLE shop.orders")),
  });
  const { replaced_kept_as, notices } = await restore({ keep_replaced: false });
  expect(await others()).toEqual([replaced_kept_as]);
  expect(notices).toEqual([expect.stringMatching(/^orders__replaced_\w+ was to be dropped and is kept: /)]);
});

test("a replaced table that cannot be dropped is kept, and that is said", async () => {
  const match = /^DROP TABLE `shop`\.`orders__p_/;
  const error = { code: 5203, message: "Access denied; you need the DROP privilege" };
  it.starrocks.faults.add({ match, times: Number.POSITIVE_INFINITY, error });
  const { replaced_kept_as, notices, undo } = await restore({ keep_replaced: false });
  expect(await others()).toEqual([replaced_kept_as]);
  expect(undo.possible).toBe(true);
  expect(notices).toEqual([expect.stringMatching(/ is kept: .*Access denied/)]);
});

test("a copy has replaced nothing, and a table that was gone neither", async () => {
  const copy = await restore({ rename_to: "before" });
  expect(copy.undo).toMatchObject({ possible: false, reason: expect.stringMatching(/^it is a copy/) });
  await it.client.run("DROP TABLE shop.orders FORCE");
  const gone = await restore({});
  expect(gone.undo).toMatchObject({ possible: false, reason: expect.stringMatching(/^there was no table/) });
});

test("a keep time that is none is refused", async () => {
  expect(failure(await it.call("restore_plan", { ...asked, keep_replaced_for: "a week" }))).toMatchObject({
    code: "INVALID_INPUT",
    message: "The input is not usable: Keep it for: write a number of hours or days, such as 12h or 7d.",
  });
});
