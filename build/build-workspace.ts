import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { FormSchema } from "../windmill/form-schema.ts";
import { BuildError, type Finding } from "./build-error.ts";
import { emit } from "./emit.ts";
import { checkFlow } from "./flow/check-flow.ts";
import { loadEveryStep } from "./flow/every-step.ts";
import { filledIn } from "./flow/fill-in.ts";
import { flowFiles } from "./flow/flow-files.ts";
import { type FlowParts, loadFlow } from "./flow/load-flow.ts";
import { unusedInputs } from "./flow/unused-inputs.ts";
import { loadAll } from "./load-all.ts";
import { LOCK_FILE, lockFile } from "./lock-file.ts";
import { checkScript } from "./script/check-script.ts";
import { loadScript } from "./script/load-script.ts";
import { type ScriptParts, scriptFiles } from "./script/script-files.ts";
import type { Workspace } from "./workspace.ts";

/** What was built, for the summary on the terminal. */
export interface Built {
  readonly scripts: readonly { readonly name: string; readonly bytes: number }[];
  readonly flows: readonly string[];
  /** Every file that went into a script, relative to the root. */
  readonly inputs: readonly string[];
}

/**
 * Emits the folder that `wmill sync push` pushes, and the command line's lock file beside it.
 *
 * @throws {BuildError} with every broken rule; both are then left as they were.
 */
export async function buildWorkspace(workspace: Workspace): Promise<Built> {
  const began = new Date();
  const scripts = await loadAll(workspace, workspace.scripts, ".ts", loadScript);
  const flows = await loadAll(workspace, workspace.flows, ".flow", loadFlow);
  const files = new Map([["folder.meta.yaml", folderMetadata(workspace)]]);
  const findings: Finding[] = [...scripts.findings, ...flows.findings];
  for (const parts of scripts.loaded) {
    const emitted = scriptFiles(parts, workspace.folder);
    findings.push(...scriptFindings(parts, emitted));
    for (const [name, content] of Object.entries(emitted)) files.set(name, content);
  }
  // Flows are compared with the scripts; without all of them the checks would report what is not there.
  if (findings.length > 0) throw new BuildError(findings);
  const runnables = { script: schemas(workspace, scripts.loaded), flow: schemas(workspace, flows.loaded) };
  const everyStep = await loadEveryStep(workspace);
  for (const written of flows.loaded) {
    const parts = filledIn(written, runnables, everyStep);
    const faults = await checkFlow(parts, runnables);
    // A step that runs the wrong script uses none of its inputs, either.
    findings.push(...(faults.length > 0 ? faults : unusedInputs(parts)));
    for (const [name, content] of Object.entries(flowFiles(parts))) files.set(name, content);
  }
  if (findings.length > 0) throw new BuildError(findings);
  await emit(join(workspace.root, workspace.folder), files);
  const lock = join(workspace.root, LOCK_FILE);
  await writeFile(lock, lockFile(files, workspace.folder));
  await utimes(lock, began, began);
  const sizes = scripts.loaded.map(({ name }) => ({
    name,
    bytes: Buffer.byteLength(files.get(`${name}.ts`) ?? ""),
  }));
  const inputs = scripts.loaded.flatMap(({ bundle }) => bundle.inputs);
  return { scripts: sizes, flows: flows.loaded.map(({ name }) => name), inputs };
}

function scriptFindings(parts: ScriptParts, emitted: Readonly<Record<string, string>>): readonly Finding[] {
  const rules = checkScript(emitted[`${parts.name}.ts`] ?? "", parts.schema, parts.bundle);
  return rules.map((rule) => ({ file: parts.source, rule }));
}

function schemas(
  { folder }: Workspace,
  all: readonly (ScriptParts | FlowParts)[],
): ReadonlyMap<string, FormSchema> {
  return new Map(all.map(({ name, schema }) => [`${folder}/${name}`, schema]));
}

/**
 * Without this file the command line refuses a push by anybody but an administrator. Whatever it says of `owners` and
 * `extra_perms` would replace the folder's permissions at each push: it says nothing.
 */
function folderMetadata({ folder }: Workspace): string {
  const name = folder.slice(folder.indexOf("/") + 1);
  return stringify({ summary: "StarRocks backup and restore", display_name: name });
}
