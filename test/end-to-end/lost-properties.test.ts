import { afterEach, beforeEach, expect, test } from "vitest";
import type { Client } from "../support/client.ts";
import { firstSnapshot, succeeded } from "../support/outcomes.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

beforeEach(async () => {
  const setUp = async (client: Client) => {
    await client.run("CREATE DATABASE shop");
    for (const [table, more] of [
      ["t", ', "colocate_with" = "fellows"'],
      ["u", ', "bloom_filter_columns" = "n"'],
    ])
      await client.run(
        `CREATE TABLE shop.${table} (k INT NOT NULL, n INT) DUPLICATE KEY (k) COMMENT "what they say"
         PARTITION BY RANGE (k) (PARTITION a VALUES LESS THAN ("10"), PARTITION b VALUES LESS THAN ("20"))
         DISTRIBUTED BY HASH (k) BUCKETS 2 PROPERTIES ("replication_num" = "1"${more})`,
      );
    await client.run(`ALTER TABLE shop.u ADD PARTITION c VALUES LESS THAN ("30") ("replication_num" = "2")`);
    await client.run("INSERT INTO shop.t VALUES (1, 1)");
    await client.run("INSERT INTO shop.u VALUES (1, 1)");
  };
  it = await worldWithGroups({ g: ["shop.t", "shop.u"] }, setUp, { backends: 2 });
});
afterEach(() => it.close());

async function definition(table: string): Promise<string> {
  const [row] = await it.client.rows(`SHOW CREATE TABLE shop.${table}`);
  return String(row?.["Create Table"]);
}

test("a plan names what the restored tables will not have, and only that", async () => {
  const { label } = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
  const before = await definition("u");
  const plan = succeeded(await it.call("restore_plan", { target_label: String(label) }));
  expect(plan["tables"]).toMatchObject([
    {
      table: "shop.t",
      lost: [],
      affected: [
        {
          kind: "property",
          object: "colocate_with",
          said: "the table is put back into its colocation group fellows",
        },
      ],
    },
    { table: "shop.u", lost: ["Its partitions have 1 to 2 replicas now: each restored one gets 2."] },
  ]);
  expect(plan["description"]).toMatchObject({
    html: expect.stringContaining("put back into its colocation group fellows"),
  });
  await it.restore({ target_label: String(label) });
  expect(await definition("t")).toContain('"colocate_with" = "fellows"');
  expect(await definition("t")).toContain('COMMENT "what they say"');
  expect(await definition("u")).toBe(before.replace('"replication_num" = "1"', '"replication_num" = "2"'));
});

test("comments, bloom filters and media stay, also where parts are put together; a column's comment too", async () => {
  await it.client.run(
    `CREATE TABLE shop.v (k INT NOT NULL COMMENT "the key", n INT) DUPLICATE KEY (k) COMMENT "it's said"
     PARTITION BY RANGE (k) (PARTITION a VALUES LESS THAN ("10"), PARTITION b VALUES LESS THAN ("20"))
     DISTRIBUTED BY HASH (k) BUCKETS 2
     PROPERTIES ("replication_num" = "1", "bloom_filter_columns" = "n", "storage_medium" = "SSD", "compression" = "ZSTD")`,
  );
  succeeded(await it.call("inventory", { group: "g", add: ["shop.v"] }));
  await it.client.run("INSERT INTO shop.v VALUES (1, 1), (11, 2)");
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.v VALUES (12, 3)");
  const { label } = firstSnapshot(await it.backUp({ group: "g", type: "incremental" }));
  const before = await definition("v");
  const wanted = { target_label: String(label), tables: ["shop.v"] };
  const plan = succeeded(await it.call("restore_plan", wanted));
  expect(plan["tables"]).toMatchObject([{ strategy: "merge", lost: [] }]);
  await it.restore(wanted);
  expect(await definition("v")).toBe(before);
  expect(
    await it.client.rows(
      `SELECT PARTITION_NAME, STORAGE_MEDIUM FROM information_schema.partitions_meta
       WHERE DB_NAME = 'shop' AND TABLE_NAME = 'v' ORDER BY PARTITION_NAME`,
    ),
  ).toEqual([
    { PARTITION_NAME: "a", STORAGE_MEDIUM: "SSD" },
    { PARTITION_NAME: "b", STORAGE_MEDIUM: "SSD" },
  ]);
});
