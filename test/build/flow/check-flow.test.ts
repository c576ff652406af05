import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import * as z from "zod";
import { checkFlow } from "../../../build/flow/check-flow.ts";
import { formSchemaOf } from "../../../build/schema/form-schema-of.ts";
import { starrocksResource } from "../../../lib/windmill/fields.ts";

const input = formSchemaOf(
  z.object({ db: starrocksResource, name: z.string(), days: z.number().default(3) }),
);
const script = formSchemaOf(
  z.object({ name: z.string(), mode: z.enum(["full", "part"]).optional(), days: z.number().optional() }),
);
const runnables = { script: new Map([["f/x/run", script]]), flow: new Map([["f/x/sub", input]]) };

async function rulesBrokenBy(value: string): Promise<string> {
  const document = parseDocument(`summary: Test\nvalue:\n${value.replace(/^/gm, "  ")}`);
  const findings = await checkFlow(
    { name: "test", source: "flows/test.flow/flow.yaml", document, schema: input },
    runnables,
  );
  expect(findings.every(({ file }) => file === "flows/test.flow/flow.yaml")).toBe(true);
  return findings.map(({ rule }) => rule).join("\n");
}

/** One step; `%` in the templates below. */
function step(id: string, inputs = "name: { type: javascript, expr: flow_input.name }", more = ""): string {
  return `{ id: ${id}, summary: Run, value: { type: script, path: f/x/run, input_transforms: { ${inputs} } }${more === "" ? "" : `, ${more}`} }`;
}

const expression = (text: string) => `name: { type: javascript, expr: ${JSON.stringify(text)} }`;

describe("a flow", () => {
  test("that Windmill runs as it reads breaks no rule", async () => {
    const loop = `{ id: loop, summary: Loop, value: { type: whileloopflow, skip_failures: false, modules: [
      ${step("poll", expression("results.one.name + flow_input.iter.index"), "sleep: { type: javascript, expr: result.pause_seconds + flow_input.iter.index }, stop_after_if: { expr: result.done, skip_if_stopped: false }, retry: { retry_if: { expr: error.extra?.retriable !== false } }")} ] } }`;
    const plan = step(
      "plan",
      undefined,
      "suspend: { required_events: 1, timeout: 86400, resume_form: { schema: { type: object, anything: {} } } }",
    );
    const verify = step("verify", expression("resume.note + results.plan.hash"));
    const failure = step("failure", expression("error.message"));
    expect(
      await rulesBrokenBy(
        `modules: [${step("one")}, ${loop}, ${plan}, ${verify}]\nfailure_module: ${failure}`,
      ),
    ).toBe("");
  });

  test.each([
    [
      "a misspelt key",
      step("a", undefined, "suspnd: { required_events: 1 }"),
      "no key value.modules[0].suspnd",
    ],
    [
      "a misspelt key deep inside",
      step("a", undefined, "retry: { constant: { attempt: 2, seconds: 1 } }"),
      "retry.constant.attempt",
    ],
    ["a wrong type", step("a", undefined, "continue_on_error: 'yes'"), "must be boolean"],
    ["a number for a transform", step("a", undefined, "sleep: 10"), "sleep"],
    [
      "a stop without skip_if_stopped",
      step("a", undefined, "stop_after_if: { expr: 'true' }"),
      "skip_if_stopped",
    ],
    ["a step without a summary", step("a").replace("summary: Run, ", ""), "has no summary"],
    ["two steps of one id", `${step("a")}, ${step("a")}`, "two steps have the id a"],
    ["an id that no expression can name", step("a-b"), "step id a-b"],
    ["a script that is not built", step("a").replace("f/x/run", "f/x/gone"), "f/x/gone, which is not built"],
    [
      "a sub-flow that is not built",
      "{ id: a, summary: S, value: { type: flow, path: f/x/gone, input_transforms: {} } }",
      "f/x/gone",
    ],
    [
      "an argument nobody takes",
      step("a", `${expression("1")}, nmae: { type: static, value: 1 }`),
      "passes nmae",
    ],
    ["a missing required argument", step("a", ""), "does not pass name"],
    ["a required argument without value", step("a", "name: { type: static }"), "passes no value for name"],
    ["a required argument that may be missing", step("a", expression("flow_input.days")), "may be missing"],
    [
      "a value that is no choice",
      step("a", `${expression("1")}, mode: { type: static, value: ful }`),
      "one of full, part",
    ],
    ["an expression that does not compile", step("a", expression("flow_input.name +")), "does not compile"],
    [
      "a result inside a callback",
      `${step("a")}, ${step("b", expression("[1].map((x) => results.a.y)"))}`,
      "does not compile",
    ],
    [
      "a result in single quotes",
      `${step("a")}, ${step("b", expression("results['a'].y"))}`,
      "results['...']",
    ],
    [
      "a result of a later step",
      `${step("a", expression("results.b"))}, ${step("b")}`,
      "results.b, which is no step before",
    ],
    [
      "its own result",
      step("a", undefined, "stop_after_if: { expr: results.a.done, skip_if_stopped: false }"),
      "results.a",
    ],
    [
      "results in a sleep",
      `${step("a")}, ${step("b", undefined, "sleep: { type: javascript, expr: results.a.n + 1 }")}`,
      "does not give here",
    ],
    ["an input the flow does not have", step("a", expression("flow_input.nam")), "flow_input.nam,"],
    ["an iteration outside a loop", step("a", expression("flow_input.iter.value")), "outside a loop"],
    ["a look into a resource", step("a", expression("flow_input.db.host")), "$res:"],
    [
      "an answer without a question",
      `${step("a")}, ${step("b", expression("resume.note"))}`,
      "does not suspend",
    ],
    [
      "an answer read too late",
      step("a", undefined, "stop_after_if: { expr: resume.stop, skip_if_stopped: false }"),
      "resume, which Windmill does not give",
    ],
    ["a suspend for nothing", step("a", undefined, "suspend: { timeout: 60 }"), "required_events"],
    [
      "what this project does not model",
      "{ id: a, summary: S, value: { type: rawscript, language: bun, content: '', input_transforms: {} } }",
      "does not model",
    ],
  ])("with %s is refused", async (_, modules, rule) => {
    expect(await rulesBrokenBy(`modules: [${modules}]`)).toContain(rule);
  });

  test("shows the steps inside a loop to nobody outside", async () => {
    const loop = `{ id: loop, summary: L, value: { type: whileloopflow, skip_failures: false, modules: [${step("inner")}] } }`;
    expect(
      await rulesBrokenBy(`modules: [${loop}, ${step("after", expression("results.inner"))}]`),
    ).toContain("results.inner");
  });

  test("names its failure module failure", async () => {
    expect(await rulesBrokenBy(`modules: [${step("a")}]\nfailure_module: ${step("oops")}`)).toContain(
      "id failure",
    );
  });
});
