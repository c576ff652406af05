import { type Document, isMap, isSeq, type Pair, YAMLMap } from "yaml";
import type { FormSchema } from "../../windmill/form-schema.ts";
import type { Runnables } from "./check-inputs.ts";
import type { EveryStep } from "./every-step.ts";
import type { FlowParts } from "./load-flow.ts";

/**
 * Writes out what a hand-written flow leaves out: an input that the flow has under the same name, and the retry of a step
 * that says nothing of it. What differs is written by hand, and stays.
 */
export function filledIn(parts: FlowParts, runnables: Runnables, everyStep: EveryStep): FlowParts {
  const document = parts.document.clone();
  for (const step of stepsOf(document.get("value"))) {
    const value = step.get("value");
    if (!isMap(value)) continue;
    const kind = value.get("type");
    if (kind !== "script" && kind !== "flow") continue;
    // What is not built here takes nothing; that it is not built is for the check of the flow to say.
    const taken = runnables[kind].get(String(value.get("path")))?.order ?? [];
    fillInInputs(document, value, taken, parts.schema);
    fillInRetry(document, step, everyStep);
  }
  return { ...parts, document };
}

/** Every step below a node: those of loops and branches, and the failure step. */
function stepsOf(node: unknown): readonly YAMLMap[] {
  if (isSeq(node)) return node.items.flatMap(stepsOf);
  if (!isMap(node)) return [];
  const inner = ["modules", "default", "branches", "failure_module", "value"].flatMap((key) =>
    stepsOf(node.get(key)),
  );
  return node.has("id") && node.has("value") ? [node, ...inner] : inner;
}

/** In the order of what the step runs; what that does not take stays, to be refused by name. */
function fillInInputs(document: Document, value: YAMLMap, taken: readonly string[], given: FormSchema): void {
  const written = value.get("input_transforms") ?? new YAMLMap();
  if (!isMap(written)) return;
  for (const name of taken) {
    if (written.has(name) || !(name in given.properties)) continue;
    const transform = { type: "javascript", expr: `flow_input.${name}` };
    written.set(name, document.createNode(transform, { flow: true }));
  }
  const places = new Map(taken.map((name, place) => [name, place]));
  const placeOf = ({ key }: Pair): number => places.get(String(key)) ?? places.size;
  written.items.sort((one, other) => placeOf(one) - placeOf(other));
  value.set("input_transforms", written);
}

function fillInRetry(document: Document, step: YAMLMap, { retry }: EveryStep): void {
  if (retry === undefined) return;
  const written = step.get("retry");
  if (written === undefined) step.set("retry", document.createNode(retry));
  else if (isMap(written) && !written.has("retry_if") && retry.retry_if !== undefined)
    written.set("retry_if", document.createNode(retry.retry_if));
}
