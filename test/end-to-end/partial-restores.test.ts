import { afterEach, beforeEach, expect, test } from "vitest";
import { failure, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
let run_id: string;
let approval: Readonly<Record<string, string | boolean>>;
const always = { times: Number.POSITIVE_INFINITY };

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    for (const name of ["a", "b", "c"]) {
      await client.run(`CREATE TABLE shop.${name} (n INT) PROPERTIES ("replication_num" = "1")`);
      await client.run(`INSERT INTO shop.${name} VALUES (1)`);
    }
  });
  await it.backUp({ group: "g", type: "full" });
  for (const name of ["a", "b", "c"]) await it.client.run(`INSERT INTO shop.${name} VALUES (2)`);
  const asked = { target_time: "2099-01-01 00:00", all_or_nothing: "no" };
  const plan = succeeded(await it.call("restore_plan", asked));
  run_id = String(plan["run_id"]);
  approval = { run_id, plan_hash: String(plan["plan_hash"]), approved: true };
});
afterEach(() => it.close());

async function count(table: string): Promise<number> {
  return (await it.client.rows(`SELECT n FROM shop.${table}`)).length;
}

async function carryOn(): Promise<void> {
  succeeded(await it.call("restore", approval));
  for (let done: unknown; done !== true; )
    done = succeeded(await it.call("poll", { run_id, wait_seconds: 60 }))["done"];
}

test.each([
  ["whose RESTORE is refused", /^RESTORE SNAPSHOT[\s\S]*`b`/],
  ["that cannot be put together", /^ALTER TABLE `shop`\.`b__r_\w+` RENAME/],
  ["that cannot be published", /^ALTER TABLE `shop`\.`b` SWAP/],
])("one table %s stops that table only, and each is told", async (_, match) => {
  it.starrocks.faults.add({ match, ...always, error: { code: 5064, message: "No such luck." } });
  await carryOn();
  expect([await count("a"), await count("b"), await count("c")]).toEqual([1, 2, 1]);
  const { code, message } = failure(await it.call("report", { run_id }));
  expect(code).toBe("RESTORE_FAILED");
  expect(message).toMatch(/^shop\.b was not restored: .*No such luck/);
  expect(message).toMatch(/ shop\.a is live; the replaced table is kept as a__replaced_\w+\./);
  expect(message).toMatch(/ shop\.c is live; the replaced table is kept as c__replaced_\w+\./);
});

test("a part that cannot be dropped does not stop cancel: the rest is done, and it is named", async () => {
  it.starrocks.faults.add({ match: / RENAME /, times: 1, drop: "before" });
  await it.starrocks.ticker.pause();
  succeeded(await it.call("restore", approval));
  it.starrocks.ticker.start();
  expect((await it.call("poll", { run_id, wait_seconds: 60 })).kind).toBe("failure");
  const match = /^DROP TABLE IF EXISTS `shop`\.`b__r_/;
  it.starrocks.faults.add({ match, ...always, error: { code: 5203, message: "Access denied" } });
  const cancelled = succeeded(await it.call("cancel", { run_id }));
  const names = await tableNames(it.client, "shop");
  expect(names).toEqual(["a", "b", expect.stringMatching(/^b__r_/), "c"]);
  expect(cancelled).toMatchObject({
    state: "CANCELLED",
    runs: [
      {
        tables: [
          { table: "shop.a", outcome: "untouched" },
          { table: "shop.b", outcome: "not-restored", reason: expect.stringContaining(`shop.${names[2]}`) },
          { table: "shop.c", outcome: "untouched" },
        ],
      },
    ],
  });
  expect(await count("b")).toBe(2);
});

test("a run that is cancelled between two tables says which is live", async () => {
  it.starrocks.faults.add({ match: /`b` SWAP WITH /, times: 1, drop: "before" });
  await it.starrocks.ticker.pause();
  succeeded(await it.call("restore", approval));
  it.starrocks.ticker.start();
  expect((await it.call("poll", { run_id, wait_seconds: 60 })).kind).toBe("failure");
  const cancelled = succeeded(await it.call("cancel", { run_id }));
  expect(cancelled["runs"]).toMatchObject([
    {
      tables: [
        { table: "shop.a", outcome: "live", replaced_kept_as: expect.stringMatching(/^a__replaced_/) },
        { table: "shop.b", outcome: "untouched" },
        { table: "shop.c", outcome: "untouched" },
      ],
    },
  ]);
  expect(cancelled["markdown"] ?? cancelled["html"]).toEqual(expect.stringContaining("is kept as"));
  expect([await count("a"), await count("b"), await count("c")]).toEqual([1, 2, 2]);
  const { code, message } = failure(await it.call("report", { run_id }));
  expect(code).toBe("CANCELLED");
  expect(message).toMatch(/ shop\.a is live; .* shop\.b was not restored and is untouched\./);
});
