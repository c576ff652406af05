import { afterEach, beforeEach, expect, test } from "vitest";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
let label: string;

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.t"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    await client.run(
      `CREATE TABLE shop.t (k INT NOT NULL) PARTITION BY RANGE (k)
       (PARTITION a VALUES LESS THAN ("10"), PARTITION b VALUES LESS THAN ("20")) PROPERTIES ("replication_num" = "1")`,
    );
    await client.run("INSERT INTO shop.t VALUES (1), (11)");
  });
  label = String(firstSnapshot(await it.backUp({ group: "g", type: "full" }))["label"]);
  await it.client.run("INSERT INTO shop.t VALUES (2)");
  await it.backUp({ group: "g", type: "incremental" });
});
afterEach(() => it.close());

test.each([
  [
    "partitions",
    "DELETE FROM ops.backup_partitions WHERE partition_name = 'b'",
    "1 of 1 tables and 1 of 2 partitions",
  ],
  ["tables", "DELETE FROM ops.backup_tables", "0 of 1 tables and 2 of 2 partitions"],
])("a chain in which a manifest has lost %s is not restored", async (_, sql, there) => {
  await it.client.run(`${sql}${sql.includes("WHERE") ? " AND" : " WHERE"} label = '${label}'`);
  const said = failure(
    await it.call("restore_plan", { tables: ["shop.t"], target_time: "2099-01-01 00:00" }),
  );
  expect(said).toMatchObject({
    code: "MANIFEST_INCOMPLETE",
    message: `The manifest of backup ${label} is not whole: ${there} are there.`,
  });
});

test("nothing is compared with it: the next backup is a full, and says why", async () => {
  await it.client.run(`DELETE FROM ops.backup_partitions WHERE partition_name = 'b' AND label = '${label}'`);
  const plan = succeeded(await it.call("plan", { group: "g", type: "incremental", dry_run: true }));
  expect(plan["snapshots"]).toMatchObject([{ type: "full" }]);
  expect(plan["notes"]).toContainEqual(
    `shop: full, because the manifest of ${label} is not whole: 1 of 1 tables and 1 of 2 partitions are there.`,
  );
});
