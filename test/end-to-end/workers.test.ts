import { afterEach, beforeEach, expect, test } from "vitest";
import { type PollResult, pollRun } from "../../lib/operations/run/poll.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { silent } from "../support/silent.ts";
import { oneTable } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

/*
 * How long a job of hours holds a worker, on the cluster's clock: the flow pauses as the result of a look says, and the
 * looks themselves take real time.
 */

let it: World;
beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
  await it.starrocks.ticker.pause();
});
afterEach(() => it.close());

/** Windmill starts a process and reads a bundle for every look. */
const startSeconds = 1;

interface Watched {
  readonly looks: number;
  readonly busySeconds: number;
  /** Between the job's end and the look that saw it. */
  readonly lateSeconds: number;
  readonly pauses: readonly number[];
}

/** Looks at a run as its flow does, until it is over; the job ends when the clock says so. */
async function watch(run_id: string, jobSeconds: number): Promise<Watched> {
  const pauses: number[] = [];
  let [clock, busySeconds] = [0, 0];
  for (let look = 0; ; look++) {
    const began = performance.now();
    const result = await oneLook(run_id);
    busySeconds += (performance.now() - began) / 1000 + startSeconds;
    if (result.done) return { looks: look + 1, busySeconds, lateSeconds: clock - jobSeconds, pauses };
    pauses.push(result.pause_seconds);
    clock += result.pause_seconds;
    it.passSeconds(result.pause_seconds);
    if (clock >= jobSeconds) await it.ticks(6);
  }
}

async function oneLook(run_id: string): Promise<PollResult> {
  return await pollRun(
    it.settings,
    { runId: run_id, planHash: undefined },
    { waitSeconds: 0, stallSeconds: 3600, cancelStalled: false },
    silent,
  );
}

async function submitted(): Promise<string> {
  const plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
  succeeded(await it.call("backup", { run_id: String(plan["run_id"]) }));
  await it.ticks(3);
  return String(plan["run_id"]);
}

test("a job of eight hours holds a worker for less than a twentieth of the time, and its end is seen within a minute", async () => {
  const hours = 8 * 3600;
  const seen = await watch(await submitted(), hours);
  expect(seen.busySeconds / hours).toBeLessThan(0.05);
  expect(seen.lateSeconds).toBeLessThanOrEqual(60);
  expect(seen.pauses[0]).toBe(5);
  expect(Math.max(...seen.pauses)).toBe(60);
  expect(seen.looks).toBeLessThan(hours / 50);
  // Growing, as long as nothing changes.
  expect(seen.pauses.slice(1)).toEqual([...seen.pauses.slice(1)].sort((one, other) => one - other));
}, 300_000);

test("a look ends, however often what it waits for changes", async () => {
  const run_id = await submitted();
  it.starrocks.ticker.start();
  for (const wait_seconds of [0, 1]) {
    it.starrocks.cluster.knobs.stallJob = { message: "slow" };
    const changes = setInterval(() => {
      it.starrocks.cluster.knobs.stallJob = { message: `slow ${performance.now()}` };
    }, 100);
    const looked = succeeded(await it.call("poll", { run_id, wait_seconds }));
    clearInterval(changes);
    expect(looked["done"]).toBe(false);
  }
});

test("the end of a short job is seen soon", async () => {
  const seen = await watch(await submitted(), 30);
  expect(seen.lateSeconds).toBeLessThanOrEqual(8);
});

test("a run that is open for more than two weeks is ended, so that no flow loops for ever", async () => {
  const run_id = await submitted();
  it.passSeconds(15 * 24 * 3600);
  expect(succeeded(await it.call("poll", { run_id, wait_seconds: 0 }))).toMatchObject({ done: true });
  expect(failure(await it.call("report", { run_id })).code).toBe("RUN_TOO_LONG");
  // The job has a timeout of its own.
  await it.ticks(1);
  const status = succeeded(await it.call("status", {}));
  expect(status).toMatchObject({ settled: [{ run_id, state: "FAILED" }], open: [] });
  expect(failure(await it.call("report", { run_id })).code).toBe("RUN_TOO_LONG");
});
