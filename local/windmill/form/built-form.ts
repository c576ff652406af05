import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { FormSchema } from "../../../windmill/form-schema.ts";
import { REPOSITORY, windmillPath } from "../run-options.ts";

/** The form of a built script or flow, as Windmill has it after a push. */
export async function builtForm(
  kind: "script" | "flow",
  name: string,
  root = REPOSITORY,
): Promise<FormSchema> {
  const file = `${windmillPath(name)}.${kind === "script" ? "script.yaml" : "flow/flow.yaml"}`;
  const { schema }: { readonly schema: FormSchema } = parse(await readFile(join(root, file), "utf8"));
  return schema;
}
