import { afterEach, beforeEach, expect, test } from "vitest";
import { starrocksResource } from "../../lib/windmill/forms/fields.ts";
import { isJsonObject, type Json, type JsonObject } from "../../windmill/json.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import type { Client } from "../support/client.ts";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

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

async function incremental(): Promise<JsonObject> {
  return succeeded(await it.flow("backup", { group: "g", type: "incremental" }));
}

async function fullLabel(): Promise<string> {
  return String(firstSnapshot(await it.backUp({ group: "g", type: "full" }))["label"]);
}

test("a backup without changes names the restore point it is", async () => {
  const full = await it.backUp({ group: "g", type: "full" });
  expect(full["restore_points"]).toEqual([firstSnapshot(full)["label"]]);
  const result = await incremental();
  const points = await it.client.rows("SELECT label FROM ops.backup_history WHERE status = 'NOTHING_TO_DO'");
  const label = String(points[0]?.["label"]);
  expect(result).toMatchObject({ status: "NOTHING_TO_DO", snapshots: [], restore_points: [label] });
  expect(result["markdown"]).toContain(label);
});

test("a restore point that needed no copy is told from those in the repository", async () => {
  const label = await fullLabel();
  await it.client.run("ALTER TABLE shop.orders DROP PARTITION p20250101 FORCE");
  const result = await incremental();
  const dropped = firstSnapshot(result);
  expect(dropped).toMatchObject({ baseline: label, partitions: 0, in_repository: false });
  expect(result["restore_points"]).toEqual([dropped["label"]]);
  expect(result["markdown"]).toContain("nothing had to be copied");
  const kept = (await it.client.rows("SHOW SNAPSHOT ON repo")).map((row) => row["Snapshot"]);
  expect(kept).toEqual([label]);
  expect(firstSnapshot(await it.backUp({ group: "g", type: "full" }))).toMatchObject({
    partitions: 2,
    in_repository: true,
  });
});

test("what the plan noted is in the result of the flow", async () => {
  const result = succeeded(await it.flow("backup", { group: "g", type: "auto" }));
  const [note] = Array.isArray(result["notes"]) ? result["notes"] : [];
  expect(note).toMatch(/full/);
  expect(result["markdown"]).toContain(`Note: ${String(note)}`);
  it.starrocks.faults.add({ match: /^SHOW BACKENDS/, error: { code: 5203, message: "Access denied" } });
  const target = { target_label: String(firstSnapshot(result)["label"]) };
  const restored = succeeded(await it.flow("restore", target));
  expect(restored["notes"]).toEqual([expect.stringContaining("not known")]);
  expect(restored["markdown"]).toContain("Note: ");
  expect(succeeded(await it.flow("restore", target))["notes"]).toEqual([]);
});

test("removing what is not in a group is named", async () => {
  succeeded(await it.call("inventory", { group: "wide", add: ["shop.*"] }));
  const change = { group: "g", remove: ["shop.orders", "shop.order"] };
  const result = succeeded(await it.call("inventory", change));
  expect(result).toMatchObject({
    entries: [],
    not_found: [{ object: "shop.order", reason: "is no entry of group g" }],
  });
  const covered = succeeded(await it.call("inventory", { group: "wide", remove: ["shop.orders"] }));
  expect(covered).toMatchObject({
    entries: [{ group: "wide", table: "shop.*" }],
    not_found: [{ object: "shop.orders", reason: expect.stringContaining("shop.*") }],
  });
  const swept = succeeded(await it.call("inventory", { group: "wide", remove: ["shop.*"] }));
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
  ["is missing", null],
  ["is blank", ""],
  ["has no host", { host: "", user: "root" }],
])("a flow whose resource %s fails with a code and the next step", async (_, starrocks) => {
  for (const [flow, input] of [
    ["backup", { group: "g" }],
    ["restore", { target_label: "x" }],
  ] as const) {
    const outcome = await it.flow(flow, { ...input, starrocks });
    expect(failure(outcome)).toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining(`${starrocksResource.meta()?.title}`),
      next: expect.stringMatching(/\w/),
    });
    expect(outcome).toMatchObject({ result: { error: { extra: { status: "FAILED", run_id: null } } } });
  }
});

