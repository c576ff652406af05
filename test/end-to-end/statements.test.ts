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

/** On a busy machine a job is looked at once more before it is over, so some attempts may take more. */
async function expectAtMost(most: number, attempt: () => Promise<number>): Promise<void> {
  const counts: number[] = [];
  while (counts.length < 3 && !counts.some((count) => count <= most)) counts.push(await attempt());
  expect(Math.min(...counts)).toBeLessThanOrEqual(most);
}

const backup = (group: string, type: string) =>
  sent(async () => succeeded(await it.flow("backup", { group, type })));

test("a run takes a bounded number of statements, and not more for more tables", async () => {
  await expectAtMost(45, () => backup("small", "full"));
  await expectAtMost(45, () => backup("large", "full"));
  const incremental = async () => {
    for (const table of ["a", "b", "c"])
      await it.client.run(`INSERT INTO shop.${table} VALUES ('2025-01-02', 3)`);
    return await backup("small", "incremental");
  };
  await expectAtMost(40, incremental);
  const input = { tables: ["shop.a"], target_time: "2099-01-01 00:00:00" };
  const restore = () => sent(async () => succeeded(await it.flow("restore", input)));
  await expectAtMost(70, restore);
}, 300_000);

test("one job restores what a snapshot gives to all tables of a database", async () => {
  succeeded(await it.flow("backup", { group: "large", type: "full" }));
  let jobs = 0;
  const disarm = it.starrocks.faults.add({
    match: /^RESTORE /,
    times: Number.POSITIVE_INFINITY,
    before: async () => void jobs++,
  });
  const input = { group: "large", target_time: "2099-01-01 00:00:00", suffix: "_copy" };
  const { restored } = await it.restore(input);
  disarm();
  expect(restored).toHaveLength(30);
  expect(jobs).toBe(1);
}, 300_000);
