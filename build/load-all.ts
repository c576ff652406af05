import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Finding } from "./build-error.ts";
import { fromRoot, type Workspace } from "./workspace.ts";

/** What could be loaded from a folder, and what is wrong with the rest. */
export interface Loaded<T> {
  readonly loaded: readonly T[];
  readonly findings: readonly Finding[];
}

/** Loads every entry of `folder` named `<name><suffix>`, in the order of their names. */
export async function loadAll<T>(
  workspace: Workspace,
  folder: string,
  suffix: string,
  load: (workspace: Workspace, name: string) => Promise<T>,
): Promise<Loaded<T>> {
  const entries = existsSync(folder)
    ? (await readdir(folder)).filter((entry) => entry.endsWith(suffix)).sort()
    : [];
  const outcomes = await Promise.allSettled(
    entries.map((entry) => loadEntry(entry.slice(0, -suffix.length))),
  );
  return {
    loaded: outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : [])),
    findings: outcomes.flatMap((outcome, index) =>
      outcome.status === "rejected"
        ? [{ file: fromRoot(workspace, join(folder, entries[index] ?? "")), rule: messageOf(outcome.reason) }]
        : [],
    ),
  };

  async function loadEntry(name: string): Promise<T> {
    // The name becomes a path in Windmill.
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error("name it in snake_case");
    return await load(workspace, name);
  }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
