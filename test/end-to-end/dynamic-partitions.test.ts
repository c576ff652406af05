import { afterEach, beforeEach, expect, test } from "vitest";
import type { Row } from "../support/client.ts";
import { setToNoon } from "../support/noon.ts";
import { failure } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

const day = 86_400;
let it: World;
let today: string;

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.visits"] }, async (client) => {
    today = await setToNoon(client);
    await client.run("CREATE DATABASE shop");
    await client.run(
      `CREATE TABLE shop.visits (day DATE NOT NULL, n INT) DUPLICATE KEY (day) PARTITION BY RANGE (day) ()
       DISTRIBUTED BY HASH (day) BUCKETS 1
       PROPERTIES ("replication_num" = "1", "dynamic_partition.enable" = "true", "dynamic_partition.time_unit" = "DAY",
         "dynamic_partition.start" = "-3", "dynamic_partition.end" = "1", "dynamic_partition.history_partition_num" = "3")`,
    );
    for (const ago of [3, 2, 1, 0])
      await client.run(`INSERT INTO shop.visits VALUES ('${dayAgo(ago)}', ${ago})`);
  });
});
afterEach(() => it.close());

function dayAgo(days: number): string {
  return new Date(Date.parse(today) - days * day * 1000).toISOString().slice(0, 10);
}

const rows = (): Promise<Row[]> => it.client.rows("SELECT n FROM shop.visits ORDER BY n");
const all = [{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }];

async function isDynamic(): Promise<boolean> {
  const [row] = await it.client.rows(
    "SELECT PROPERTIES AS p FROM information_schema.tables_config WHERE TABLE_NAME = 'visits'",
  );
  return String(row?.["p"]).includes('"dynamic_partition.enable":"true"');
}

/** Lets the scheduler of partitions make a pass. */
async function pass(seconds = 601): Promise<void> {
  it.passSeconds(seconds);
  await it.ticks(1);
}

test("a backup of ten days ago comes back with all its rows, and its schedule stays off", async () => {
  await it.backUp({ group: "g", type: "full" });
  await pass(10 * day);
  expect(await rows()).toEqual([]);
  const result = await it.restore({ tables: ["shop.visits"], target_time: `${dayAgo(-1)} 00:00` });
  expect(await rows()).toEqual(all);
  expect(await isDynamic()).toBe(false);
  expect(result["restored"]).toMatchObject([
    {
      table: "shop.visits",
      notices: [
        expect.stringMatching(/^dynamic_partition\.enable left off: it would drop \d restored partitions/),
      ],
    },
  ]);
  await pass();
  expect(await rows()).toEqual(all);
});

test("a merge of what lies within the window is scheduled again", async () => {
  await it.backUp({ group: "g", type: "full" });
  await it.client.run(`INSERT INTO shop.visits VALUES ('${dayAgo(1)}', 10)`);
  await it.backUp({ group: "g", type: "incremental" });
  await it.client.run("TRUNCATE TABLE shop.visits");
  const result = await it.restore({ tables: ["shop.visits"], target_time: `${dayAgo(-1)} 00:00` });
  expect(await rows()).toEqual([...all, { n: 10 }]);
  expect(result["restored"]).toMatchObject([{ strategy: "merge", notices: [] }]);
  expect(await isDynamic()).toBe(true);
  await pass();
  expect(await rows()).toEqual([...all, { n: 10 }]);
});

test("partitions that are dropped before that can be switched off are restored once more", async () => {
  await it.backUp({ group: "g", type: "full" });
  await pass(10 * day);
  let passes = 0;
  const schedule = (count: number) => {
    // A pass right after a restore has ended.
    it.starrocks.cluster.knobs.failStep = (job) => {
      if (job.kind !== "restore" || job.state !== "COMMITTING" || passes >= count) return;
      passes += 1;
      setTimeout(() => it.passSeconds(601), 0);
    };
  };
  schedule(1);
  await it.restore({ tables: ["shop.visits"], target_time: `${dayAgo(-1)} 00:00` });
  expect(await rows()).toEqual(all);
  expect(await it.client.rows("SELECT repeat_count AS n FROM ops.restore_history")).toEqual([{ n: 1 }]);
});

test("a schedule that is always faster fails the restore, and leaves the live table alone", async () => {
  await it.backUp({ group: "g", type: "full" });
  await pass(10 * day);
  await it.client.run(`ADMIN SET FRONTEND CONFIG ("dynamic_partition_check_interval_seconds" = "0")`);
  const said = failure(
    await it.flow("restore", { tables: ["shop.visits"], target_time: `${dayAgo(-1)} 00:00` }),
  );
  expect(said.message).toMatch(/StarRocks dropped \d partitions of shop\.visits/);
  expect(await tableNames(it.client, "shop")).toEqual(["visits"]);
  expect(await isDynamic()).toBe(true);
});
