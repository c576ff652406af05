import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { formSchemaOf } from "../schema/form-schema-of.ts";
import { fromRoot, type Workspace } from "../workspace.ts";
import { bundleScript } from "./bundle.ts";
import type { ScriptParts } from "./script-files.ts";

const definition = z.object({
  script: z.object({
    summary: z.string().min(1),
    description: z.string(),
    input: z.instanceof(z.ZodObject),
    run: z.function(),
  }),
});

/** Reads `scripts/<name>.ts`: its definition by importing it, its code by bundling it. */
export async function loadScript(workspace: Workspace, name: string): Promise<ScriptParts> {
  const file = join(workspace.scripts, `${name}.ts`);
  const module: unknown = await import(pathToFileURL(file).href);
  const loaded = definition.safeParse(module);
  if (!loaded.success)
    throw new Error(`must export \`script\` made by defineScript: ${z.prettifyError(loaded.error)}`);
  const { summary, description, input } = loaded.data.script;
  return {
    name,
    source: fromRoot(workspace, file),
    summary,
    description,
    schema: formSchemaOf(input),
    bundle: await bundleScript(file, workspace.root),
  };
}
