import { afterEach, beforeEach, expect, test } from "vitest";
import { firstSnapshot } from "../support/outcomes.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.t"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    await client.run(
      `CREATE TABLE shop.t (k INT NOT NULL) PARTITION BY RANGE (k)
       (PARTITION a VALUES LESS THAN ("10"), PARTITION b VALUES LESS THAN ("20")) PROPERTIES ("replication_num" = "1")`,
    );
    await client.run("INSERT INTO shop.t VALUES (1), (11)");
  });
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.t VALUES (2)");
  await it.backUp({ group: "g", type: "incremental" });
  await it.client.run("TRUNCATE TABLE shop.t");
});
afterEach(() => it.close());

const restored = () => it.restore({ tables: ["shop.t"], target_time: "2099-01-01 00:00" });

/** Answers the next statement that sets a variable as a server that does not know it. */
function without(variable: string): void {
  it.starrocks.faults.add({
    match: new RegExp(`^SET .*\\b${variable} = `),
    times: Number.POSITIVE_INFINITY,
    error: { code: 1193, state: "HY000", message: `Unknown system variable '${variable}'` },
  });
}

test("before 3.4 there is no timeout of loads to be raised", async () => {
  without("insert_timeout");
  expect((await restored())["restored"]).toMatchObject([{ strategy: "merge", rows: 3 }]);
});

/** The beginnings of long statements and of those that give them time, as they come. */
async function longStatementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const seen: string[] = [];
  it.starrocks.faults.add({
    match: /^(SET (query|insert)_timeout = |INSERT (INTO|OVERWRITE) `shop`|SELECT (0 AS counted, )?count)/,
    times: Number.POSITIVE_INFINITY,
    after: async (sql) => void seen.push(/^SET.*|^SELECT(?= .*count)|^[A-Z]+ \w+/.exec(sql)?.[0] ?? ""),
  });
  await work();
  return seen.filter((each, index) => each !== seen[index - 1]);
}

const time = ["SET query_timeout = 86400, insert_timeout = 86400"];

test("a merge raises the timeouts of queries and loads before it counts or puts rows in", async () => {
  expect(await longStatementsOf(restored)).toEqual([...time, "SELECT", "INSERT INTO", "SELECT"]);
});

test("and so does a restore that rewrites a partition, or only counts", async () => {
  it.starrocks.cluster.knobs.nextVersionGap = 1;
  const { label } = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
  it.starrocks.cluster.knobs.nextVersionGap = 0;
  const restore = () => it.restore({ target_label: String(label) });
  expect(await longStatementsOf(restore)).toEqual([...time, "INSERT OVERWRITE", "SELECT"]);
});
