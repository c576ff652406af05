import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Document, parseDocument } from "yaml";
import * as z from "zod";
import type { FormSchema } from "../../windmill/form-schema.ts";
import { formSchemaOf } from "../schema/form-schema-of.ts";
import { fromRoot, type Workspace } from "../workspace.ts";

/** A hand-written flow: OpenFlow without a schema, and the zod object the schema is made from. */
export interface FlowParts {
  readonly name: string;
  readonly source: string;
  readonly document: Document;
  readonly schema: FormSchema;
}

/** Reads `flows/<name>.flow/flow.yaml` and the `input` of `flows/<name>.flow/input.ts`. */
export async function loadFlow(workspace: Workspace, name: string): Promise<FlowParts> {
  const folder = join(workspace.flows, `${name}.flow`);
  const file = join(folder, "flow.yaml");
  const document = parseDocument(await readFile(file, "utf8"));
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(fault.message);
  if (document.has("schema")) throw new Error("must not write its schema; the build makes it from input.ts");
  const module: unknown = await import(pathToFileURL(join(folder, "input.ts")).href);
  const loaded = z.object({ input: z.instanceof(z.ZodObject) }).safeParse(module);
  if (!loaded.success) throw new Error(`input.ts must export \`input\`: ${z.prettifyError(loaded.error)}`);
  return { name, source: fromRoot(workspace, file), document, schema: formSchemaOf(loaded.data.input) };
}
