import type { Finding } from "../build-error.ts";
import type { ScriptParts } from "../script/script-files.ts";
import type { FlowParts } from "./load-flow.ts";

export function checkFlow(
  _flow: FlowParts,
  _scripts: readonly ScriptParts[],
  _flows: readonly FlowParts[],
  _folder: string,
): readonly Finding[] {
  return [];
}
