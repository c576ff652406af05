import { execFile, spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { buildWorkspace } from "../../build/build-workspace.ts";
import { workspaceAt } from "../../build/workspace.ts";
import { mockWindmill } from "./mock-windmill.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const CLI = ["--yes", "windmill-cli@1.808.0"];

/** The command line comes from the registry, which a machine without network does not reach. */
const hasCli = spawnSync("npx", [...CLI, "--version"], { timeout: 120_000 }).status === 0;

/** Pushes the built fixtures, with the repository's own wmill.yaml, to a workspace that holds `remote`. */
async function push(remote: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), "windmill-push-test-"));
  const fixtures = join(repository, "test/build/fixtures");
  await buildWorkspace(
    workspaceAt(root, { scripts: join(fixtures, "scripts"), flows: join(fixtures, "flows") }),
  );
  await mkdir(join(root, ".git"));
  for (const file of ["wmill.yaml", "starrocks.resource-type.yaml"])
    await copyFile(join(repository, file), join(root, file));
  const windmill = await mockWindmill(remote);
  const target = ["--base-url", windmill.url, "--token", "t", "--workspace", "demo"];
  try {
    await promisify(execFile)("npx", [...CLI, "sync", "push", "--yes", ...target], {
      cwd: root,
      env: { ...process.env, HOME: root, npm_config_cache: join(process.env["HOME"] ?? "", ".npm") },
    });
  } finally {
    windmill.close();
  }
  return { root, changes: windmill.changes };
}

describe.skipIf(!hasCli)("wmill sync push", { timeout: 60_000 }, () => {
  test("sends scripts, locks, schemas and flows as they were built", async () => {
    const { root, changes } = await push({});
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
    const { changes } = await push({
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
    const { changes } = await push({
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
});
