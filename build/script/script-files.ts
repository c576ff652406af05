import { stringify } from "yaml";
import type { FormSchema } from "../schema/form-schema.ts";
import { withoutResourceFields } from "../schema/form-schema.ts";
import type { Bundle } from "./bundle.ts";
import { mainHeader } from "./main-header.ts";

/** Everything about a script that its files are made of. */
export interface ScriptParts {
  readonly name: string;
  /** Path of the hand-written file from the repository's root. */
  readonly source: string;
  readonly summary: string;
  readonly description: string;
  readonly schema: FormSchema;
  readonly bundle: Bundle;
}

/** What Windmill's own dependency job stores for a script without packages; with it none is queued (windmill.md §3.2). */
export const EMPTY_LOCK = '{\n  "dependencies": {}\n}\n//bun.lock\n<empty>';

/** Emitted files of one script: file name to content. */
export function scriptFiles(parts: ScriptParts, folder: string): Readonly<Record<string, string>> {
  return {
    [`${parts.name}.ts`]: mainHeader(parts.schema, parts.source) + parts.bundle.code,
    [`${parts.name}.script.yaml`]: metadata(parts, folder),
    [`${parts.name}.script.lock`]: EMPTY_LOCK,
  };
}

function metadata({ name, summary, description, schema }: ScriptParts, folder: string): string {
  const fields = {
    summary,
    description,
    lock: `!inline ${folder}/${name}.script.lock`,
    kind: "script",
    schema: withoutResourceFields(schema),
  };
  return stringify(fields, { lineWidth: 0 });
}
