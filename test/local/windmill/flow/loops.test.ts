import { describe, expect, test } from "vitest";
import { lineFile, noteFailure, step, stepsRun, useFixtures } from "../fixture-workspace.ts";

const { run } = useFixtures();

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