test("a run that cannot be ended since the cluster is out of reach is named with its failure", async () => {
  const plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
  const run_id = String(plan["run_id"]);
  const error = {
    name: "StarRocksBackupError",
    message: "It broke.",
    extra: { code: "BACKUP_FAILED", next: "Mend it." },
  };
  for (const starrocks of [
    { ...it.resource, port: 1 },
    { ...it.resource, host: "" },
  ]) {
    const said = succeeded(await it.call("fail", { starrocks, run_id, error }));
    const next = expect.stringMatching(/^Mend it\. .*cancel/);
    // Windmill's red box needs `error` to be the one key.
    expect(said).toEqual({
      error: {
        name: "StarRocksBackupError",
        message: "It broke.",
        extra: { code: "BACKUP_FAILED", next, run_id, status: "FAILED" },
      },
    });
  }
  succeeded(await it.call("fail", { run_id, error }));
  expect(failure(await it.call("report", { run_id })).code).toBe("BACKUP_FAILED");
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

test("a restore job that does not get on is reported as stalled, and cancelled when that is asked for", async () => {
  const target_label = await fullLabel();
  const plan = succeeded(await it.call("restore_plan", { target_label }));
  const run = { run_id: String(plan["run_id"]) };
  await it.starrocks.ticker.pause();
  succeeded(await it.call("restore", { ...run, plan_hash: String(plan["plan_hash"]), approved: true }));
  const poll = { ...run, wait_seconds: 0, stall_minutes: 1 };
  const first = succeeded(await it.call("poll", poll));
  expect(first["waiting_for"]).toEqual([expect.not.stringContaining("no progress")]);
  it.passSeconds(120);
  const stalled = succeeded(await it.call("poll", poll));
  expect(stalled).toMatchObject({
    done: false,
    waiting_for: [expect.stringMatching(/, no progress for 2 min; run cancel to give up$/)],
  });
  const patient = succeeded(await it.call("poll", { ...poll, stall_minutes: 5 }));
  expect(patient["waiting_for"]).toEqual([expect.not.stringContaining("no progress")]);
  succeeded(await it.call("poll", { ...poll, cancel_stalled: true }));
  expect(succeeded(await it.call("poll", run))).toMatchObject({ done: true, state: "FAILED" });
  expect(failure(await it.call("report", run))).toMatchObject({
    code: "RESTORE_FAILED",
    message: expect.stringContaining("user cancelled"),
  });
  expect(await tableNames(it.client, "shop")).toEqual(["orders"]);
  expect(await heldSlots(it.client)).toEqual([]);
  it.starrocks.ticker.start();
});

test("a restore job that gets on again is no longer reported as stalled", async () => {
  const target_label = await fullLabel();
  const plan = succeeded(await it.call("restore_plan", { target_label }));
  const run = { run_id: String(plan["run_id"]) };
  await it.starrocks.ticker.pause();
  succeeded(await it.call("restore", { ...run, plan_hash: String(plan["plan_hash"]), approved: true }));
  const poll = { ...run, wait_seconds: 0, stall_minutes: 1 };
  expect(String(succeeded(await it.call("poll", poll))["waiting_for"])).not.toContain("no progress");
  it.passSeconds(120);
  expect(String(succeeded(await it.call("poll", poll))["waiting_for"])).toContain("no progress");
  await it.starrocks.ticker.tick();
  expect(String(succeeded(await it.call("poll", poll))["waiting_for"])).not.toContain("no progress");
  it.passSeconds(60);
  expect(String(succeeded(await it.call("poll", poll))["waiting_for"])).toContain("no progress for 1 min");
  it.starrocks.ticker.start();
  expect(succeeded(await it.call("poll", run))).toMatchObject({ done: true, state: "FINISHED" });
});

test("what people read is html, in which a table's name is text, with the keys for programs beside it", async () => {
  const name = "[ok](javascript:alert(1))\n# <img src=x>";
  await it.client.run(`CREATE TABLE shop.\`${name}\` (n INT) DUPLICATE KEY (n)
    DISTRIBUTED BY HASH (n) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await it.client.run(`INSERT INTO shop.\`${name}\` VALUES (1)`);
  const group = "<b>all</b>";
  const results = [
    succeeded(await it.call("init", {})),
    succeeded(await it.call("inventory", { group, add: ["shop.*"] })),
    succeeded(await it.call("plan", { group, type: "full", dry_run: true })),
  ];
  const backup = succeeded(await it.flow("backup", { group, type: "full" }));
  const target_label = String(firstSnapshot(backup)["label"]);
  let description: Json | undefined;
  const restored = succeeded(
    await it.flow(
      "restore",
      { target_label },
      {
        approve: async ({ result }) => {
          description = isJsonObject(result) ? result["description"] : undefined;
          return "approve";
        },
      },
    ),
  );
  // An object of the one key `html` is shown as html without a renderer.
  expect(isJsonObject(description) && Object.keys(description)).toEqual(["html"]);
  const read: JsonObject = isJsonObject(description) ? { ...description, wm_renderer: "html" } : {};
  for (const result of [...results, backup, restored, read]) {
    expect(result["wm_renderer"]).toBe("html");
    expect(String(result["html"])).not.toMatch(/<img|<b>|<a\b|\n#/);
  }
  const shown = "[ok](javascript:alert(1)) ⏎ # &lt;img src=x&gt;";
  for (const result of [read, restored]) expect(result["html"]).toContain(`shop.${shown}`);
  expect(backup["html"]).toContain("&lt;b&gt;all&lt;/b&gt;");
  expect(String(restored["markdown"])).toContain("\\[ok\\](javascript:alert(1)) ⏎ \\# \\<img src=x\\>");
  expect(restored).toMatchObject({ status: "FINISHED", restored: [{}, {}], skipped: [] });
});

test("the log of a failed step is one line, not the source of the bundle", async () => {
  const lines: string[] = [];
  const outcome = await it.script(
    "plan",
    { group: "nope" },
    { onEvent: (event) => event.kind === "log" && lines.push(event.line) },
  );
  expect(lines).toEqual([
    expect.stringMatching(/^UNKNOWN_GROUP: There is no group nope in the inventory\. Use /),
  ]);
  expect(outcome).toMatchObject({
    error: { stack: expect.stringContaining("Use one of the groups") },
  });
});
