import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { heldSlots } from "../support/catalog-rows.ts";
import type { Client } from "../support/client.ts";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
let target_label: string;

/** An automatic table of which the increment has one partition more: a restore merges. */
async function events(client: Client): Promise<void> {
  await client.run("CREATE DATABASE shop");
  await client.run(`CREATE TABLE shop.events (d DATETIME NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY date_trunc('day', d) DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run("INSERT INTO shop.events VALUES ('2025-01-01', 1), ('2025-01-02', 2)");
}

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, events);
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.events VALUES ('2025-01-03', 3)");
  target_label = String(firstSnapshot(await it.backUp({ group: "g", type: "incremental" }))["label"]);
});
afterEach(() => it.close());

async function numbers(): Promise<readonly unknown[]> {
  return (await it.client.rows("SELECT n FROM shop.events ORDER BY n")).map((row) => row["n"]);
}

test("a run that is cancelled while its rows are put together stays cancelled, and nothing is replaced", async () => {
  await it.client.run("INSERT INTO shop.events VALUES ('2025-01-04', 4)");
  it.starrocks.faults.add({
    match: /^INSERT INTO `shop`.* WITH LABEL `merge_/,
    async before() {
      const [run] = await it.client.rows("SELECT run_id FROM ops.runs WHERE state = 'RUNNING'");
      expect(succeeded(await it.call("cancel", { run_id: String(run?.["run_id"]) }))["state"]).toBe(
        "CANCELLED",
      );
    },
  });
  expect(failure(await it.flow("restore", { target_label })).code).toBe("CANCELLED");
  expect(await it.client.rows("SELECT state FROM ops.runs WHERE operation = 'restore'")).toEqual([
    { state: "CANCELLED" },
  ]);
  expect(await it.client.rows("SELECT status FROM ops.restore_history")).toEqual([{ status: "CANCELLED" }]);
  expect(await tableNames(it.client, "shop")).toEqual(["events"]);
  expect(await numbers()).toEqual([1, 2, 3, 4]);
  expect(await heldSlots(it.client)).toEqual([]);
});

test("a table that replaces an empty one is published, though the answer to the SWAP is lost", async () => {
  for (const day of ["p20250101", "p20250102", "p20250103"])
    await it.client.run(`ALTER TABLE shop.events DROP PARTITION ${day} FORCE`);
  let lost = 0;
  it.starrocks.faults.add({ match: / SWAP WITH /, drop: "after", after: async () => void lost++ });
  succeeded(await it.flow("restore", { target_label }));
  expect(lost).toBe(1);
  expect(await numbers()).toEqual([1, 2, 3]);
  const [kept, ...others] = (await tableNames(it.client, "shop")).filter((name) => name !== "events");
  expect(kept).toContain("__replaced_");
  expect(others).toEqual([]);
});

test("loads that are committed and not visible for a while are waited for", async () => {
  const hold = (held: boolean) =>
    it.client.run(`ADMIN SET FRONTEND CONFIG ("embedded.publish_held" = "${held}")`);
  let released: Promise<unknown> | undefined;
  it.starrocks.faults.add({
    match: /^INSERT INTO `shop`.* WITH LABEL `merge_/,
    async before() {
      await hold(true);
      released = sleep(4000).then(() => hold(false));
    },
  });
  await it.client.run("TRUNCATE TABLE shop.events");
  succeeded(await it.flow("restore", { target_label }));
  await released;
  expect(released).toBeDefined();
  expect(await numbers()).toEqual([1, 2, 3]);
});

test("a job that brings a part once more does not disturb the table that is put together", async () => {
  let again = 0;
  it.starrocks.faults.add({
    match: /^INSERT INTO `shop`.* WITH LABEL `merge_/,
    async before() {
      // As a worker would that stood still right before its RESTORE.
      const [base] = await it.client.rows(
        "SELECT label, snapshot_timestamp FROM ops.backup_history WHERE backup_type = 'full'",
      );
      const names = await tableNames(it.client, "shop");
      const part = names.find((name) => /__r_[0-9a-f]{8}_1$/.test(name))?.replace(/_1$/, "_0");
      await it.client.run(`RESTORE SNAPSHOT shop.${base?.["label"]} FROM repo ON (events AS ${part})
        PROPERTIES ("backup_timestamp" = "${base?.["snapshot_timestamp"]}", "replication_num" = "1")`);
      again++;
    },
    drop: "before",
  });
  await it.client.run("TRUNCATE TABLE shop.events");
  succeeded(await it.flow("restore", { target_label }));
  expect(again).toBe(1);
  expect(await numbers()).toEqual([1, 2, 3]);
  expect((await tableNames(it.client, "shop")).filter((name) => name.includes("__r_"))).toEqual([]);
});
