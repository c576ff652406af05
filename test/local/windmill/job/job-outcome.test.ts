import { describe, expect, test } from "vitest";
import { runScript } from "../../../../local/windmill/run-script.ts";
import { type Ran, step, stepsRun, useFixtures } from "../fixture-workspace.ts";

const workspace = useFixtures();

const errorOf = ({ outcome }: Ran) => (outcome.kind === "failure" ? outcome.error : outcome);

describe("the error of a step", () => {
  test("that throws has the thrown error's own properties as extra", async () => {
    const ran = await workspace.run({ modules: [step("one", "fail", { message: "'no disk'" })] });
    expect(errorOf(ran)).toEqual({
      name: "StarRocksBackupError",
      message: "no disk",
      stack: "Try again.",
      step_id: "one",
      extra: { code: "STEP_FAILED", next: "Try again.", retriable: true },
    });
  });

  test("whose process exits without a result quotes its log", async () => {
    const ran = await workspace.run({ modules: [step("one", "exit", { code: 137 })] });
    expect(errorOf(ran)).toEqual({
      name: "ExecutionErr",
      message: 'exit code for "bun run": 137, last log lines:\nabout to exit',
      step_id: "one",
      exit_code: 137,
    });
  });

  test("whose arguments cannot be evaluated names no step", async () => {
    const ran = await workspace.run({ modules: [step("one", "echo", { value: "nothing.here" })] });
    expect(errorOf(ran)).toEqual({
      name: "ExecutionErr",
      message: expect.stringContaining("nothing is not defined"),
    });
  });

  test("inside a loop makes the flow's result a list", async () => {
    const loop = {
      id: "loop",
      value: { type: "whileloopflow", skip_failures: false, modules: [step("in", "exit", { code: 1 })] },
    };
    const report = step("failure", "echo", { value: "({ noted: error.step_id })" });
    const { outcome } = await workspace.run({ modules: [loop], failure_module: report });
    expect(outcome).toMatchObject({ kind: "failure", result: [{ noted: "in" }] });
  });
});

describe("what the workspace does not have", () => {
  const taking = (value: string) => ({ modules: [step("one", "echo", { value })] });
  const refused = (message: string) => ({
    name: "ExecutionErr",
    message: `execution error:\nNot found: ${message}`,
    step_id: "one",
  });

  test.each([
    ["flow_input.db", "Resource f/no/db not found for `value`: Not found: Resource f/no/db not found"],
    ["[flow_input.db]", "Resource f/no/db not found for `value`: Not found: Resource f/no/db not found"],
    ["({ in: flow_input.db })", "Resource f/no/db not found for `in`: Not found: Resource f/no/db not found"],
    ["'$var:f/no/pw'", "Variable f/no/pw not found for `value`: Not found: Variable f/no/pw not found"],
    ["'$res:f/ops/db'", "Resource f/ops/db not found for `value`: Not found: Variable f/no/pw not found"],
  ])("fails the step that is given %s", async (value, message) => {
    const resources = { "f/ops/db": { password: "$var:f/no/pw" } };
    const ran = await workspace.run(taking(value), { db: "$res:f/no/db" }, { resources });
    expect(errorOf(ran)).toEqual(refused(message));
  });

  test("fails the failure module's step too, if it takes it", async () => {
    const failure = step("failure", "echo", { value: "flow_input.db" });
    const ran = await workspace.run(
      { ...taking("flow_input.db"), failure_module: failure },
      { db: "$res:f/no/db" },
    );
    expect(stepsRun(ran)).toEqual(["one", "failure"]);
    expect(errorOf(ran)).toMatchObject({ name: "ExecutionErr", step_id: "failure" });
  });

  test("fails a script that is run alone", async () => {
    const outcome = await runScript("echo", { value: "$res:f/no/db" }, { root: workspace.root });
    const { step_id: _stepId, ...error } = refused(
      "Resource f/no/db not found for `value`: Not found: Resource f/no/db not found",
    );
    expect(outcome).toEqual({ kind: "failure", error, result: { error } });
  });
});
