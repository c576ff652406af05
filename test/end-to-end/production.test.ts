import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { heldSlots, history } from "../support/catalog-rows.ts";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { numbers, oneTable } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
afterEach(() => it.close());

test("somebody else's job on the database is waited for, and named", async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
  await it.starrocks.ticker.pause();
  await it.client.run("BACKUP SNAPSHOT shop.theirs TO repo ON (orders)");
  const lines: string[] = [];
  const running = it.flow(
    "backup",
    { group: "g", type: "full" },
    { onEvent: (event) => event.kind === "log" && lines.push(event.line) },
  );
  while (!lines.some((line) => line.includes("theirs"))) await sleep(50);
  it.starrocks.ticker.start();
  expect(succeeded(await running)["status"]).toBe("FINISHED");
});

test("a version that was merged away is tried again under a label of its own; both attempts are recorded", async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
  const refusal =
    "Do not support backing up x: [OLAP_VERSION_ALREADY_MERGED, msg: make snapshot failed, version already merged]";
  it.starrocks.faults.add({
    match: /^BACKUP SNAPSHOT/,
    times: 1,
    error: { code: 5064, state: "42000", message: refusal },
  });
  const result = succeeded(await it.flow("backup", { group: "g", type: "full" }));
  expect(String(firstSnapshot(result)["label"])).toMatch(/_full_try2$/);
  expect(await history(it.client, "status, attempt")).toEqual([
    { status: "FAILED", attempt: 1 },
    { status: "FINISHED", attempt: 2 },
  ]);
  await it.client.run("TRUNCATE TABLE shop.orders");
  await it.restore({ target_label: String(firstSnapshot(result)["label"]) });
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});

test("a table restored from a backup that caught a load in flight takes new loads", async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
  it.starrocks.cluster.knobs.nextVersionGap = 1;
  const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
  it.starrocks.cluster.knobs.nextVersionGap = 0;
  await it.client.run("TRUNCATE TABLE shop.orders");
  await it.restore({ target_label: String(full["label"]) });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 100)");
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 100, 1, 2, 3, 4]);
});

test("a run is stopped: the job is cancelled, the slot is free, the next backup works", async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
  await it.starrocks.ticker.pause();
  const plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
  const run = { run_id: String(plan["run_id"]) };
  succeeded(await it.call("backup", run));
  expect(await heldSlots(it.client)).toHaveLength(1);
  const cancelled = succeeded(await it.call("cancel", run));
  expect(cancelled).toMatchObject({ state: "CANCELLED", cancelled: [expect.stringMatching(/^shop_/)] });
  expect(succeeded(await it.call("cancel", run))).toMatchObject({ state: "CANCELLED", cancelled: [] });
  expect(await heldSlots(it.client)).toEqual([]);
  expect(await it.client.rows("SHOW BACKUP FROM shop")).toMatchObject([{ State: "CANCELLED" }]);
  expect(await history(it.client, "status")).toEqual([{ status: "CANCELLED" }]);
  expect(await it.client.rows("SELECT label FROM ops.backup_partitions")).toEqual([]);
  expect(failure(await it.call("report", run)).code).toBe("CANCELLED");
  it.starrocks.ticker.start();
  expect((await it.backUp({ group: "g", type: "full" }))["status"]).toBe("FINISHED");
});

test("a job that does not get on is reported as stalled, and cancelled when that is asked for", async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
  await it.starrocks.ticker.pause();
  const plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
  const run = { run_id: String(plan["run_id"]) };
  succeeded(await it.call("backup", run));
  it.passSeconds(120);
  const poll = { ...run, wait_seconds: 0, stall_minutes: 1 };
  const stalled = succeeded(await it.call("poll", poll));
  expect(stalled).toMatchObject({
    done: false,
    waiting_for: [expect.stringContaining("no progress for 2 min")],
  });
  succeeded(await it.call("poll", { ...poll, cancel_stalled: true }));
  expect(succeeded(await it.call("poll", run))).toMatchObject({ done: true, state: "FAILED" });
  expect(failure(await it.call("report", run))).toMatchObject({
    code: "BACKUP_FAILED",
    message: expect.stringContaining("user cancelled"),
  });
  expect(await heldSlots(it.client)).toEqual([]);
  it.starrocks.ticker.start();
});

test("a run that died without a word loses its slot after a while; the next one takes over and finishes", async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
  const plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
  it.starrocks.faults.add({ match: /^BACKUP SNAPSHOT/, times: 1, drop: "before" });
  failure(await it.call("backup", { run_id: String(plan["run_id"]) }));
  expect(await heldSlots(it.client)).toHaveLength(1);
  const second = succeeded(await it.call("plan", { group: "g", type: "full" }));
  const run = { run_id: String(second["run_id"]) };
  const waiting = succeeded(await it.call("poll", { ...run, wait_seconds: 0 }));
  expect(waiting["waiting_for"]).toEqual([expect.stringContaining(String(plan["run_id"]))]);
  it.passSeconds(11 * 60);
  expect(succeeded(await it.call("poll", run))).toMatchObject({ done: true, state: "FINISHED" });
});

test("a read-only and a missing repository are refused before anything is written", async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
  await it.client.run(
    `CREATE READ ONLY REPOSITORY ro WITH BROKER ON LOCATION "s3://bucket/ro" PROPERTIES ("aws.s3.access_key" = "a")`,
  );
  expect(failure(await it.call("plan", { group: "g", type: "full", repository: "ro" })).code).toBe(
    "REPOSITORY_READ_ONLY",
  );
  expect(await history(it.client, "label")).toEqual([]);
});

test("a dead backend is reported; without any the run is refused", async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable, { backends: 2 });
  const [, second] = (await it.client.rows("SHOW BACKENDS")).map((row) => Number(row["BackendId"]));
  it.starrocks.cluster.deadBackends.add(second ?? 0);
  const plan = succeeded(await it.call("plan", { group: "g", type: "full", dry_run: true }));
  expect(plan["notes"]).toEqual([expect.stringContaining("is not alive")]);
});
