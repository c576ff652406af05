import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { RunEvent } from "../../../local/windmill/events.ts";
import { Workers } from "../../../local/windmill/job/workers.ts";
import { runScript } from "../../../local/windmill/run-script.ts";
import { step, useFixtures } from "./fixture-workspace.ts";

const workspace = useFixtures();
let file: string;
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), "cancel-")), "lines");
});

const error = {
  name: "Canceled",
  reason: "no reason given",
  message: "Job canceled: no reason given by local",
  canceler: "local",
};
const canceled = { kind: "failure", error, result: { error } };
const hang = (options = {}) => step("hang", "append", { file: "flow_input.file", wait_ms: 30_000 }, options);
const failure_module = step("failure", "echo", { value: "'ran'" });

/** Runs a flow and cancels it at an event; all events of the run come back. */
async function cancelAt(value: object, at: (event: RunEvent) => boolean, options = {}) {
  const presses = new AbortController();
  const events: RunEvent[] = [];
  const ran = await workspace.run(
    value,
    { file },
    {
      ...options,
      cancel: presses.signal,
      onEvent: (event) => {
        events.push(event);
        if (at(event)) presses.abort();
      },
    },
  );
  return { outcome: ran.outcome, events };
}

const isLog = (event: RunEvent) => event.kind === "log" && event.line === "appended";

describe("a cancelled flow", () => {
  test("kills the running step; neither a retry nor the failure module comes after it", async () => {
    const retry = { retry: { constant: { attempts: 3, seconds: 0 } } };
    const { outcome, events } = await cancelAt({ modules: [hang(retry)], failure_module }, isLog);
    expect(outcome).toEqual(canceled);
    expect(events.filter(({ kind }) => kind === "started")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({
      kind: "finished",
      success: false,
      result: {
        error: {
          name: "ExecutionErr",
          message: "execution error:\njob process terminated due to cancelled by local",
          step_id: "hang",
        },
      },
    });
  });

  test("is over at once inside a loop, with one error and no list", async () => {
    const loop = { id: "loop", value: { type: "whileloopflow", skip_failures: true, modules: [hang()] } };
    expect((await cancelAt({ modules: [loop], failure_module }, isLog)).outcome).toEqual(canceled);
  });

  test("does not sleep on", async () => {
    const nap = step("nap", "echo", {}, { sleep: { type: "static", value: 600 } });
    const flow = { modules: [nap, step("next", "echo")], failure_module };
    const { outcome, events } = await cancelAt(flow, ({ kind }) => kind === "sleeping", { sleep: undefined });
    expect(outcome).toEqual(canceled);
    expect(events.filter(({ kind }) => kind === "started")).toHaveLength(1);
  });

  test("does not wait for an approval any more", async () => {
    const gate = step("gate", "echo", {}, { suspend: { required_events: 1 } });
    const flow = { modules: [gate, step("next", "echo")], failure_module };
    const { outcome } = await cancelAt(flow, ({ kind }) => kind === "suspended", {
      approve: () => new Promise(() => undefined),
    });
    expect(outcome).toEqual(canceled);
  });

  test("before it starts runs nothing", async () => {
    const { outcome, events } = await workspace.run(
      { modules: [hang()] },
      { file },
      { cancel: AbortSignal.abort() },
    );
    expect({ outcome, events }).toEqual({ outcome: canceled, events: [] });
  });
});

describe("a cancelled script", () => {
  test("is killed", async () => {
    const presses = new AbortController();
    const outcome = await runScript(
      "append",
      { file, wait_ms: 30_000 },
      {
        root: workspace.root,
        cancel: presses.signal,
        onEvent: (event) => isLog(event) && presses.abort(),
      },
    );
    expect(outcome).toMatchObject({
      error: {
        name: "ExecutionErr",
        message: "execution error:\njob process terminated due to cancelled by local",
      },
    });
  });

  test("in the queue never starts, and gives its place to the next", async () => {
    const workers = new Workers(1);
    const presses = new AbortController();
    const mine = join(await mkdtemp(join(tmpdir(), "queued-")), "lines");
    const options = { root: workspace.root, workers };
    const first = runScript("append", { file, wait_ms: 1500 }, options);
    await delay(200);
    const queued = runScript("append", { file: mine }, { ...options, cancel: presses.signal });
    const last = runScript("echo", { value: 1 }, options);
    await delay(200);
    presses.abort();
    expect(await queued).toMatchObject({
      error: { name: "Canceled", message: "Job canceled: unexplicited reasons by local" },
    });
    expect((await first).kind).toBe("success");
    expect(await last).toEqual({ kind: "success", result: 1 });
    expect(existsSync(mine)).toBe(false);
  });
});
