import type { Finding } from "../build-error.ts";
import type { FlowParts } from "./load-flow.ts";

/**
 * Fields of a flow's form that no step uses. A step gets an input by its name; where the two are spelt differently, the
 * form would ask for what nobody reads.
 *
 * @param parts the flow with its inputs filled in
 */
export function unusedInputs({ source, document, schema }: FlowParts): readonly Finding[] {
  const uses = JSON.stringify(document.toJS()).matchAll(/\bflow_input(?:\??\.|\[\\?["'])(\w+)/g);
  const used = new Set([...uses].map(([, name]) => name));
  return schema.order
    .filter((name) => !used.has(name))
    .map((name) => ({ file: source, rule: `no step uses ${name}, which the form asks for` }));
}
