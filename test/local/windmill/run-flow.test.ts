import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type FixtureWorkspace, fixtureWorkspace, step, stepsRun } from "./fixture-workspace.ts";

let workspace: FixtureWorkspace;
beforeAll(async () => {
  workspace = await fixtureWorkspace();
});

const run: FixtureWorkspace["run"] = (...given) => workspace.run(...given);

async function lineFile(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "lines-")), "lines");
}

async function linesIn(file: string): Promise<readonly string[]> {
  return (await readFile(file, "utf8")).trim().split("\n");
}

const noteFailure = step("failure", "echo", { value: "({ noted: error.message })" });

describe("steps in a row", () => {
  test("hand on results by id and as previous_result", async () => {
    const { outcome } = await run(
      {
        modules: [
          step("one", "echo", { value: "flow_input.start" }),
          step("two", "echo", { value: "previous_result + 1" }),
          step("three", "echo", { value: "[results.one, results.two]" }),
        ],
      },
      { start: 1 },
    );
    expect(outcome).toEqual({ kind: "success", result: [1, 2] });
  });

  test("pass resources on as references and resolve them in the step", async () => {
    const modules = [
      step("one", "echo", { value: "[flow_input.db.slice(0, 4), resource('f/ops/db').host]" }),
      step("two", "echo", { value: "flow_input.db" }),
    ];
    const { outcome } = await run(
      { modules },
      { db: "$res:f/ops/db" },
      { resources: { "f/ops/db": { host: "fe" } } },
    );
    expect(outcome).toEqual({ kind: "success", result: { host: "fe" } });
  });

  test("a missing input is null", async () => {
    const { outcome } = await run({
      modules: [step("one", "echo", { value: "({ got: flow_input.absent ?? 'nothing' })" })],
    });
    expect(outcome).toEqual({ kind: "success", result: { got: "nothing" } });
  });

  test("skip_if hands on the result before", async () => {
    const ran = await run({
      modules: [
        step("one", "echo", { value: "1" }),
        step("two", "fail", {}, { skip_if: { expr: "results.one === 1" } }),
      ],
    });
    expect(ran.outcome).toEqual({ kind: "success", result: 1 });
    expect(stepsRun(ran)).toEqual(["one"]);
  });

  test("stop_after_if ends the flow", async () => {
    const stop = { stop_after_if: { expr: "result === flow_input.stop_at", skip_if_stopped: false } };
    const ran = await run(
      { modules: [step("one", "echo", { value: "1" }, stop), step("two", "echo", { value: "2" })] },
      { stop_at: 1 },
    );
    expect(ran.outcome).toEqual({ kind: "success", result: 1 });
    expect(stepsRun(ran)).toEqual(["one"]);
  });

  test("stop_after_if with a message fails the flow and runs the failure module", async () => {
    const stop = { stop_after_if: { expr: "true", skip_if_stopped: false, error_message: "too much" } };
    const { outcome } = await run({
      modules: [step("one", "echo", { value: "1" }, stop)],
      failure_module: noteFailure,
    });
    expect(outcome).toMatchObject({ kind: "failure", result: { noted: "too much" } });
  });

  test("a sleep delays the next step, also after the last one", async () => {
    const { slept } = await run({
      modules: [
        step("one", "echo", { value: "1" }, { sleep: { type: "static", value: 20 } }),
        step("two", "echo", { value: "2" }, { sleep: { type: "javascript", expr: "result * 2" } }),
      ],
    });
    expect(slept).toEqual([20, 4]);
  });
});

