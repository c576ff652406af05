import { afterEach, expect, test } from "vitest";
import { heldSlots } from "../support/catalog-rows.ts";
import { firstSnapshot } from "../support/outcomes.ts";
import { daily, numbers } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
afterEach(() => it.close());

test("several databases in one group are backed up by a snapshot each, at once, and restored as one", async () => {
  const names = ["shop", "my-db", "MyDB"];
  const groups = { g: names.map((name) => `${name}.*`) };
  it = await worldWithGroups(groups, async (client) => {
    for (const name of names) await daily(client, name, "Ünïcode Table");
  });
  const full = await it.backUp({ group: "g", type: "full" });
  expect(full["snapshots"]).toHaveLength(3);
  expect(await heldSlots(it.client)).toEqual([]);
  for (const name of names) await it.client.run(`TRUNCATE TABLE \`${name}\`.\`Ünïcode Table\``);
  const label = String(firstSnapshot(full)["label"]);
  expect((await it.restore({ target_label: label, group: "g" }))["restored"]).toHaveLength(3);
  for (const name of names)
    expect(await numbers(it.client, `\`${name}\`.\`Ünïcode Table\``)).toEqual([0, 1, 2, 3, 4]);
});

test("whatever a table is called, its changes are found and it comes back", async () => {
  const names = ["orders", "ORDERS", `it's "a" \\ b`, "100%_", "表 (1)", "x".repeat(200)];
  const quoted = names.map((name) => `shop.\`${name}\``);
  it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    for (const name of names) await daily(client, "shop", name);
  });
  await it.backUp({ group: "g", type: "full" });
  for (const table of quoted) await it.client.run(`INSERT INTO ${table} VALUES ('2025-01-02', 9)`);
  const incremental = firstSnapshot(await it.backUp({ group: "g", type: "incremental" }));
  expect(incremental["partitions"]).toBe(names.length);
  for (const table of quoted) await it.client.run(`TRUNCATE TABLE ${table}`);
  const restore = { target_label: String(incremental["label"]) };
  expect((await it.restore(restore))["restored"]).toHaveLength(names.length);
  for (const table of quoted) expect(await numbers(it.client, table)).toEqual([0, 1, 9, 2, 3, 4]);
});

test("what is not backed up is named with its reason, and does not fail the rest", async () => {
  it = await worldWithGroups({ g: ["shop.*", "shop.ghost", "nowhere.*"] }, async (client) => {
    await daily(client, "shop", "orders");
    await client.run("CREATE VIEW shop.v AS SELECT n FROM shop.orders");
    await client.run(`CREATE TABLE shop.empty (d DATE NOT NULL) DUPLICATE KEY (d) PARTITION BY date_trunc('day', d)
      DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  });
  const full = await it.backUp({ group: "g", type: "full" });
  expect(full["snapshots"]).toMatchObject([{ tables: 2, partitions: 5 }]);
  const skipped = Array.isArray(full["skipped"]) ? full["skipped"] : [];
  expect(skipped).toEqual(
    expect.arrayContaining([
      { object: "shop.v", reason: expect.stringContaining("view") },
      { object: "shop.ghost", reason: expect.stringContaining("does not exist") },
      { object: "nowhere.*", reason: expect.stringContaining("does not exist") },
      { object: "shop.empty", reason: expect.stringContaining("no partition yet") },
    ]),
  );
});
