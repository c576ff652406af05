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

/** What every step of a flow begins with: its time zone, the frontends, the catalog's version. */
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

const backup = (group: string, type: string) =>
  sent(async () => succeeded(await it.flow("backup", { group, type })));

test("a run takes a bounded number of statements, and not more for more tables", async () => {
  const counts = {
    full: await backup("small", "full"),
    large: await backup("large", "full"),
    incremental: 0,
    restore: 0,
  };
  for (const table of ["a", "b", "c"])
    await it.client.run(`INSERT INTO shop.${table} VALUES ('2025-01-02', 3)`);
  counts.incremental = await backup("small", "incremental");
  const input = { tables: ["shop.a"], target_time: "2099-01-01 00:00:00" };
  counts.restore = await sent(async () => succeeded(await it.flow("restore", input)));
  expect(counts.large).toBe(counts.full);
  // What they are now; they are to fall, not to rise.
  expect(counts.full).toBeLessThanOrEqual(70);
  expect(counts.incremental).toBeLessThanOrEqual(75);
  expect(counts.restore).toBeLessThanOrEqual(180);
});