describe("a failing step", () => {
  test("fails the flow with its step's id", async () => {
    const ran = await run({ modules: [step("one", "fail"), step("two", "echo")] });
    expect(ran.outcome).toMatchObject({
      kind: "failure",
      error: { name: "StarRocksBackupError", message: "boom", step_id: "one" },
    });
    expect(stepsRun(ran)).toEqual(["one"]);
  });

  test("is tried again with the same arguments", async () => {
    const file = await lineFile();
    const retry = {
      retry: {
        constant: { attempts: 1, seconds: 30 },
        exponential: { attempts: 2, multiplier: 2, seconds: 3 },
      },
    };
    const ran = await run(
      { modules: [step("one", "append", { file: "flow_input.file", at_least: 3 }, retry)] },
      { file },
    );
    expect(ran.outcome).toEqual({ kind: "success", result: 3 });
    expect(ran.slept).toEqual([30, 18]);
    expect(new Set(await linesIn(file)).size).toBe(3);
  });

  test("is not tried again when retry_if says no", async () => {
    const retry = {
      retry: {
        constant: { attempts: 5, seconds: 1 },
        retry_if: { expr: "error.extra.code !== 'STEP_FAILED'" },
      },
    };
    const ran = await run({ modules: [step("one", "fail", {}, retry)] });
    expect(ran.outcome.kind).toBe("failure");
    expect(stepsRun(ran)).toHaveLength(1);
  });

  test("may be tolerated", async () => {
    const tolerated = { continue_on_error: true };
    const { outcome } = await run({
      modules: [
        step("one", "fail", {}, tolerated),
        step("two", "echo", { value: "results.one.error.message" }),
      ],
    });
    expect(outcome).toEqual({ kind: "success", result: "boom" });
  });

  test("runs the failure module, whose result is the flow's", async () => {
    const { outcome } = await run({
      modules: [step("one", "fail", { message: "'disk'" })],
      failure_module: noteFailure,
    });
    expect(outcome).toMatchObject({ kind: "failure", result: { noted: "disk" } });
  });

  test("is forgiven when the failure module says recover", async () => {
    const failure = step("failure", "echo", { value: "({ recover: true })" });
    const { outcome } = await run({ modules: [step("one", "fail")], failure_module: failure });
    expect(outcome).toEqual({ kind: "success", result: { recover: true } });
  });

  test("is also one whose arguments cannot be evaluated", async () => {
    const { outcome } = await run({ modules: [step("one", "echo", { value: "results.none.x.y + 1" })] });
    expect(outcome).toMatchObject({
      kind: "failure",
      error: { message: expect.stringContaining("isolated evaluation") },
    });
  });

  test("whose arguments cannot be evaluated is tried again without any", async () => {
    const retry = { retry: { constant: { attempts: 1, seconds: 1 } } };
    const ran = await run({ modules: [step("one", "echo", { value: "results.none.x.y + 1" }, retry)] });
    expect(ran.outcome).toEqual({ kind: "success", result: null });
    expect(ran.slept).toEqual([1]);
  });

  test("is killed at its timeout", async () => {
    const file = await lineFile();
    const slow = step(
      "one",
      "append",
      { file: "flow_input.file", wait_ms: 20000 },
      { timeout: { type: "static", value: 1 } },
    );
    const { outcome } = await run({ modules: [slow] }, { file });
    expect(outcome).toMatchObject({
      kind: "failure",
      error: {
        name: "ExecutionErr",
        message:
          "execution error:\njob process terminated due to timeout after exceeding job-specific duration limit",
        step_id: "one",
      },
    });
  });

  test("lets the failure module be tried again, too", async () => {
    const file = await lineFile();
    const failure = step(
      "failure",
      "append",
      { file: "flow_input.file", at_least: 2 },
      { retry: { constant: { attempts: 1, seconds: 5 } } },
    );
    const ran = await run({ modules: [step("one", "fail")], failure_module: failure }, { file });
    expect(ran.outcome).toMatchObject({ kind: "failure", result: 2 });
    expect(ran.slept).toEqual([5]);
  });

  test("is tried again unless its error says that this is in vain, with or without extra", async () => {
    const retry = {
      retry: {
        constant: { attempts: 1, seconds: 1 },
        retry_if: { expr: "error.extra?.retriable !== false" },
      },
    };
    const tries = async (name: string, inputs: Record<string, unknown>) =>
      stepsRun(await run({ modules: [step("one", name, inputs, retry)] })).length;
    expect(await tries("exit", { code: 137 })).toBe(2);
    expect(await tries("fail", {})).toBe(2);
    expect(await tries("keys", {})).toBe(1);
  });

  test("whose retry_if is broken fails the flow with a text", async () => {
    const retry = { retry: { constant: { attempts: 1, seconds: 1 }, retry_if: { expr: "nothing.here" } } };
    const { outcome } = await run({
      modules: [step("one", "fail", {}, retry)],
      failure_module: step("failure", "echo", { value: "({ noted: error })" }),
    });
    expect(outcome).toMatchObject({
      result: { noted: expect.stringContaining("nothing is not defined") },
    });
  });
});

