import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../windmill/json.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
let starrocks: JsonObject;

const user = "'br'@'%'";
const grants = [
  "REPOSITORY ON SYSTEM",
  "EXPORT, SELECT, INSERT, ALTER, DROP ON ALL TABLES IN DATABASE shop",
  "CREATE TABLE ON DATABASE shop",
  "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN DATABASE ops",
];

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, (client) => daily(client, "shop", "orders"));
  await it.client.run(`CREATE USER ${user} IDENTIFIED BY 'pw'`);
  for (const each of grants) await it.client.run(`GRANT ${each} TO USER ${user}`);
  starrocks = { ...it.resource, user: "br", password: "pw" };
});
afterEach(() => it.close());

const revoke = (what: string) => it.client.run(`REVOKE ${what} FROM USER ${user}`);
const grant = (what: string) => it.client.run(`GRANT ${what} TO USER ${user}`);
const newest = { target_time: "2099-01-01 00:00", tables: ["shop.orders"] };

test("the grants are enough for a backup and a restore", async () => {
  expect(await it.backUp({ starrocks, group: "g", type: "full" })).toMatchObject({
    notes: [expect.any(String)],
  });
  await it.client.run("TRUNCATE TABLE shop.orders");
  await it.restore({ starrocks, ...newest });
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});

test.each([
  ["REPOSITORY ON SYSTEM", "plan", "GRANT REPOSITORY ON SYSTEM"],
  ["DELETE ON ALL TABLES IN DATABASE ops", "plan", "GRANT DELETE ON ALL TABLES IN DATABASE `ops`"],
  ["CREATE TABLE ON DATABASE shop", "restore_plan", "GRANT CREATE TABLE ON DATABASE `shop`"],
  ["ALTER ON ALL TABLES IN DATABASE shop", "restore_plan", "GRANT ALTER ON ALL TABLES IN DATABASE `shop`"],
] as const)(
  "without %s the step %s says which GRANT is missing, and plans nothing",
  async (what, step, missing) => {
    await it.backUp({ group: "g", type: "full" });
    await revoke(what);
    const runs = async () => await it.client.rows("SELECT run_id FROM ops.runs");
    const before = await runs();
    const input = step === "plan" ? { group: "g", type: "full" } : newest;
    const error = failure(await it.call(step, { starrocks, ...input }));
    expect(error).toMatchObject({ code: "ACCESS_DENIED" });
    expect(error.next).toContain(`${missing} TO USER ${user};`);
    expect(await runs()).toEqual(before);
    await grant(what);
    succeeded(await it.call(step, { starrocks, ...input }));
  },
);

test("a lost database needs grants that go beyond it", async () => {
  await it.backUp({ starrocks, group: "g", type: "full" });
  await it.client.run("DROP DATABASE shop FORCE");
  const error = failure(await it.call("restore_plan", { starrocks, ...newest }));
  expect(error.next).toContain("GRANT CREATE DATABASE ON CATALOG default_catalog");
  expect(error.next).toContain("GRANT CREATE TABLE ON ALL DATABASES");
  expect(error.next).toContain("ON ALL TABLES IN ALL DATABASES");
});

test("what an active role gives counts, by another role too; what no role gives is named", async () => {
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("CREATE ROLE restorer, maker");
  await it.client.run("GRANT maker TO ROLE restorer");
  await it.client.run(`GRANT restorer TO USER ${user}`);
  await revoke("CREATE TABLE ON DATABASE shop");
  const plan = async () => await it.call("restore_plan", { starrocks, ...newest });
  expect(failure(await plan())).toMatchObject({
    code: "ACCESS_DENIED",
    next: `Let an administrator run: GRANT CREATE TABLE ON DATABASE \`shop\` TO USER ${user};`,
  });
  await it.client.run("GRANT CREATE TABLE ON ALL DATABASES TO ROLE maker");
  // A role that is not active gives nothing.
  expect(failure(await plan())).toMatchObject({ code: "ACCESS_DENIED" });
  await it.client.run(`SET DEFAULT ROLE restorer TO ${user}`);
  const { notes } = await it.restore({ starrocks, ...newest });
  expect(notes).not.toContainEqual(expect.stringContaining("the roles of"));
});

test("a user whose role is db_admin is asked for nothing", async () => {
  await it.backUp({ group: "g", type: "full" });
  await revoke("CREATE TABLE ON DATABASE shop");
  await it.client.run(`GRANT db_admin TO USER ${user}`);
  await it.client.run(`SET DEFAULT ROLE db_admin TO ${user}`);
  succeeded(await it.call("restore_plan", { starrocks, ...newest }));
});

/** A privilege that is taken away in the middle of a restore: the run can be ended, and nothing is left or lost. */
test.each([
  ["CREATE TABLE ON DATABASE shop"],
  ["REPOSITORY ON SYSTEM"],
  ["ALTER ON ALL TABLES IN DATABASE shop"],
  ["SELECT ON ALL TABLES IN DATABASE shop"],
  ["DROP ON ALL TABLES IN DATABASE shop"],
])("%s is taken away after the plan", async (what) => {
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 7)");
  const { run_id = null, plan_hash = null } = succeeded(
    await it.call("restore_plan", { starrocks, ...newest }),
  );
  await revoke(what);
  const restores: string[] = [];
  it.starrocks.faults.add({
    match: /^RESTORE /,
    times: Number.POSITIVE_INFINITY,
    after: async (sql) => void restores.push(sql),
  });
  await it.call("restore", { starrocks, run_id, plan_hash, approved: true });
  await it.call("poll", { starrocks, run_id, wait_seconds: 60 });
  // Whatever became of it, it can be ended by somebody who may do more, and then again by the user.
  succeeded(await it.call("cancel", { run_id }));
  expect(restores.length).toBeLessThan(2);
  const [run] = await it.client.rows("SELECT state FROM ops.runs WHERE operation = 'restore'");
  expect(["FAILED", "CANCELLED", "FINISHED"]).toContain(run?.["state"]);
  expect((await tableNames(it.client, "shop")).filter((name) => /__[rp]_/.test(name))).toEqual([]);
  expect(await heldSlots(it.client)).toEqual([]);
  await grant(what);
  await it.restore({ starrocks, ...newest });
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});
