import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { stringify } from "yaml";
import { buildWorkspace } from "../../../build/build-workspace.ts";
import { workspaceAt } from "../../../build/workspace.ts";

// Real processes, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

export interface FixtureWorkspace {
  readonly root: string;
  /** Adds a flow of these steps; returns its name. */
  readonly flow: (value: object) => Promise<string>;
}

/** The fixture scripts, really built, and room for flows. */
export async function fixtureWorkspace(): Promise<FixtureWorkspace> {
  const root = await mkdtemp(join(tmpdir(), "windmill-runner-test-"));
  const scripts = fileURLToPath(new URL("fixtures/scripts", import.meta.url));
  const workspace = { ...workspaceAt(root), scripts };
  await buildWorkspace(workspace);
  let count = 0;
  return {
    root,
    flow: async (value) => {
      count += 1;
      const folder = join(root, workspace.folder, `flow${count}.flow`);
      await mkdir(folder);
      await writeFile(join(folder, "flow.yaml"), stringify({ summary: "Test", value }));
      return `flow${count}`;
    },
  };
}

/** A step that runs a fixture script; texts are expressions, anything else is passed as it is. */
export function step(id: string, script: string, inputs: Record<string, unknown> = {}, options: object = {}) {
  const transforms = Object.entries(inputs).map(([name, input]) => {
    return [
      name,
      typeof input === "string" ? { type: "javascript", expr: input } : { type: "static", value: input },
    ];
  });
  return {
    id,
    value: {
      type: "script",
      path: `f/starrocks_backup/${script}`,
      input_transforms: Object.fromEntries(transforms),
    },
    ...options,
  };
}
