import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunEvent } from "../../local/windmill/events.ts";
import type { RunOutcome } from "../../local/windmill/run-flow.ts";
import { heldSlots, history } from "../support/catalog-rows.ts";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.orders"], h: ["depot.stock"] }, async (client) => {
    await daily(client, "shop", "orders");
    await daily(client, "depot", "stock");
  });
  await it.starrocks.ticker.pause();
});
afterEach(() => it.close());

/** Starts a backup flow that waits for its job, and says which job of Windmill runs it. */
async function flowAtWork(
  group: string,
): Promise<{ readonly over: Promise<RunOutcome>; readonly jobId: string }> {
  let onWaiting: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    onWaiting = resolve;
  });
  const onEvent = (event: RunEvent) => {
    if (event.kind === "log" && event.line.startsWith("Waiting: ")) onWaiting();
  };
  const over = it.flow("backup", { group, type: "full" }, { onEvent });
  await waiting;
  const [run] = await it.client.rows(
    `SELECT job_id FROM ops.runs WHERE inventory_group = '${group}' AND state = 'RUNNING'`,
  );
  return { over, jobId: String(run?.["job_id"]) };
}

test("without a run it lists what is open, and stops nothing", async () => {
  const { over, jobId } = await flowAtWork("g");
  const listed = succeeded(await it.script("cancel", {}));
  expect(listed).toMatchObject({ run_id: null, cancelled: [], runs: [] });
  expect(listed["open"]).toEqual([
    {
      run_id: expect.stringMatching(/^backup_/),
      operation: "backup",
      state: "RUNNING",
      group: "g",
      databases: ["shop"],
      age_seconds: expect.any(Number),
      silent: false,
      waiting_for: expect.stringMatching(/^shop_\w+_full: \w+$/),
      job_id: jobId,
      job_link: expect.stringContaining(`/run/${jobId}?workspace=`),
    },
  ]);
  it.starrocks.ticker.start();
  expect(succeeded(await over)["status"]).toBe("FINISHED");
});

test("by the flow's job it stops the run while the flow's loop goes on, which then ends by itself", async () => {
  const mine = await flowAtWork("g");
  const theirs = await flowAtWork("h");
  const cancelled = succeeded(await it.script("cancel", { job_id: mine.jobId }));
  expect(cancelled).toMatchObject({
    state: "CANCELLED",
    cancelled: [expect.stringMatching(/^shop_/)],
    open: [{ group: "h" }],
  });
  expect(failure(await mine.over)).toMatchObject({ code: "CANCELLED" });
  it.starrocks.ticker.start();
  expect(succeeded(await theirs.over)["status"]).toBe("FINISHED");
  expect(await heldSlots(it.client)).toEqual([]);
});

test("by a group it stops every open run of it; again there is nothing to stop", async () => {
  const mine = await flowAtWork("g");
  const second = succeeded(await it.call("plan", { group: "g", type: "full" }));
  const stopped = succeeded(await it.call("cancel", { group: "g" }));
  expect(stopped["runs"]).toMatchObject([{ state: "CANCELLED" }, { state: "CANCELLED" }]);
  expect(JSON.stringify(stopped["runs"])).toContain(String(second["run_id"]));
  expect(failure(await mine.over).code).toBe("CANCELLED");
  expect(succeeded(await it.call("cancel", { group: "g" }))).toMatchObject({ runs: [], open: [] });
});

test("a run that is cancelled while its statement is on the way leaves no job at work", async () => {
  const plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
  const run = { run_id: String(plan["run_id"]) };
  it.starrocks.faults.add({
    match: /^BACKUP SNAPSHOT/,
    async before() {
      expect(succeeded(await it.call("cancel", run))).toMatchObject({ state: "CANCELLED", cancelled: [] });
    },
  });
  expect(succeeded(await it.call("backup", run))).toMatchObject({ done: true, state: "CANCELLED" });
  expect(await it.client.rows("SHOW BACKUP FROM shop")).toMatchObject([{ State: "CANCELLED" }]);
  expect(await history(it.client, "status")).toEqual([{ status: "CANCELLED" }]);
  expect(await heldSlots(it.client)).toEqual([]);
});

test("a restore that is cancelled between two of its jobs is not carried on by its flow", async () => {
  it.starrocks.ticker.start();
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 100)");
  const part = firstSnapshot(await it.backUp({ group: "g", type: "incremental" }));
  await it.client.run("TRUNCATE TABLE shop.orders");
  let restores = 0;
  let cancelled: Promise<RunOutcome> | undefined;
  it.starrocks.faults.add({
    match: /^RESTORE SNAPSHOT/,
    times: Number.POSITIVE_INFINITY,
    async before() {
      restores += 1;
      if (restores !== 2) return;
      await it.starrocks.ticker.pause();
      const [run] = await it.client.rows("SELECT run_id FROM ops.runs WHERE operation = 'restore'");
      cancelled = it.call("cancel", { run_id: String(run?.["run_id"]) });
      await cancelled;
      it.starrocks.ticker.start();
    },
  });
  expect(failure(await it.flow("restore", { target_label: String(part["label"]) })).code).toBe("CANCELLED");
  expect(restores).toBe(2);
  expect(succeeded((await cancelled) ?? { kind: "failure", error: null, result: null })["runs"]).toHaveLength(
    1,
  );
  expect(await numbers(it.client, "shop.orders")).toEqual([]);
  expect(await tableNames(it.client, "shop")).toEqual(["orders"]);
  expect(await it.client.rows("SELECT state FROM ops.runs WHERE operation = 'restore'")).toEqual([
    { state: "CANCELLED" },
  ]);
  expect(await heldSlots(it.client)).toEqual([]);
});

test("another run's restore of the same snapshot is not cancelled", async () => {
  it.starrocks.ticker.start();
  const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
  await it.starrocks.ticker.pause();
  const target = { operation: "restore", target_label: String(full["label"]) };
  const runs = [];
  for (let index = 0; index < 2; index++) {
    const plan = succeeded(await it.call("plan", target));
    const run = { run_id: String(plan["run_id"]) };
    succeeded(await it.call("restore", { ...run, plan_hash: String(plan["plan_hash"]), approved: true }));
    runs.push(run);
  }
  const [first = { run_id: "" }, second = { run_id: "" }] = runs;
  expect(succeeded(await it.call("cancel", second))).toMatchObject({ state: "CANCELLED", cancelled: [] });
  it.starrocks.ticker.start();
  expect(succeeded(await it.call("poll", first))).toMatchObject({ done: true, state: "FINISHED" });
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
});

test("more than one thing to stop is refused, and a job id that is none", async () => {
  const both = { group: "g", job_id: "0193d2a4-0000-7000-8000-000000000000" };
  expect(failure(await it.call("cancel", both)).code).toBe("INVALID_INPUT");
  expect(failure(await it.call("cancel", { job_id: "x' OR 1=1" })).code).toBe("INVALID_INPUT");
});