describe("a sleep", () => {
  const sleepy = (expr: string) => ({
    modules: [
      step(
        "one",
        "echo",
        { value: "({ done: false, pause_seconds: flow_input.pause })" },
        {
          sleep: { type: "javascript", expr },
        },
      ),
      step("two", "echo", { value: "2" }),
    ],
    failure_module: noteFailure,
  });

  test.each([
    ["result.pause_seconds", 7.25, 7.25],
    ["previous_result.pause_seconds", 0.0019, 0.001],
    ["flow_input.pause", -0.5, 0],
  ])("of %s, %d, takes %d seconds", async (expr, pause, seconds) => {
    expect((await run(sleepy(expr), { pause })).slept).toEqual([seconds]);
  });

  test.each([
    ["result.pause_seconds", null, "Expected an integer, found: Null"],
    ["result.pause_seconds", -5, "Expected an integer, found: -5"],
    ["results.one.pause_seconds", 1, "results is not defined"],
  ])("of %s, %j, ends the flow without its failure module", async (expr, pause, message) => {
    const ran = await run(sleepy(expr), { pause });
    expect(ran.outcome).toMatchObject({
      kind: "failure",
      error: { name: "InternalError", message: expect.stringContaining(message) },
    });
    expect(stepsRun(ran)).toEqual(["one"]);
  });

  test("that is broken inside a loop is heard of by the failure module outside", async () => {
    const { modules, failure_module } = sleepy("null");
    const wait = { id: "wait", value: { type: "whileloopflow", skip_failures: false, modules } };
    const ran = await run({ modules: [wait], failure_module });
    expect(stepsRun(ran)).toEqual(["one", "failure"]);
    expect(ran.outcome).toMatchObject({ result: { noted: "Expected an integer, found: Null" } });
  });
});

