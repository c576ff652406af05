import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { planHash } from "../../lib/planning/plan-hash.ts";
import type { JsonObject } from "../../windmill/json.ts";
import { heldSlots, history } from "../support/catalog-rows.ts";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { daily, numbers, oneTable, tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

/*
 * Runs that nobody works for any more, as after a cancelled flow or a dead worker: whoever meets one records its true end.
 */

let it: World;
beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
});
afterEach(() => it.close());

/** Long enough for a slot to expire. */
function tenMinutesPass(): void {
  it.passSeconds(11 * 60);
}

/** Plans and submits a full backup, and leaves it; its job gets on only when it is told to. */
async function leaveBackup(): Promise<string> {
  await it.starrocks.ticker.pause();
  const plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
  const run_id = String(plan["run_id"]);
  succeeded(await it.call("backup", { run_id }));
  return run_id;
}

async function jobEnds(kind: "BACKUP" | "RESTORE"): Promise<void> {
  for (;;) {
    const [job] = await it.client.rows(`SHOW ${kind} FROM shop`);
    if (job?.["State"] === "FINISHED") break;
    await it.starrocks.ticker.tick();
  }
  it.starrocks.ticker.start();
}

async function runState(run_id: string): Promise<unknown> {
  const [run] = await it.client.rows(`SELECT state, error_code FROM ops.runs WHERE run_id = '${run_id}'`);
  return [run?.["state"], run?.["error_code"]];
}

async function status(): Promise<JsonObject> {
  return succeeded(await it.call("status", {}));
}

describe("a backup", () => {
  test("whose snapshot StarRocks finished is recorded when its group is planned, and is the baseline", async () => {
    const run_id = await leaveBackup();
    await jobEnds("BACKUP");
    tenMinutesPass();
    const dry = succeeded(await it.call("plan", { group: "g", type: "auto", dry_run: true }));
    expect(dry).toMatchObject({
      snapshots: [{ type: "full" }],
      notes: [expect.stringContaining(run_id), expect.stringContaining("full")],
    });
    expect(await runState(run_id)).toEqual(["RUNNING", null]);
    const result = succeeded(await it.flow("backup", { group: "g", type: "auto" }));
    expect(result).toMatchObject({
      status: "NOTHING_TO_DO",
      notes: [
        expect.stringMatching(new RegExp(`${run_id}.*FINISHED`)),
        expect.stringMatching(/^Type auto without/),
      ],
    });
    expect(await runState(run_id)).toEqual(["FINISHED", null]);
    expect(await heldSlots(it.client)).toEqual([]);
    const [full] = await it.client.rows("SELECT label FROM ops.backup_history WHERE status = 'FINISHED'");
    await it.client.run("TRUNCATE TABLE shop.orders");
    await it.restore({ target_label: String(full?.["label"]) });
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
  });

  test("of which nothing is in StarRocks has failed, and leaves nothing behind", async () => {
    const plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
    const run_id = String(plan["run_id"]);
    it.starrocks.faults.add({ match: /^BACKUP SNAPSHOT/, times: 1, drop: "before" });
    failure(await it.call("backup", { run_id }));
    expect((await status())["settled"]).toEqual([]);
    tenMinutesPass();
    expect(await status()).toMatchObject({ settled: [{ run_id, state: "FAILED" }], open: [] });
    expect(await runState(run_id)).toEqual(["FAILED", "RUN_LOST"]);
    expect(await history(it.client, "status")).toEqual([{ status: "FAILED" }]);
    expect(await it.client.rows("SELECT label FROM ops.backup_partitions")).toEqual([]);
    expect(await heldSlots(it.client)).toEqual([]);
    expect(failure(await it.call("report", { run_id })).code).toBe("RUN_LOST");
  });

  test("that StarRocks still works on stays open until it does no more", async () => {
    const run_id = await leaveBackup();
    tenMinutesPass();
    expect(await status()).toMatchObject({
      settled: [{ run_id, state: "RUNNING", outcome: expect.stringContaining("StarRocks still does") }],
      open: [{ run_id, group: "g", databases: ["shop"], silent: true }],
    });
    expect(await heldSlots(it.client)).toEqual([]);
    await jobEnds("BACKUP");
    expect(await status()).toMatchObject({ settled: [{ run_id, state: "FINISHED" }], open: [] });
  });

  test("that waits for the slot of a silent run records that run's end and finishes", async () => {
    const plan = succeeded(await it.call("plan", { group: "g", type: "full", name: "second" }));
    const second = { run_id: String(plan["run_id"]) };
    const first = await leaveBackup();
    await jobEnds("BACKUP");
    const waiting = succeeded(await it.call("poll", { ...second, wait_seconds: 0 }));
    expect(waiting["waiting_for"]).toEqual([expect.stringContaining(first)]);
    it.passSeconds(9 * 60);
    succeeded(await it.call("poll", { ...second, wait_seconds: 0 }));
    it.passSeconds(2 * 60);
    expect(succeeded(await it.call("poll", second))).toMatchObject({ done: true, state: "FINISHED" });
    expect(await runState(first)).toEqual(["FINISHED", null]);
  });

  test("whose flow has failed is left at once, and frees its slot while its job goes on", async () => {
    const run_id = await leaveBackup();
    const error = { name: "ExecutionErr", message: "killed" };
    const said = succeeded(await it.call("fail", { run_id, error }));
    expect(JSON.stringify(said)).toMatch(/StarRocks still works on run .*status/);
    expect(await heldSlots(it.client)).toEqual([]);
    await jobEnds("BACKUP");
    expect(await status()).toMatchObject({ settled: [{ run_id, state: "FINISHED" }] });
  });

  test("that is at work, or waits for an approval, is not silent", async () => {
    const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
    const restore = { target_label: String(full["label"]) };
    const approval = String(succeeded(await it.call("restore_plan", restore))["run_id"]);
    const run_id = await leaveBackup();
    tenMinutesPass();
    succeeded(await it.call("poll", { run_id, wait_seconds: 0 }));
    expect((await status())["settled"]).toEqual([]);
    it.passSeconds(48 * 3600);
    expect(String((await status())["settled"])).not.toBe("");
    expect(await runState(approval)).toEqual(["FAILED", "RUN_NEVER_BEGAN"]);
    expect(await it.client.rows("SELECT status FROM ops.restore_history")).toEqual([{ status: "FAILED" }]);
  });
});

