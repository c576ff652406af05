import { describe, expect, test } from "vitest";
import { lineFile, linesIn, noteFailure, step, stepsRun, useFixtures } from "../fixture-workspace.ts";

const { run } = useFixtures();

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
