import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { stringify } from "yaml";
import { buildWorkspace } from "../../../build/build-workspace.ts";
import type { JsonObject } from "../../../build/json.ts";
import { workspaceAt } from "../../../build/workspace.ts";
import type { RunEvent } from "../../../local/windmill/events.ts";
import { type RunOutcome, runFlow } from "../../../local/windmill/run-flow.ts";
import type { RunOptions } from "../../../local/windmill/run-options.ts";

export interface FixtureWorkspace {
  readonly root: string;
  /** Adds a flow of these steps; returns its name. */
  readonly flow: (value: object) => Promise<string>;
  /** Adds a flow and runs it, without waiting where it sleeps. */
  readonly run: (value: object, input?: JsonObject, options?: RunOptions) => Promise<Ran>;
}

export interface Ran {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
  readonly slept: readonly number[];
}

/** Ids of the steps that were run, retries included. */
export function stepsRun({ events }: Ran): readonly string[] {
  return events.flatMap((event) => (event.kind === "started" ? [event.stepId] : []));
}

/** A workspace for the cases of a file, or of a `describe`; it is there only while they run. */
export function useFixtures(): FixtureWorkspace {
  let made: FixtureWorkspace | undefined;
  function live(): FixtureWorkspace {
    if (made === undefined) throw new Error("The workspace is there only while cases run.");
    return made;
  }
  beforeAll(async () => {
    made = await fixtureWorkspace();
  });
  afterAll(async () => {
    if (made !== undefined) await rm(made.root, { recursive: true, force: true });
  });
  return {
    get root() {
      return live().root;
    },
    flow: (value) => live().flow(value),
    run: (...given) => live().run(...given),
  };
}

/** The fixture scripts, really built, and room for flows. */
async function fixtureWorkspace(): Promise<FixtureWorkspace> {
  const root = await mkdtemp(join(tmpdir(), "windmill-runner-test-"));
  const scripts = fileURLToPath(new URL("fixtures/scripts", import.meta.url));
  const workspace = { ...workspaceAt(root), scripts };
  await buildWorkspace(workspace);
  let count = 0;
  const flow = async (value: object) => {
    count += 1;
    const folder = join(root, workspace.folder, `flow${count}.flow`);
    await mkdir(folder);
    await writeFile(join(folder, "flow.yaml"), stringify({ summary: "Test", value }));
    return `flow${count}`;
  };
  return {
    root,
    flow,
    run: async (value, input = {}, options = {}) => {
      const events: RunEvent[] = [];
      const slept: number[] = [];
      const outcome = await runFlow(await flow(value), input, {
        root,
        onEvent: (event) => events.push(event),
        sleep: async (seconds) => void slept.push(seconds),
        ...options,
      });
      return { outcome, events, slept };
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

/** A failure module that keeps the error's text. */
export const noteFailure = step("failure", "echo", { value: "({ noted: error.message })" });

/** A file to which the fixture `append` writes a line for each execution. */
export async function lineFile(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "lines-")), "lines");
}

export async function linesIn(file: string): Promise<readonly string[]> {
  return (await readFile(file, "utf8")).trim().split("\n");
}
