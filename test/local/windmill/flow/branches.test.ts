import { describe, expect, test } from "vitest";
import { noteFailure, step, useFixtures } from "../fixture-workspace.ts";

const { run } = useFixtures();

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
