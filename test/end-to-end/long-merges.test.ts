import { afterEach, beforeEach, expect, test } from "vitest";
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
    match: new RegExp(`^SET ${variable} = `),
    times: Number.POSITIVE_INFINITY,
    error: { code: 1193, state: "HY000", message: `Unknown system variable '${variable}'` },
  });
}

test("before 3.4 there is no timeout of loads to be raised", async () => {
  without("insert_timeout");
  expect((await restored())["restored"]).toMatchObject([{ strategy: "merge", rows: 3 }]);
});

test("a merge raises the timeouts of queries and loads before it puts rows in", async () => {
  const seen: string[] = [];
  it.starrocks.faults.add({
    match: /^(SET (query|insert)_timeout = |INSERT INTO `shop`)/,
    times: Number.POSITIVE_INFINITY,
    after: async (sql) => void seen.push(sql.split("__r_", 1)[0] ?? ""),
  });
  await restored();
  expect(seen).toEqual(["SET query_timeout = 86400", "SET insert_timeout = 86400", "INSERT INTO `shop`.`t"]);
});
