import { type Document, isMap, isSeq, YAMLMap } from "yaml";
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
    const schema = schemaOf(value, runnables);
    if (schema === undefined) continue;
    value.set("input_transforms", inputs(document, value.get("input_transforms"), schema, parts.schema));
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

/** What the script or flow takes that a step runs; undefined for other steps, and for what is not built here. */
function schemaOf(value: YAMLMap, runnables: Runnables): FormSchema | undefined {
  const kind = value.get("type");
  return kind === "script" || kind === "flow" ? runnables[kind].get(String(value.get("path"))) : undefined;
}

/** In the order of what the step runs; what that does not take stays, to be refused by name. */
function inputs(document: Document, written: unknown, taken: FormSchema, given: FormSchema): YAMLMap {
  const byHand = isMap(written) ? written : new YAMLMap();
  const all = new YAMLMap();
  for (const name of taken.order) {
    if (byHand.has(name)) all.set(name, byHand.get(name, true));
    else if (name in given.properties) {
      const transform = { type: "javascript", expr: `flow_input.${name}` };
      all.set(name, document.createNode(transform, { flow: true }));
    }
  }
  for (const { key, value } of byHand.items) if (!all.has(key)) all.set(key, value);
  return all;
}

function fillInRetry(document: Document, step: YAMLMap, { retry }: EveryStep): void {
  if (retry === undefined) return;
  const written = step.get("retry");
  if (written === undefined) step.set("retry", document.createNode(retry));
  else if (isMap(written) && !written.has("retry_if"))
    written.set("retry_if", document.createNode(retry.retry_if));
}