describe("a loop", () => {
  const loop = (body: readonly object[], options: object = {}, value: object = {}) => ({
    id: "loop",
    value: {
      type: "forloopflow",
      iterator: { type: "javascript", expr: "flow_input.items" },
      skip_failures: false,
      parallel: false,
      modules: body,
      ...value,
    },
    ...options,
  });
  const items = { items: ["a", "b", "c"] };

  test("gathers its iterations' results", async () => {
    const body = [step("in", "echo", { value: "flow_input.iter.index + flow_input.iter.value" })];
    expect((await run({ modules: [loop(body)] }, items)).outcome).toEqual({
      kind: "success",
      result: ["0a", "1b", "2c"],
    });
    expect((await run({ modules: [loop(body, {}, { parallel: true })] }, items)).outcome).toMatchObject({
      result: ["0a", "1b", "2c"],
    });
    expect((await run({ modules: [loop(body)] }, { items: [] })).outcome).toEqual({
      kind: "success",
      result: [],
    });
  });

  test("needs a list", async () => {
    const { outcome } = await run({ modules: [loop([step("in", "echo")])] }, { items: 3 });
    expect(outcome).toMatchObject({ kind: "failure", error: { message: expect.stringContaining("list") } });
  });

  test("stops at a stop inside, and the flow goes on", async () => {
    const stop = { stop_after_if: { expr: "result === 'b'", skip_if_stopped: false } };
    const body = [step("in", "echo", { value: "flow_input.iter.value" }, stop)];
    const { outcome } = await run(
      { modules: [loop(body), step("after", "echo", { value: "results.loop.length" })] },
      items,
    );
    expect(outcome).toEqual({ kind: "success", result: 2 });
  });

  test("collects failures with skip_failures, and runs the failure module for each", async () => {
    const body = [step("in", "fail", { message: "flow_input.iter.value" })];
    const ran = await run(
      { modules: [loop(body, {}, { skip_failures: true })], failure_module: noteFailure },
      items,
    );
    expect(ran.outcome).toEqual({
      kind: "success",
      result: [{ noted: "a" }, { noted: "b" }, { noted: "c" }],
    });
  });

  test("fails at the first failure otherwise, running the failure module once", async () => {
    const body = [step("in", "fail", { message: "flow_input.iter.value" })];
    const ran = await run({ modules: [loop(body)], failure_module: noteFailure }, items);
    expect(ran.outcome).toMatchObject({ kind: "failure", result: [{ noted: "a" }] });
    expect(stepsRun(ran)).toEqual(["in", "failure"]);
  });

  test("hides its steps from outside and shows outer ones inside", async () => {
    const body = [step("in", "echo", { value: "results.outer + flow_input.iter.value" })];
    const modules = [
      step("outer", "echo", { value: "'x'" }),
      loop(body),
      step("after", "echo", { value: "({ in: results.in, loop: results.loop })" }),
    ];
    const { outcome } = await run({ modules }, items);
    // An untouched form sends null for "not given", so scripts drop null fields.
    expect(outcome).toEqual({ kind: "success", result: { loop: ["xa", "xb", "xc"] } });
  });

  test("while polls until its body stops it, sleeping in between", async () => {
    const file = await lineFile();
    const poll = step(
      "poll",
      "append",
      { file: "flow_input.file" },
      {
        stop_after_if: { expr: "result === 3", skip_if_stopped: false },
        sleep: { type: "static", value: 20 },
      },
    );
    const wait = { id: "wait", value: { type: "whileloopflow", skip_failures: false, modules: [poll] } };
    const ran = await run({ modules: [wait] }, { file });
    expect(ran.outcome).toEqual({ kind: "success", result: [1, 2, 3] });
    expect(ran.slept).toEqual([20, 20]);
  });

  test("while counts its iterations from 0, and may sleep longer each time", async () => {
    const poll = step(
      "poll",
      "echo",
      { value: "({ ...flow_input.iter, pause_seconds: 5 * 2 ** flow_input.iter.index })" },
      {
        stop_after_if: { expr: "result.index === 2", skip_if_stopped: false },
        sleep: { type: "javascript", expr: "result.pause_seconds + flow_input.iter.index" },
      },
    );
    const wait = { id: "wait", value: { type: "whileloopflow", skip_failures: false, modules: [poll] } };
    const ran = await run({ modules: [wait] });
    expect(ran.outcome).toEqual({
      kind: "success",
      result: [
        { index: 0, value: 0, pause_seconds: 5 },
        { index: 1, value: 1, pause_seconds: 10 },
        { index: 2, value: 2, pause_seconds: 20 },
      ],
    });
    expect(ran.slept).toEqual([5, 11]);
  });

  test("gives the inner loop the outer iteration", async () => {
    const inner = {
      ...loop([step("in", "echo", { value: "flow_input.iter_parent.value + flow_input.iter.value" })]),
      id: "inner",
    };
    const { outcome } = await run({ modules: [loop([inner])] }, { items: ["a", "b"] });
    expect(outcome).toEqual({
      kind: "success",
      result: [
        ["aa", "ab"],
        ["ba", "bb"],
      ],
    });
  });
});

describe("a branch", () => {
  const one = (expr: string) => ({
    id: "branch",
    value: {
      type: "branchone",
      branches: [{ expr, modules: [step("taken", "echo", { value: "'taken'" })] }],
      default: [step("other", "echo", { value: "'other'" })],
    },
  });

  test("is taken by its condition", async () => {
    expect((await run({ modules: [one("flow_input.yes")] }, { yes: true })).outcome).toMatchObject({
      result: "taken",
    });
    expect((await run({ modules: [one("flow_input.yes")] }, { yes: false })).outcome).toMatchObject({
      result: "other",
    });
  });

  test("that is empty hands on the result before", async () => {
    const empty = { id: "branch", value: { type: "branchone", branches: [], default: [] } };
    const { outcome } = await run({
      modules: [
        step("one", "echo", { value: "5" }),
        empty,
        step("two", "echo", { value: "previous_result" }),
      ],
    });
    expect(outcome).toEqual({ kind: "success", result: 5 });
  });

  test("all gather a list", async () => {
    const branches = [
      { modules: [step("a", "echo", { value: "1" })] },
      { modules: [step("b", "fail")], skip_failure: true },
    ];
    const { outcome } = await run({
      modules: [{ id: "all", value: { type: "branchall", parallel: true, branches } }],
    });
    expect(outcome).toMatchObject({ kind: "success", result: [1, { error: { message: "boom" } }] });
  });

  test("with a broken condition is a failed step", async () => {
    const message = expect.stringContaining("nothing is not defined");
    const { outcome } = await run({ modules: [one("nothing.here")], failure_module: noteFailure });
    expect(outcome).toMatchObject({ kind: "failure", result: { noted: message } });
    const tolerated = await run({ modules: [{ ...one("nothing.here"), continue_on_error: true }] });
    expect(tolerated.outcome).toMatchObject({ kind: "success", result: { error: { message } } });
  });
});

