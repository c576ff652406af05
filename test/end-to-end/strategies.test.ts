import { afterAll, beforeAll, expect, test } from "vitest";
import { checksums, differences } from "../../local/walkthrough/checksums.ts";
import { business, openShop } from "../../local/walkthrough/shop.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import { firstSnapshot, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

const tables = ["orders", "payments", "customers", "daily_metrics", "user_sessions"];
const group = "all";
/** The catalog's database may have another name than `ops`, which nothing here creates. */
const opsDatabase = "backup_catalog";
let it: World;
let label: string;
let expected: Awaited<ReturnType<typeof checksums>>;

beforeAll(async () => {
  it = await worldWithGroups({ [group]: ["sales_db.*"] }, openShop, { opsDatabase });
  await it.backUp({ group, type: "full" });
  for (const { sql } of business) await it.client.run(sql);
  await it.client.run(
    "INSERT INTO sales_db.user_sessions VALUES (9001, '2025-01-02 10:00:00', '/new'), (9002, '2025-03-01 10:00:00', NULL)",
  );
  await it.client.run("INSERT INTO sales_db.daily_metrics VALUES ('2025-02-03', 'visits', 1000)");
  label = String(firstSnapshot(succeeded(await it.flow("backup", { group, type: "incremental" })))["label"]);
  expected = await checksums(it.client, tables);
});

afterAll(() => it.close());

async function restoredEquals(
  input: Readonly<Record<string, string | readonly string[]>>,
): Promise<readonly unknown[]> {
  const result = await it.restore(input);
  expect(differences(expected, await checksums(it.client, tables))).toEqual([]);
  expect(await heldSlots(it.client, opsDatabase)).toEqual([]);
  const leftovers = (await tableNames(it.client, "sales_db")).filter((name) => /__[rp]_/.test(name));
  expect(leftovers).toEqual([]);
  return Array.isArray(result["restored"]) ? result["restored"] : [];
}

test("a list-partitioned table, whose partitions RESTORE cannot add to an existing table", async () => {
  await it.client.run("DELETE FROM sales_db.payments WHERE method = 'card'");
  const restored = await restoredEquals({ target_label: label, tables: ["sales_db.payments"] });
  expect(restored).toMatchObject([
    { table: "sales_db.payments", strategy: "merge", partitions: 3, rows: 901 },
  ]);
});

test("an unpartitioned table comes from one snapshot", async () => {
  await it.client.run("UPDATE sales_db.customers SET name = 'gone' WHERE customer_id >= 0");
  const restored = await restoredEquals({ target_label: label, tables: ["sales_db.customers"] });
  expect(restored).toMatchObject([{ table: "sales_db.customers", strategy: "alias", rows: 97 }]);
});

test("automatic partitions, of which one is new, one changed and the others are the full's; later loads make new ones", async () => {
  await it.client.run("TRUNCATE TABLE sales_db.user_sessions");
  const restored = await restoredEquals({ target_label: label, tables: ["sales_db.user_sessions"] });
  expect(restored).toMatchObject([{ strategy: "merge", partitions: 31, rows: 602 }]);
  await it.client.run("INSERT INTO sales_db.user_sessions VALUES (1, '2030-01-01 00:00:00', 'x')");
  await it.client.run("ALTER TABLE sales_db.user_sessions DROP PARTITION p20300101");
});

test("an aggregate table is merged without being aggregated twice", async () => {
  await it.client.run("TRUNCATE TABLE sales_db.daily_metrics");
  await restoredEquals({ target_label: label, tables: ["sales_db.daily_metrics"] });
});

test("a table that was dropped is brought back under its own name", async () => {
  await it.client.run("DROP TABLE sales_db.orders FORCE");
  const restored = await restoredEquals({ target_label: label, tables: ["sales_db.orders"] });
  expect(restored).toMatchObject([{ table: "sales_db.orders", replaced_kept_as: null }]);
});

test("a whole database that was dropped is brought back", async () => {
  await it.client.run("DROP DATABASE sales_db FORCE");
  const restored = await restoredEquals({ target_label: label });
  expect(restored).toHaveLength(5);
});

test("a time means the state at that time: the full's, before the business went on", async () => {
  const [full] = await it.client.rows(
    `SELECT cut_to FROM ${opsDatabase}.backup_history WHERE backup_type = 'full'`,
  );
  const result = await it.restore({ target_time: String(full?.["cut_to"]), tables: ["sales_db.orders"] });
  expect(result["restored"]).toMatchObject([{ strategy: "alias", partitions: 365, rows: 9125 }]);
  const partitions = await checksums(it.client, ["orders"]);
  expect(partitions.has("orders.p20250101")).toBe(true);
  expect(partitions.has("orders.p20260101")).toBe(false);
});

test("an automatic partition that was emptied beside one that changed", async () => {
  await it.client.run("CREATE DATABASE visits_db");
  await it.client.run(`CREATE TABLE visits_db.visits (id BIGINT NOT NULL, country VARCHAR(10) NOT NULL)
    DUPLICATE KEY (id, country) PARTITION BY (country) DISTRIBUTED BY HASH (id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await it.client.run("INSERT INTO visits_db.visits VALUES (1, 'at'), (2, 'be'), (3, 'ch')");
  succeeded(await it.call("inventory", { group: "visits", add: ["visits_db.visits"] }));
  await it.backUp({ group: "visits", type: "full" });
  await it.client.run("TRUNCATE TABLE visits_db.visits PARTITION (pat)");
  await it.client.run("INSERT INTO visits_db.visits VALUES (4, 'be')");
  const { label: emptied } = firstSnapshot(await it.backUp({ group: "visits", type: "incremental" }));
  await it.client.run("TRUNCATE TABLE visits_db.visits");
  await it.restore({ target_label: String(emptied) });
  const rows = "SELECT id, country FROM visits_db.visits ORDER BY id";
  expect(await it.client.rows(rows)).toEqual([
    { id: "2", country: "be" },
    { id: "3", country: "ch" },
    { id: "4", country: "be" },
  ]);
});
