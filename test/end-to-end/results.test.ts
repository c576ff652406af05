import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../build/json.ts";
import type { Client } from "../../local/walkthrough/client.ts";
import {
  failure,
  firstSnapshot,
  heldSlots,
  succeeded,
  tableNames,
  type World,
  worldWithGroups,
} from "./world.ts";

/*
 * What the flows and scripts say of what they did, beside the usual.
 */

let it: World;

async function orders(client: Client): Promise<void> {
  await client.run("CREATE DATABASE shop");
  await client.run(`CREATE TABLE shop.orders (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-01-04") EVERY (INTERVAL 1 DAY))
    DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 1), ('2025-01-02', 2), ('2025-01-03', 3)");
}

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, orders);
});
afterEach(() => it.close());

async function backup(type: "full" | "incremental"): Promise<JsonObject> {
  return succeeded(await it.flow("backup", { group: "g", type }));
}

async function fullLabel(): Promise<string> {
  return String(firstSnapshot(await backup("full"))["label"]);
}

test("removing what is not in a group is named", async () => {
  succeeded(await it.script("inventory", { group: "wide", add: ["shop.*"] }));
  const change = { group: "g", remove: ["shop.orders", "shop.order"] };
  const result = succeeded(await it.script("inventory", change));
  expect(result).toMatchObject({
    entries: [],
    not_found: [{ object: "shop.order", reason: "is no entry of group g" }],
  });
  const covered = succeeded(await it.script("inventory", { group: "wide", remove: ["shop.orders"] }));
  expect(covered).toMatchObject({
    entries: [{ group: "wide", table: "shop.*" }],
    not_found: [{ object: "shop.orders", reason: expect.stringContaining("shop.*") }],
  });
  const swept = succeeded(await it.script("inventory", { group: "wide", remove: ["shop.*"] }));
  expect(swept["not_found"]).toEqual([]);
});

test("a failure ends with one full stop, whoever wrote its reason", async () => {
  it.starrocks.faults.add({
    match: /^BACKUP SNAPSHOT/,
    error: { code: 5064, message: "The repository is full." },
  });
  expect(failure(await it.flow("backup", { group: "g", type: "full" })).message).toMatch(/ full\.$/);
  const target_label = await fullLabel();
  it.starrocks.faults.add({
    match: /^RESTORE SNAPSHOT/,
    error: { code: 5064, message: "The repository is full." },
  });
  expect(failure(await it.flow("restore", { target_label })).message).toMatch(/ full\.$/);
});

test.each([
  ["while the parts are restored", /^RESTORE SNAPSHOT/],
  ["right before it is published", / SWAP WITH /],
])("a view that takes a table's name %s is left alone, and the restored table is named", async (_, match) => {
  const target_label = await fullLabel();
  it.starrocks.faults.add({
    match,
    async before() {
      await it.client.run("DROP TABLE shop.orders FORCE");
      await it.client.run("CREATE VIEW shop.orders AS SELECT 1 AS n");
    },
  });
  const said = failure(await it.flow("restore", { target_label }));
  expect(said).toMatchObject({ code: "RESTORE_FAILED", message: expect.stringContaining("view") });
  const [, restored = ""] = /the restored one is shop\.(\w+)/.exec(said.message) ?? [];
  expect(await it.client.rows(`SELECT n FROM shop.${restored} ORDER BY n`)).toEqual([
    { n: 1 },
    { n: 2 },
    { n: 3 },
  ]);
  expect(await it.client.rows("SELECT n FROM shop.orders")).toEqual([{ n: 1 }]);
  expect(await tableNames(it.client, "shop")).toEqual(["orders", restored].sort());
  expect(await heldSlots(it.client)).toEqual([]);
});
