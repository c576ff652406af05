import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import * as z from "zod";
import { retry } from "../../windmill/flow/open-flow.ts";
import { BuildError } from "../build-error.ts";
import { fromRoot, type Workspace } from "../workspace.ts";

const everyStep = z.strictObject({ retry });

/** What a step gets that says nothing else, as OpenFlow. */
export type EveryStep = Readonly<Partial<z.infer<typeof everyStep>>>;

/**
 * Reads `flows/every-step.yaml`, where there is one.
 *
 * @throws {BuildError} when it says what no step can have
 */
export async function loadEveryStep(workspace: Workspace): Promise<EveryStep> {
  const file = join(workspace.flows, "every-step.yaml");
  if (!existsSync(file)) return {};
  const document = parseDocument(await readFile(file, "utf8"));
  const refused = (rule: string) => new BuildError([{ file: fromRoot(workspace, file), rule }]);
  const [fault] = document.errors;
  if (fault !== undefined) throw refused(fault.message);
  const read = everyStep.safeParse(document.toJS());
  if (!read.success) throw refused(z.prettifyError(read.error));
  return read.data;
}
