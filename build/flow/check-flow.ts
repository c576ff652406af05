import { createRequire } from "node:module";
import type * as Validator from "windmill-yaml-validator";
import type { FlowModule, OpenFlow } from "../../windmill/flow/open-flow.ts";
import { readOpenFlow } from "../../windmill/flow/open-flow.ts";
import { expressionsOf } from "../../windmill/flow/step-expressions.ts";
import { isLoop, type Step, stepsOf } from "../../windmill/flow/steps.ts";
import { unknownKeys } from "../../windmill/flow/unknown-keys.ts";
import type { Finding } from "../build-error.ts";
import { checkExpression } from "./check-expression.ts";
import { checkInputs, type Runnables } from "./check-inputs.ts";
import type { FlowParts } from "./load-flow.ts";

const { WindmillYamlValidator }: typeof Validator = createRequire(import.meta.url)("windmill-yaml-validator");
const validator = new WindmillYamlValidator();

/** Rules that a flow breaks. Windmill's own validator finds a part of them; the server finds the rest at run time. */
export async function checkFlow(parts: FlowParts, runnables: Runnables): Promise<readonly Finding[]> {
  return (await brokenRules(parts, runnables)).map((rule) => ({ file: parts.source, rule }));
}

async function brokenRules(parts: FlowParts, runnables: Runnables): Promise<readonly string[]> {
  const content: unknown = parts.document.toJS();
  const { errors } = validator.validate(parts.document.toString(), { type: "flow" });
  const format = [
    ...errors.map(({ instancePath, message }) => `${instancePath || "/"} ${message}`),
    ...unknownKeys(content).map((key) => `OpenFlow has no key ${key}; Windmill would ignore it`),
  ];
  if (format.length > 0) return format;
  const flow = readable(content, parts.source);
  if (typeof flow === "string") return [flow];
  const steps = stepsOf(flow);
  const perStep = await Promise.all(steps.map((step) => stepFaults(step, parts, runnables)));
  return [...idFaults(steps), ...perStep.flat()];
}

function readable(content: unknown, source: string): OpenFlow | string {
  try {
    return readOpenFlow(content, source);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function idFaults(steps: readonly Step[]): readonly string[] {
  const ids = steps.map(({ module }) => module.id);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two steps have the id ${id}`),
    ...ids
      .filter((id) => !/^[A-Za-z]\w*$/.test(id))
      .map((id) => `step id ${id}: use letters, digits and _ only`),
  ];
}

async function stepFaults(
  step: Step,
  { schema }: FlowParts,
  runnables: Runnables,
): Promise<readonly string[]> {
  const { module } = step;
  const expressions = await Promise.all(
    expressionsOf(module).map(async (expression) => {
      const faults = await checkExpression(expression, step, schema);
      return faults.map((fault) => `${expression.place} ${fault}`);
    }),
  );
  const faults = [...shapeFaults(step), ...checkInputs(module, runnables, schema), ...expressions.flat()];
  return faults.map((fault) => `step ${module.id}: ${fault}`);
}

function shapeFaults({ module, isFailureModule }: Step): readonly string[] {
  return [
    ...(module.summary === undefined ? ["has no summary; it is what the user reads in the graph"] : []),
    ...(isFailureModule && (module.id !== "failure" || module.value.type !== "script")
      ? ["the failure module must be a script with the id failure"]
      : []),
    ...(module.suspend !== undefined && (module.suspend.required_events ?? 0) < 1
      ? ["suspends for no event, so Windmill does not wait; set required_events"]
      : []),
    ...stopFaults(module),
  ];
}

/** The worker evaluates each kind of stop for some kinds of step only, and ignores it on the others. */
function stopFaults(module: FlowModule): readonly string[] {
  const gathers = isLoop(module) || module.value.type === "branchall";
  return [
    ...(module.stop_after_all_iters_if !== undefined && !gathers
      ? ["stop_after_all_iters_if needs a loop or branchall"]
      : []),
    ...(module.stop_after_if !== undefined && module.value.type === "branchall"
      ? ["stop_after_if is ignored on branchall; use stop_after_all_iters_if"]
      : []),
  ];
}
