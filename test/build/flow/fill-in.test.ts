import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import * as z from "zod";
import { checkFlow } from "../../../build/flow/check-flow.ts";
import type { EveryStep } from "../../../build/flow/every-step.ts";
import { filledIn } from "../../../build/flow/fill-in.ts";
import type { FlowParts } from "../../../build/flow/load-flow.ts";
import { unusedInputs } from "../../../build/flow/unused-inputs.ts";
import { formSchemaOf } from "../../../build/schema/form-schema-of.ts";

const script = formSchemaOf(
  z.object({ name: z.string(), days: z.number().optional(), run_id: z.string().optional() }),
);
const runnables = { script: new Map([["f/x/run", script]]), flow: new Map() };

const retry = { constant: { attempts: 3, seconds: 10 }, retry_if: { expr: "error.again" } };
const everyStep: EveryStep = { retry };

function flow(value: string, input: z.ZodObject = z.object({ name: z.string() })): FlowParts {
  const document = parseDocument(`summary: Test\nvalue:\n${value.replace(/^/gm, "  ")}`);
  return { name: "test", source: "flows/test.flow/flow.yaml", document, schema: formSchemaOf(input) };
}

function step(id: string, inputs = "", more = ""): string {
  return `{ id: ${id}, summary: Run, value: { type: script, path: f/x/run${inputs} }${more} }`;
}

function filled(parts: FlowParts) {
  return filledIn(parts, runnables, everyStep).document.toJS().value;
}

async function refusals(parts: FlowParts): Promise<readonly string[]> {
  const all = filledIn(parts, runnables, everyStep);
  return [...(await checkFlow(all, runnables)), ...unusedInputs(all)].map(({ rule }) => rule);
}

const fromForm = { type: "javascript", expr: "flow_input.name" };

describe("a step", () => {
  test("gets the flow's inputs that it takes, by their names, and no others", () => {
    const input = z.object({ other: z.string(), days: z.number().optional(), name: z.string() });
    const { modules } = filled(flow(`modules: [${step("a")}]`, input));
    expect(modules[0].value.input_transforms).toEqual({
      name: fromForm,
      days: { type: "javascript", expr: "flow_input.days" },
    });
  });

  test("keeps what is written by hand, in the order of what it runs", () => {
    const inputs =
      ", input_transforms: { run_id: { type: static, value: r }, days: { type: static, value: 1 } }";
    const { modules } = filled(flow(`modules: [${step("a", inputs)}]`));
    expect(Object.entries(modules[0].value.input_transforms)).toEqual([
      ["name", fromForm],
      ["days", { type: "static", value: 1 }],
      ["run_id", { type: "static", value: "r" }],
    ]);
  });

  test("that says nothing of a retry gets the usual one", () => {
    expect(filled(flow(`modules: [${step("a")}]`)).modules[0].retry).toEqual(retry);
  });

  test("that writes its retry gets only the usual condition", () => {
    const own = ", retry: { constant: { attempts: 5, seconds: 30 } }";
    expect(filled(flow(`modules: [${step("a", "", own)}]`)).modules[0].retry).toEqual({
      constant: { attempts: 5, seconds: 30 },
      retry_if: retry.retry_if,
    });
  });

  test("that writes its condition keeps it", () => {
    const own = ", retry: { retry_if: { expr: 'true' } }";
    expect(filled(flow(`modules: [${step("a", "", own)}]`)).modules[0].retry).toEqual({
      retry_if: { expr: "true" },
    });
  });

  test("inside a loop, in a branch or after a failure is filled in, too; what holds it is not", () => {
    const loop = `{ id: loop, summary: L, value: { type: whileloopflow, skip_failures: false, modules: [${step("a")}] } }`;
    const one = `{ id: one, summary: O, value: { type: branchone, branches: [{ expr: 'true', modules: [${step("b")}] }], default: [${step("c")}] } }`;
    const value = filled(flow(`modules: [${loop}, ${one}]\nfailure_module: ${step("failure")}`));
    const [{ value: looped, ...loopItself }, { value: branched, ...branchItself }] = value.modules;
    const steps = [
      looped.modules[0],
      branched.branches[0].modules[0],
      branched.default[0],
      value.failure_module,
    ];
    for (const inner of steps) {
      expect(inner.value.input_transforms).toEqual({ name: fromForm });
      expect(inner.retry).toEqual(retry);
    }
    for (const outer of [loopItself, branchItself]) expect(outer).not.toHaveProperty("retry");
  });
});

describe("filling in hides no fault:", () => {
  test.each([
    [
      "a required input that neither the flow nor the step has",
      flow(`modules: [${step("a")}]`, z.object({ days: z.number() })),
      "step a: does not pass name, which is required",
    ],
    [
      "a required input that the flow has, but that may be missing there",
      flow(`modules: [${step("a")}]`, z.object({ name: z.string().optional() })),
      "step a: passes flow_input.name, which may be missing, for name, which is required",
    ],
    [
      "a misspelt input of a step",
      flow(`modules: [${step("a", ", input_transforms: { nmae: { type: static, value: 1 } }")}]`),
      "step a: passes nmae, which f/x/run does not take",
    ],
    [
      "a misspelt input of the flow",
      flow(`modules: [${step("a")}]`, z.object({ name: z.string(), dyas: z.number().optional() })),
      "no step uses dyas, which the form asks for",
    ],
    [
      "a script that is not built",
      flow(`modules: [${step("a").replace("f/x/run", "f/x/gone")}]`),
      "step a: runs script f/x/gone, which is not built here",
    ],
  ])("%s is refused", async (_, parts, rule) => {
    expect(await refusals(parts)).toContain(rule);
  });

  test("inputs that are no map are refused", async () => {
    const faults = await refusals(flow(`modules: [${step("a", ", input_transforms: [name]")}]`));
    expect(faults.join("\n")).toContain("input_transforms");
  });

  test("an input that only an expression uses is used", async () => {
    const input = z.object({ name: z.string(), first: z.string(), last: z.string() });
    const stop = `, stop_after_if: { expr: 'flow_input?.first || flow_input["last"]', skip_if_stopped: false }`;
    expect(await refusals(flow(`modules: [${step("a", "", stop)}]`, input))).toEqual([]);
  });
});
