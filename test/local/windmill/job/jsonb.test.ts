import { describe, expect, test } from "vitest";
import { asJsonb } from "../../../../local/windmill/job/jsonb.ts";
import { step, useFixtures } from "../fixture-workspace.ts";

describe("jsonb", () => {
  test.each([
    ['{"bb":1,"a":2,"C":3}', '{"C":3,"a":2,"bb":1}'],
    ['{"é":1,"zz":2,"z":3}', '{"z":3,"zz":2,"é":1}'],
    ['[{"b":{"dd":1,"c":2},"a":[{"y":1,"x":2}]}]', '[{"a":[{"x":2,"y":1}],"b":{"c":2,"dd":1}}]'],
    ['{"text":"a\\u0000b","n":1e21,"f":0.1,"z":null}', '{"f":0.1,"n":1e+21,"z":null,"text":"ab"}'],
    ["true", "true"],
  ])("makes of %s: %s", (given, stored) => {
    expect(JSON.stringify(asJsonb(JSON.parse(given)))).toBe(stored);
  });
});

describe("keys are reordered", () => {
  const workspace = useFixtures();
  const given = { longest: 1, mid: 2, a: 3 };

  test("in what a step is given", async () => {
    const { outcome } = await workspace.run({
      modules: [step("one", "keys", { value: "({ longest: 1, mid: 2, a: 3 })" })],
    });
    expect(outcome).toEqual({ kind: "success", result: ["a", "mid", "longest"] });
  });

  test("in what a flow is given, and in what a step returns", async () => {
    const { outcome } = await workspace.run(
      {
        modules: [
          step("one", "echo", { value: "({ zoo: { bb: 1, a: 2 }, x: 1 })" }),
          step("two", "echo", {
            value:
              "const all = results.one; return [flow_input.given, all, all.zoo].map((x) => Object.keys(x))",
          }),
        ],
      },
      { given },
    );
    expect(outcome).toEqual({
      kind: "success",
      result: [
        ["a", "mid", "longest"],
        ["x", "zoo"],
        ["a", "bb"],
      ],
    });
  });

  test("in a flow's result, its errors, and what an approval brings", async () => {
    const gated = step("plan", "echo", { value: "1" }, { suspend: { required_events: 1 } });
    const { outcome } = await workspace.run(
      { modules: [gated, step("act", "keys", { value: "resume" })] },
      {},
      { approve: { decision: "approve", payload: given } },
    );
    expect(outcome).toMatchObject({ result: ["a", "mid", "longest"] });
    const failed = await workspace.run({ modules: [step("one", "fail")] });
    const { error } = failed.outcome.kind === "failure" ? failed.outcome : { error: null };
    expect(Object.keys(Object(error))).toEqual(["name", "extra", "stack", "message", "step_id"]);
  });
});
