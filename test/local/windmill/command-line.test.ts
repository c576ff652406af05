import { spawn } from "node:child_process";
import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { step, useFixtures } from "./fixture-workspace.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

const workspace = useFixtures();

/** Runs the command as a user does, and reads stdout as the one JSON document it must be. */
async function command(kind: "flow" | "script", ...args: string[]) {
  const file = join("local/windmill", `${kind}-command.ts`);
  const child = spawn(join(repository, "node_modules/.bin/tsx"), [file, "--root", workspace.root, ...args], {
    cwd: repository,
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("close", resolve)),
  ]);
  return { code, stderr, document: JSON.parse(stdout) };
}

/** The file of a flow that waits. */
async function waitingFlow(root: string, id: string) {
  const file = join(root, ".flows", `${id}.json`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const kept = JSON.parse(await readFile(file, "utf8"));
  return { id, write: (change: object) => writeFile(file, JSON.stringify({ ...kept, ...change })) };
}

describe("npm run flow", () => {
  let gated: string;
  beforeAll(async () => {
    const plan = step(
      "plan",
      "echo",
      { value: "({ hash: flow_input.hash })" },
      { suspend: { required_events: 1 } },
    );
    gated = await workspace.flow({ modules: [plan, step("act", "echo", { value: "results.plan.hash" })] });
  });

  test("prints the result and exits with 0", async () => {
    const { code, document, stderr } = await command("flow", gated, "--input", '{"hash":"h"}', "--approve");
    expect({ code, document }).toEqual({ code: 0, document: "h" });
    expect(stderr).toContain("act");
  });

  test("reads its input from a file", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "input-")), "input.json");
    await writeFile(file, '{"hash":"from file"}');
    expect((await command("flow", gated, "--input", `@${file}`, "--approve")).document).toBe("from file");
  });

  test("prints the plan of a suspended flow and exits with 3", async () => {
    const { code, document } = await command("flow", gated, "--input", '{"hash":"h"}');
    expect({ code, document }).toEqual({
      code: 3,
      document: {
        suspended: { step: "plan", result: { hash: "h" }, resume: expect.stringMatching(/^[0-9a-f]{12}$/) },
      },
    });
  });

  const waiting = async (hash: string): Promise<string> =>
    (await command("flow", gated, "--input", JSON.stringify({ hash }))).document.suspended.resume;

  test("goes on with a flow that another process has left to an approval, once", async () => {
    const id = await waiting("read");
    const both = await Promise.all([
      command("flow", "--resume", id, "--approve"),
      command("flow", "--resume", id, "--approve"),
    ]);
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(both.map(({ document }) => document)).toContain("read");
    const late = await command("flow", "--resume", id, "--reject");
    expect(late.document.error.message).toMatch(
      /^No flow waits under .*: it was approved or rejected before/,
    );
  });

  test("rejects a flow that waits", async () => {
    const { code, document } = await command("flow", "--resume", await waiting("h"), "--reject");
    expect(code).toBe(1);
    expect(document.error).toMatchObject({ name: "SuspendedDisapproved" });
  });

  test("leaves a waiting flow to itself when nothing is said of it", async () => {
    const id = await waiting("h");
    const asked = await command("flow", "--resume", id);
    expect(asked.document.error.message).toBe("Say what becomes of it: --approve or --reject.");
    expect((await command("flow", "--resume", id, "--approve")).document).toBe("h");
  });

  test("does not go on with a flow that has other steps by now, or with one that waits for too long", async () => {
    const changed = await waitingFlow(workspace.root, await waiting("h"));
    await changed.write({ definition: "other" });
    const { document } = await command("flow", "--resume", changed.id, "--approve");
    expect(document.error.message).toMatch(/steps of .* have changed since it was begun/);
    const late = await waitingFlow(workspace.root, await waiting("h"));
    await late.write({ until: 0 });
    const timedOut = await command("flow", "--resume", late.id, "--approve");
    expect(timedOut.document.error).toMatchObject({ name: "SuspendedTimedOut" });
  });

  test("prints the error of a refused flow and exits with 1", async () => {
    const { code, document } = await command("flow", gated, "--reject");
    expect(code).toBe(1);
    expect(document.error).toMatchObject({ name: "SuspendedDisapproved" });
  });

  test.each([
    ["an unknown flow", ["nope"], /There is no flow .*nope/],
    ["no flow at all", [], /Name a flow/],
    ["a misspelt option", ["any", "--aprove"], /no option --aprove/],
    ["bad JSON", ["any", "--input", "{"], /--input is not JSON/],
    ["JSON that is no object", ["any", "--input", "[]"], /--input must be a JSON object/],
    ["two answers", ["any", "--approve", "--reject"], /not both/],
  ])("says what is wrong with %s and exits with 1", async (_, args, message) => {
    const { code, document, stderr } = await command("flow", ...args);
    expect(code).toBe(1);
    expect(document.error.message).toMatch(message);
    expect(stderr.trim()).toMatch(message);
  });

  test("says how to build when nothing is built", async () => {
    expect((await command("flow", "backup", "--root", "/no/where")).document.error.message).toContain(
      "npm run build",
    );
  });
});

describe("npm run script", () => {
  test("prints the result, and what the script logs goes to stderr", async () => {
    const { code, document, stderr } = await command("script", "append", "--input", '{"file":"/dev/null"}');
    expect({ code, document }).toEqual({ code: 0, document: 1 });
    expect(stderr).toContain("appended");
  });

  test("prints the error and exits with 1", async () => {
    const { code, document } = await command("script", "fail");
    expect(code).toBe(1);
    expect(document.error).toMatchObject({ message: "boom", extra: { code: "STEP_FAILED" } });
  });
});
