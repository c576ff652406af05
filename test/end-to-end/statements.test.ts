import { afterAll, beforeAll, expect, test } from "vitest";
import { succeeded } from "../support/outcomes.ts";
import { daily } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
beforeAll(async () => {
  it = await worldWithGroups({ small: ["shop.*"], large: ["big.*"] }, async (client) => {
    for (const table of ["a", "b", "c"]) await daily(client, "shop", table, 2);
    for (let table = 0; table < 30; table++) await daily(client, "big", `t${table}`, 2);
  });
});
afterAll(() => it.close());

/** What every session begins with: its time zone, the frontends, the catalog's version and the clock. */
const beginning = /^(SET time_zone|SHOW FRONTENDS|SELECT max\(`version`\))/;

/** Statements of a flow, those aside with which each of its sessions begins. */
async function sent(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const disarm = it.starrocks.faults.add({
    match: /^/,
    times: Number.POSITIVE_INFINITY,
    before: async (sql) => {
      if (!beginning.test(sql)) count++;
    },
  });
  await work();
  disarm();
  return count;
}

/** The fewest of some attempts: on a busy machine a job is looked at once more before it is over. */
async function fewest(attempt: () => Promise<number>): Promise<number> {
  return Math.min(await attempt(), await attempt(), await attempt());
}

const backup = (group: string, type: string) =>
  sent(async () => succeeded(await it.flow("backup", { group, type })));

test("a run takes a bounded number of statements, and not more for more tables", async () => {
  expect(await fewest(() => backup("small", "full"))).toBeLessThanOrEqual(45);
  expect(await fewest(() => backup("large", "full"))).toBeLessThanOrEqual(45);
  const incremental = async () => {
    for (const table of ["a", "b", "c"])
      await it.client.run(`INSERT INTO shop.${table} VALUES ('2025-01-02', 3)`);
    return await backup("small", "incremental");
  };
  expect(await fewest(incremental)).toBeLessThanOrEqual(40);
  const input = { tables: ["shop.a"], target_time: "2099-01-01 00:00:00" };
  const restore = () => sent(async () => succeeded(await it.flow("restore", input)));
  expect(await fewest(restore)).toBeLessThanOrEqual(70);
});
