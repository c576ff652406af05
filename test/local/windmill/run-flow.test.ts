import { expect, test } from "vitest";
import { step, useFixtures } from "./fixture-workspace.ts";

const { run, flow } = useFixtures();

test("a sub-flow has results of its own", async () => {
  const inner = await flow({
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
