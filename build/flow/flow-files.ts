import { withoutResourceFields } from "../../windmill/form-schema.ts";
import type { FlowParts } from "./load-flow.ts";

/** Emitted file of one flow: the hand-written document with its schema. */
export function flowFiles({ name, source, document, schema }: FlowParts): Readonly<Record<string, string>> {
  const emitted = document.clone();
  emitted.set("schema", emitted.createNode(withoutResourceFields(schema)));
  emitted.commentBefore = ` GENERATED from ${source}: change that file and build again.`;
  return { [`${name}.flow/flow.yaml`]: emitted.toString({ lineWidth: 0 }) };
}
