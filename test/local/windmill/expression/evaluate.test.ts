import { describe, expect, test } from "vitest";
import { evaluate, evaluatePredicate } from "../../../../local/windmill/expression/evaluate.ts";
import type { ExpressionScope } from "../../../../local/windmill/expression/scope.ts";

const scope: ExpressionScope = {
  flowInput: { db: "$res:f/ops/db", names: ["a", "b"], nested: { key: 1 } },
  flowEnv: { stage: "test" },
  names: { previous_result: { error: { message: "broken" }, value: 7 }, resume: null },
  results: {
    previousId: "previous",
    lookup: (id) => (id === "plan" ? { rows: [{ n: 1 }, { n: 2 }], total: 3 } : null),
  },
  workspace: {
    resource: (path) => {
      if (path !== "f/ops/db") throw new Error(`no resource ${path}`);
      return { host: "fe" };
    },
    variable: (path) => `value of ${path}`,
  },
};

describe("a flow expression", () => {
  test.each([
    ["flow_input.nested", { key: 1 }],
    ['flow_input["nested"]', { key: 1 }],
    ["flow_env.stage", "test"],
    ["results.plan", { rows: [{ n: 1 }, { n: 2 }], total: 3 }],
    ["results.plan.no.such.path", null],
    ["results.plan.rows.length", 2],
    ["results.never_ran", null],
    ["results.previous.value + 1", 8],
    ["error.message", "broken"],
    ["{ total: results.plan.total }", { total: 3 }],
    ["const n = results.plan.total; return flow_input.names.map((x) => x + n)", ["a3", "b3"]],
    ["const n = 1; n", null],
    ["undefined", null],
    ["'a;b'.length", 3],
    ["resource(flow_input.db.replace('$res:', '')).host", "fe"],
    ["variable('f/ops/pw')", "value of f/ops/pw"],
    ["typeof Intl + typeof structuredClone + typeof btoa + typeof process", "undefined".repeat(4)],
  ])("%s", async (expression, value) => {
    expect(await evaluate(expression, scope)).toEqual(value);
  });

  test.each([
    ["flow_input.names.map((x) => results.plan.total)", "SyntaxError"],
    ["results.never_ran.total + 1", "TypeError"],
    ["no_such_name", "ReferenceError"],
    ["(() => { const again = () => again() + 1; return again(); })()", "RangeError"],
    ["new Promise(() => {})", "never settles"],
    ["resource('f/no/such')", "no resource f/no/such"],
    ["flow_input.db.host.port", "TypeError"],
  ])("%s fails with %s, as in Windmill", async (expression, kind) => {
    await expect(evaluate(expression, scope)).rejects.toThrow(kind);
  });

  test("sees no results where Windmill gives none", async () => {
    const { results: _results, ...bare } = scope;
    await expect(evaluate("results.plan.total + 1", bare)).rejects.toThrow("results is not defined");
  });

  test("is a predicate by its truth", async () => {
    expect(await evaluatePredicate("results.plan.total", scope)).toBe(true);
    expect(await evaluatePredicate("resume", scope)).toBe(false);
  });
});
