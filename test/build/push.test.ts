import { spawn } from "node:child_process";
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { buildWorkspace } from "../../build/build-workspace.ts";
import { workspaceAt } from "../../build/workspace.ts";
import { type MockWindmill, mockWindmill } from "./mock-windmill.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const bin = (name: string) => join(repository, "node_modules/.bin", name);

/** A checkout with the fixtures built, and the repository's own wmill.yaml. */
async function checkout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "windmill-push-test-"));
  const fixtures = join(repository, "test/build/fixtures");
  await buildWorkspace(
    workspaceAt(root, { scripts: join(fixtures, "scripts"), flows: join(fixtures, "flows") }),
  );
  await mkdir(join(root, ".git"));
  for (const file of ["wmill.yaml", "starrocks.resource-type.yaml"])
    await copyFile(join(repository, file), join(root, file));
  return root;
}

/** Runs a command in a checkout, at a home without workspaces, with nothing to read from: as CI does. */
async function run(root: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(bin(command), args, {
    cwd: root,
    env: { ...process.env, HOME: root, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("close", resolve)),
  ]);
  return { code, output: stdout + stderr };
}

const push = (root: string, options: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
  run(root, "tsx", [join(repository, "build/push.ts"), ...options], env);

const to = (windmill: MockWindmill) => ["--base-url", windmill.url, "--token", "t", "--workspace", "demo"];

/** Pushes a new checkout to a workspace that holds `remote`. */
async function pushTo(remote: Readonly<Record<string, string>>) {
  const root = await checkout();
  const windmill = await mockWindmill(remote);
  try {
    expect(await push(root, to(windmill))).toMatchObject({ code: 0 });
  } finally {
    windmill.close();
  }
  return { root, changes: windmill.changes };
}

describe("npm run push", { timeout: 60_000 }, () => {
  test("sends scripts, locks, schemas and flows as they were built", async () => {
    const { root, changes } = await pushTo({});
    expect(changes.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`)).toEqual([
      "POST /folders/create",
      "POST /scripts/create",
      "POST /flows/create",
    ]);
    const emitted = (file: string) => readFile(join(root, "f/starrocks_backup", file), "utf8");
    expect(changes[1]?.body).toMatchObject({
      path: "f/starrocks_backup/greet",
      language: "bun",
      kind: "script",
      summary: "Greet a cluster",
      content: await emitted("greet.ts"),
      lock: await emitted("greet.script.lock"),
      schema: { required: ["starrocks", "name"] },
    });
    expect(changes[2]?.body).toMatchObject({
      path: "f/starrocks_backup/greeting",
      schema: { order: ["starrocks", "name", "dry_run"] },
      value: { modules: [{ id: "first" }, { id: "second" }] },
    });
  });

  test("deletes nothing that others made, in our folder or outside", async () => {
    const resource = JSON.stringify({ value: {}, description: "", resource_type: "mysql" });
    const { changes } = await pushTo({
      "f/starrocks_backup/mine.resource.json": resource,
      "f/starrocks_backup/secret.variable.json": JSON.stringify({
        value: "x",
        is_secret: false,
        description: "",
      }),
      "f/starrocks_backup/nightly.schedule.json": JSON.stringify({
        schedule: "0 0 2 * * *",
        timezone: "UTC",
        script_path: "f/x/y",
        is_flow: true,
      }),
      "f/ops/conn.resource.json": resource,
      "f/ops/other.ts": "export function main() {}",
      "f/ops/other.script.json": JSON.stringify({
        summary: "",
        description: "",
        schema: {},
        kind: "script",
        lock: "",
      }),
      "theirs.resource-type.json": JSON.stringify({ description: "", schema: {} }),
      "dependencies/theirs.package.json": "{}",
    });
    expect(changes.filter(({ method, path }) => method === "DELETE" || /delete|archive/.test(path))).toEqual(
      [],
    );
    expect(changes.filter(({ path }) => /resources|variables|schedules|dependencies/.test(path))).toEqual([]);
  });

  test("would delete what is built and no longer there, so the deletion test can fail", async () => {
    const { changes } = await pushTo({
      "f/starrocks_backup/gone.ts": "export function main() {}",
      "f/starrocks_backup/gone.script.json": JSON.stringify({
        summary: "",
        description: "",
        schema: {},
        kind: "script",
        lock: "",
      }),
    });
    expect(changes.map(({ path }) => path)).toContainEqual(
      expect.stringMatching(/scripts\/(archive|delete)\/p\/f\/starrocks_backup\/gone/),
    );
  });

  test("leaves the folder's permissions to the workspace", async () => {
    const { changes } = await pushTo({});
    const [folder] = changes.filter(({ path }) => path.startsWith("/folders/"));
    expect(folder?.body).toEqual({
      name: "starrocks_backup",
      summary: "StarRocks backup and restore",
      display_name: "starrocks_backup",
    });
  });

  test("warns of nothing, and finds nothing to do the second time", async () => {
    const root = await checkout();
    const windmill = await mockWindmill();
    try {
      const first = await push(root, to(windmill));
      expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/\b[1-9]\d* changes to apply/) });
      expect(first.output).not.toMatch(/warn|stale|workspaces/i);
      const pushed = windmill.changes.length;
      const second = await push(root, to(windmill));
      expect(second).toMatchObject({ code: 0, output: expect.stringContaining(" 0 changes to apply") });
      expect(windmill.changes).toHaveLength(pushed);
      // A change is seen, so the comparison can fail.
      await appendFile(join(root, "f/starrocks_backup/greet.ts"), "\n// changed\n");
      const third = await push(root, to(windmill));
      expect(third).toMatchObject({ code: 0, output: expect.stringContaining("Stale scripts metadata") });
      expect(windmill.changes.slice(pushed).map(({ path }) => path)).toEqual([
        expect.stringMatching(/^\/scripts\/create\?/),
      ]);
    } finally {
      windmill.close();
    }
  });

  test("takes the workspace from the environment, and passes options on", async () => {
    const root = await checkout();
    const windmill = await mockWindmill();
    const env = { BASE_URL: windmill.url, WM_WORKSPACE: "demo", WM_TOKEN: "t" };
    try {
      const preview = await push(root, ["--dry-run"], env);
      expect(preview).toMatchObject({ code: 0, output: expect.stringContaining("greet.ts") });
      expect(windmill.changes).toEqual([]);
      expect(await push(root, ["--yes", "--message", "first"], env)).toMatchObject({ code: 0 });
      expect(windmill.changes.map(({ body }) => body)).toContainEqual(
        expect.objectContaining({ deployment_message: "first" }),
      );
    } finally {
      windmill.close();
    }
  });

  test("fails when it cannot push", async () => {
    const root = await checkout();
    const nowhere = await push(root);
    expect(nowhere.code).not.toBe(0);
    expect(nowhere.output).toContain("No workspace given");
    const unknown = await push(root, ["--no-such-option"]);
    expect(unknown.code).not.toBe(0);
  });

  test("brings the lock file that the command line would write", async () => {
    const root = await checkout();
    const built = parse(await readFile(join(root, "wmill-lock.yaml"), "utf8"));
    expect(Object.keys(built.locks)).toHaveLength(2);
    await rm(join(root, "wmill-lock.yaml"));
    expect(await run(root, "wmill", ["generate-metadata", "rehash"])).toMatchObject({ code: 0 });
    expect(parse(await readFile(join(root, "wmill-lock.yaml"), "utf8"))).toEqual(built);
  });
});
