import { describe, expect, test } from "vitest";
import { noteFailure, step, stepsRun, useFixtures } from "../fixture-workspace.ts";

const { run } = useFixtures();

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