describe("a backup that is settled late", () => {
  test("keeps what the snapshot holds, whatever has become of its tables since, and the time of its cut", async () => {
    await it.backUp({ group: "g", type: "full" });
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 100)");
    const plan = succeeded(await it.call("plan", { group: "g", type: "incremental" }));
    const run_id = String(plan["run_id"]);
    await it.starrocks.ticker.pause();
    succeeded(await it.call("backup", { run_id }));
    await jobEnds("BACKUP");
    const [job] = await it.client.rows("SHOW BACKUP FROM shop");
    it.passSeconds(2 * 3600);
    await it.client.run("DROP TABLE shop.orders FORCE");
    expect(await status()).toMatchObject({ settled: [{ run_id, state: "FINISHED" }] });
    const [record] = await it.client.rows(
      "SELECT label, cut_to, left_out FROM ops.backup_history WHERE backup_type = 'incremental'",
    );
    expect(record?.["left_out"]).toBe("[]");
    const cutAfter =
      Date.parse(`${String(record?.["cut_to"])}Z`) - Date.parse(`${String(job?.["SnapshotFinishedTime"])}Z`);
    expect(cutAfter).toBeLessThanOrEqual(1000);
    await it.restore({ target_label: String(record?.["label"]) });
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 100, 1, 2, 3, 4]);
  });
});

test("two runs that were silent together, as without a worker for a while, do not end each other", async () => {
  await it.client.run(
    `CREATE TABLE shop.other (n INT) DUPLICATE KEY (n) DISTRIBUTED BY HASH (n) BUCKETS 1 PROPERTIES ("replication_num" = "1")`,
  );
  succeeded(await it.call("inventory", { group: "h", add: ["shop.other"] }));
  const first = await leaveBackup();
  const plan = succeeded(await it.call("plan", { group: "h", type: "full", name: "second" }));
  const second = String(plan["run_id"]);
  succeeded(await it.call("backup", { run_id: second }));
  tenMinutesPass();
  succeeded(await it.call("poll", { run_id: second, wait_seconds: 0 }));
  expect(await runState(first)).toEqual(["RUNNING", null]);
  succeeded(await it.call("poll", { run_id: first, wait_seconds: 0 }));
  expect(await runState(second)).toEqual(["RUNNING", null]);
});

test("a run whose row cannot be read stops nobody else", async () => {
  const run_id = await leaveBackup();
  await it.client.run(`UPDATE ops.runs SET plan = 'gzip:no' WHERE run_id = '${run_id}'`);
  tenMinutesPass();
  expect(await status()).toMatchObject({
    settled: [{ run_id, state: "RUNNING", outcome: expect.stringContaining("cannot be read") }],
  });
  it.starrocks.ticker.start();
  await daily(it.client, "elsewhere", "t");
  succeeded(await it.call("inventory", { group: "e", add: ["elsewhere.t"] }));
  expect((await it.backUp({ group: "e", type: "full" }))["status"]).toBe("FINISHED");
});