describe("an approval", () => {
  const suspend = { suspend: { required_events: 1 } };
  const gated = (options: object = suspend) => ({
    modules: [
      step("plan", "echo", { value: "({ hash: 'h', default_args: { note: 'n' } })" }, options),
      step("verify", "echo", { value: "({ resume, approvers, hash: results.plan.hash })" }),
    ],
    failure_module: noteFailure,
  });

  test("that nobody gives ends the run as suspended, with the plan", async () => {
    const { outcome } = await run(gated());
    expect(outcome).toMatchObject({ kind: "suspended", stepId: "plan", result: { hash: "h" } });
  });

  test("reaches the step after it", async () => {
    const { outcome } = await run(gated(), {}, { approve: "approve" });
    expect(outcome).toEqual({
      kind: "success",
      result: { resume: { note: "n" }, approvers: ["local"], hash: "h" },
    });
  });

  test("may be given by a function that reads the plan", async () => {
    const { outcome } = await run(
      gated(),
      {},
      {
        approve: async ({ stepId, result }) => ({
          decision: "approve",
          payload: { stepId, result },
          approver: "ann",
        }),
      },
    );
    expect(outcome).toMatchObject({
      result: { resume: { stepId: "plan", result: { hash: "h" } }, approvers: ["ann"] },
    });
  });

  test("refused or timed out fails the flow and runs the failure module", async () => {
    const rejected = await run(gated(), {}, { approve: "reject" });
    expect(rejected.outcome).toMatchObject({ kind: "failure", result: { noted: "Disapproved by local" } });
    expect(stepsRun(rejected)).toEqual(["plan", "failure"]);
    const byAnn = await run(gated(), {}, { approve: async () => ({ decision: "reject", approver: "ann" }) });
    expect(byAnn.outcome).toMatchObject({ result: { noted: "Disapproved by ann" } });
  });

  test.each([
    ["time-out", { name: "SuspendedTimedOut", message: "Timed out waiting to be resumed" }],
    [{ decision: "reject" }, { name: "SuspendedDisapproved", message: "Disapproved by unknown" }],
  ] as const)("answered with %j ends in an error of two keys", async (approve, error) => {
    const { outcome } = await run({ ...gated(), failure_module: undefined }, {}, { approve });
    expect(outcome).toEqual({ kind: "failure", error, result: { error } });
  });

  test("is not asked for by a skipped or stopped step", async () => {
    const skipped = await run(gated({ ...suspend, skip_if: { expr: "true" } }));
    expect(skipped.outcome.kind).toBe("success");
    const stopped = await run(gated({ ...suspend, stop_after_if: { expr: "true", skip_if_stopped: false } }));
    expect(stopped.outcome).toMatchObject({ kind: "success", result: { hash: "h" } });
  });
});

test("a sub-flow has results of its own", async () => {
  const inner = await workspace.flow({
    modules: [step("in", "echo", { value: "[flow_input.given, results.outer ?? 'unknown']" })],
  });
  const sub = {
    id: "sub",
    value: {
      type: "flow",
      path: `f/starrocks_backup/${inner}`,
      input_transforms: { given: { type: "static", value: 1 } },
    },
  };
  const { outcome } = await run({ modules: [step("outer", "echo", { value: "'x'" }), sub] });
  expect(outcome).toEqual({ kind: "success", result: [1, "unknown"] });
});

test("what the runner does not model is refused, not ignored", async () => {
  await expect(run({ modules: [step("one", "echo", {}, { suspnd: {} })] })).rejects.toThrow("suspnd");
  await expect(
    run({ modules: [{ id: "ai", value: { type: "aiagent", tools: [], input_transforms: {} } }] }),
  ).rejects.toThrow("does not model");
});
