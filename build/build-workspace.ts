import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { BuildError, type Finding } from "./build-error.ts";
import { emit } from "./emit.ts";
import { checkFlow } from "./flow/check-flow.ts";
import { flowFiles } from "./flow/flow-files.ts";
import { loadFlow } from "./flow/load-flow.ts";
import { checkScript } from "./script/check-script.ts";
import { loadScript } from "./script/load-script.ts";
import { type ScriptParts, scriptFiles } from "./script/script-files.ts";
import type { Workspace } from "./workspace.ts";

/** What was built, for the summary on the terminal. */
export interface Built {
  readonly scripts: readonly { readonly name: string; readonly bytes: number }[];
  readonly flows: readonly string[];
}

/**
 * Emits the folder that `wmill sync push` pushes.
 *
 * @throws {BuildError} with every broken rule; the folder is then left as it was.
 */
export async function buildWorkspace(workspace: Workspace): Promise<Built> {
  const scripts = await loadAll(await names(workspace.scripts, /^(\w+)\.ts$/), (name) =>
    loadScript(workspace, name),
  );
  const flows = await loadAll(await names(workspace.flows, /^(\w+)\.flow$/), (name) =>
    loadFlow(workspace, name),
  );
  const files = new Map([["folder.meta.yaml", folderMetadata(workspace)]]);
  const findings: Finding[] = [...scripts.findings, ...flows.findings];
  for (const parts of scripts.loaded) {
    const emitted = scriptFiles(parts, workspace.folder);
    findings.push(...scriptFindings(parts, emitted));
    addAll(files, emitted);
  }
  // Flow checks compare with the scripts; without all of them they would report what is not there.
  for (const parts of findings.length > 0 ? [] : flows.loaded) {
    findings.push(...checkFlow(parts, scripts.loaded, flows.loaded, workspace.folder));
    addAll(files, flowFiles(parts));
  }
  if (findings.length > 0) throw new BuildError(findings);
  await emit(join(workspace.root, workspace.folder), files);
  const sizes = scripts.loaded.map(({ name }) => ({
    name,
    bytes: Buffer.byteLength(files.get(`${name}.ts`) ?? ""),
  }));
  return { scripts: sizes, flows: flows.loaded.map(({ name }) => name) };
}

async function names(folder: string, pattern: RegExp): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder);
  return entries.flatMap((entry) => pattern.exec(entry)?.[1] ?? []).sort();
}

interface Loaded<T> {
  readonly loaded: readonly T[];
  readonly findings: readonly Finding[];
}

async function loadAll<T>(names: readonly string[], load: (name: string) => Promise<T>): Promise<Loaded<T>> {
  const outcomes = await Promise.allSettled(names.map(load));
  return {
    loaded: outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : [])),
    findings: outcomes.flatMap((outcome, index) =>
      outcome.status === "rejected" ? [{ file: names[index] ?? "", rule: messageOf(outcome.reason) }] : [],
    ),
  };
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

function scriptFindings(parts: ScriptParts, emitted: Readonly<Record<string, string>>): readonly Finding[] {
  const rules = checkScript(emitted[`${parts.name}.ts`] ?? "", parts.schema, parts.bundle);
  return rules.map((rule) => ({ file: parts.source, rule }));
}

function addAll(files: Map<string, string>, emitted: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(emitted)) files.set(name, content);
}

/** Without this file the command line refuses a push by anybody but an administrator. */
function folderMetadata({ folder }: Workspace): string {
  const name = folder.slice(folder.indexOf("/") + 1);
  return stringify({
    summary: "StarRocks backup and restore",
    display_name: name,
    owners: [],
    extra_perms: {},
  });
}