describe("a restore", () => {
  let run_id: string;

  /** Approves a restore, and leaves it after some of its steps. */
  async function leaveRestore(): Promise<void> {
    const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 100)");
    const target = { target_label: String(full["label"]) };
    const plan = succeeded(await it.call("restore_plan", target));
    run_id = String(plan["run_id"]);
    const approval = { run_id, plan_hash: String(plan["plan_hash"]), approved: true };
    await it.starrocks.ticker.pause();
    succeeded(await it.call("restore", approval));
    await jobEnds("RESTORE");
  }

  const changed = [0, 100, 1, 2, 3, 4];

  test("that had not become live has failed; its tables are dropped, and the live table is as it was", async () => {
    await leaveRestore();
    tenMinutesPass();
    expect(await status()).toMatchObject({ settled: [{ run_id, state: "FAILED" }], open: [] });
    expect(await runState(run_id)).toEqual(["FAILED", "RUN_LOST"]);
    expect(await tableNames(it.client, "shop")).toEqual(["orders"]);
    expect(await numbers(it.client, "shop.orders")).toEqual(changed);
    expect(await heldSlots(it.client)).toEqual([]);
  });

  test.each([
    ["before", "FAILED", changed, ["orders"]],
    ["after", "FINISHED", [0, 1, 2, 3, 4], ["orders", expect.stringMatching(/^orders__replaced_/)]],
  ] as const)("whose worker died right %s the SWAP is %s", async (drop, state, rows, tables) => {
    await leaveRestore();
    it.starrocks.faults.add({ match: / SWAP WITH /, times: 1, drop });
    failure(await it.call("poll", { run_id }));
    tenMinutesPass();
    expect(await status()).toMatchObject({ settled: [{ run_id, state }], open: [] });
    expect(await it.client.rows("SELECT status FROM ops.restore_history")).toEqual([{ status: state }]);
    expect(await numbers(it.client, "shop.orders")).toEqual(rows);
    expect(await tableNames(it.client, "shop")).toEqual(tables);
    expect(await heldSlots(it.client)).toEqual([]);
    expect(succeeded(await it.call("poll", { run_id }))).toMatchObject({ done: true, state });
  });
});

describe("a restore whose stored plan was changed", () => {
  async function changePlan(run_id: string, withHash: boolean): Promise<void> {
    const [row] = await it.client.rows(`SELECT plan FROM ops.runs WHERE run_id = '${run_id}'`);
    const changed = String(row?.["plan"]).replace(/"as":"orders__r_\w+"/, '"as":"orders"');
    const hash = withHash ? `, plan_hash = '${planHash(JSON.parse(changed))}'` : "";
    await it.client.run(
      `UPDATE ops.runs SET plan = '${changed.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'${hash} WHERE run_id = '${run_id}'`,
    );
  }

  test("is neither begun nor carried on, though its hash was approved", async () => {
    const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
    const target = { target_label: String(full["label"]) };
    const plan = succeeded(await it.call("restore_plan", target));
    const run_id = String(plan["run_id"]);
    const approval = { run_id, plan_hash: String(plan["plan_hash"]), approved: true };
    await changePlan(run_id, false);
    expect(failure(await it.call("restore", approval)).code).toBe("PLAN_CHANGED");
    await it.client.run(`UPDATE ops.runs SET state = 'RUNNING' WHERE run_id = '${run_id}'`);
    expect(succeeded(await it.call("poll", { run_id }))).toMatchObject({ done: true, state: "FAILED" });
    expect(failure(await it.call("report", { run_id })).code).toBe("PLAN_CHANGED");
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
  });

  test.each([
    ["and its hash was not", false, "FAILED", "Nothing more is done for it"],
    ["with its hash", true, "FAILED", "Plan again"],
  ])("%s drops no live table when it is settled", async (...[, withHash, state, said]) => {
    const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
    const target = { target_label: String(full["label"]) };
    const run_id = String(succeeded(await it.call("restore_plan", target))["run_id"]);
    await changePlan(run_id, withHash);
    it.passSeconds(49 * 3600);
    const settled = JSON.stringify((await status())["settled"]);
    expect(settled).toMatch(new RegExp(said));
    expect(await it.client.rows(`SELECT state FROM ops.runs WHERE run_id = '${run_id}'`)).toEqual([
      { state },
    ]);
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
    await it.call("cancel", { run_id });
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
  });
});

test("a restore whose planner died before it recorded the tables can be ended", async () => {
  const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
  const target = { target_label: String(full["label"]) };
  const disarm = it.starrocks.faults.add({
    match: /^INSERT INTO `ops`.`restore_history`/,
    times: Number.POSITIVE_INFINITY,
    drop: "before",
  });
  failure(await it.call("restore_plan", target));
  disarm();
  const [run] = await it.client.rows("SELECT run_id FROM ops.runs WHERE operation = 'restore'");
  const run_id = String(run?.["run_id"]);
  it.passSeconds(49 * 3600);
  expect(await status()).toMatchObject({ settled: [{ run_id, state: "FAILED" }], open: [] });
});

test("a run that there is not is named at once, and is not looked for again", async () => {
  const outcome = await it.call("poll", { run_id: "backup_00000000" });
  expect(outcome).toMatchObject({ error: { extra: { code: "UNKNOWN_RUN", retriable: false } } });
});
