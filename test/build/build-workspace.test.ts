import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { buildWorkspace } from "../../build/build-workspace.ts";
import { isFresh } from "../../build/is-fresh.ts";
import { type Workspace, workspaceAt } from "../../build/workspace.ts";
import { parseMainSignature } from "../../windmill/signature/main-signature.ts";

// Real processes, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));

async function freshWorkspace(): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), "windmill-build-test-"));
  return workspaceAt(root, { scripts: join(fixtures, "scripts"), flows: join(fixtures, "flows") });
}

async function tree({ root, folder }: Workspace): Promise<Record<string, string>> {
  const files = (await readdir(join(root, folder), { recursive: true, withFileTypes: true })).filter((f) =>
    f.isFile(),
  );
  const contents = files.map(async (file) => {
    const path = join(file.parentPath, file.name);
    return [path.slice(root.length + 1), await readFile(path, "utf8")];
  });
  return Object.fromEntries(await Promise.all(contents));
}

describe("the emitted folder", () => {
  let files: Record<string, string>;
  let code: string;
  beforeAll(async () => {
    const workspace = await freshWorkspace();
    await buildWorkspace(workspace);
    files = await tree(workspace);
    code = files["f/starrocks_backup/greet.ts"] ?? "";
  });

  test("has the files that wmill pushes and no others", () => {
    expect(Object.keys(files).sort()).toEqual([
      "f/starrocks_backup/folder.meta.yaml",
      "f/starrocks_backup/greet.script.lock",
      "f/starrocks_backup/greet.script.yaml",
      "f/starrocks_backup/greet.ts",
      "f/starrocks_backup/greeting.flow/flow.yaml",
    ]);
  });

  test("holds the very bytes Windmill stores for a script without packages", () => {
    const lock = files["f/starrocks_backup/greet.script.lock"];
    expect(lock).toBe('{\n  "dependencies": {}\n}\n//bun.lock\n<empty>');
  });

  test("has scripts whose typed main says what the schema says", () => {
    // The banner names the source relative to the workspace, which is a temporary folder here.
    const header = code
      .slice(0, code.indexOf("\nvar __impl"))
      .replace(/from \S*\/greet\.ts/, "from greet.ts");
    expect(header).toMatchSnapshot();
    const { parameters, autoKind } = parseMainSignature(code);
    const { schema } = parse(files["f/starrocks_backup/greet.script.yaml"] ?? "");
    expect(autoKind).toBeNull();
    expect(parameters.map(({ name }) => name)).toEqual(schema.order);
    expect(parameters.filter(({ optional }) => !optional).map(({ name }) => name)).toEqual(schema.required);
  });

  test("has metadata with Windmill's form keys", () => {
    expect(files["f/starrocks_backup/greet.script.yaml"]).toMatchSnapshot();
  });

  test("has flows with a schema made from input.ts", () => {
    const flow = parse(files["f/starrocks_backup/greeting.flow/flow.yaml"] ?? "");
    expect(flow.schema).toMatchObject({
      order: ["starrocks", "name", "dry_run"],
      required: ["starrocks", "name"],
      properties: {
        starrocks: { type: "object", format: "resource-starrocks" },
        dry_run: { default: false },
      },
    });
    expect(flow.value.modules).toHaveLength(2);
  });
});

describe("a build", () => {
  test("makes the same bytes each time and wherever it stands", async () => {
    const [one, other] = [await freshWorkspace(), await freshWorkspace()];
    await buildWorkspace(one);
    await buildWorkspace(other);
    const first = await tree(one);
    await buildWorkspace(one);
    expect(await tree(one)).toEqual(first);
    // Only the banner names the source, which here lies outside the repository.
    const bodies = (files: Record<string, string>) =>
      Object.values(files).map((text) => text.replace(/GENERATED from .*:/, ""));
    expect(bodies(await tree(other))).toEqual(bodies(first));
  });

  test("is not needed again before something changes", async () => {
    const workspace = await freshWorkspace();
    for (const folder of ["lib/inner", "windmill", "scripts", "flows", "build"])
      await mkdir(join(workspace.root, folder), { recursive: true });
    const source = join(workspace.root, "lib/inner/a.ts");
    for (const file of [source, join(workspace.root, "package-lock.json")]) await writeFile(file, "");
    expect(await isFresh(workspace)).toBe(false);
    // What was written in the millisecond in which the build began counts as changed since.
    await delay(20);
    await buildWorkspace(workspace);
    expect(await isFresh(workspace)).toBe(true);
    await writeFile(source, "changed");
    expect(await isFresh(workspace)).toBe(false);
    await buildWorkspace(workspace);
    await rm(source);
    expect(await isFresh(workspace)).toBe(false);
    await buildWorkspace(workspace);
    await rm(join(workspace.root, workspace.folder), { recursive: true });
    expect(await isFresh(workspace)).toBe(false);
  });

  test("removes what it did not make", async () => {
    const workspace = await freshWorkspace();
    const gone = join(workspace.root, workspace.folder, "old.flow");
    await mkdir(gone, { recursive: true });
    await writeFile(join(gone, "flow.yaml"), "summary: old");
    await buildWorkspace(workspace);
    expect(Object.keys(await tree(workspace)).filter((file) => file.includes("old.flow"))).toEqual([]);
  });

  test("that finds a fault names file and rule, and leaves the folder as it was", async () => {
    const workspace = await freshWorkspace();
    await buildWorkspace(workspace);
    const before = await tree(workspace);
    const flows = await mkdtemp(join(tmpdir(), "flows-"));
    await mkdir(join(flows, "bad.flow"));
    await writeFile(join(flows, "bad.flow", "flow.yaml"), "summary: x\nvalue: { modules: [] }\nschema: {}\n");
    await mkdir(join(flows, "Bad-Name.flow"));
    const faulty = buildWorkspace({ ...workspace, flows });
    await expect(faulty).rejects.toThrow(/bad\.flow: must not write its schema/);
    await expect(faulty).rejects.toThrow(/Bad-Name\.flow: name it in snake_case/);
    expect(await tree(workspace)).toEqual(before);
  });

  test.each([
    ["a misspelt key", "retry: { constant: { attempts: 3, secs: 10 } }", /every-step\.yaml: .*secs/],
    ["what no step can have", "summary: Run", /every-step\.yaml: .*summary/],
    ["what is no YAML", "retry: {", /every-step\.yaml: \w/],
  ])("refuses %s for every step", async (_, text, rule) => {
    const flows = await mkdtemp(join(tmpdir(), "flows-"));
    await writeFile(join(flows, "every-step.yaml"), text);
    await expect(buildWorkspace({ ...(await freshWorkspace()), flows })).rejects.toThrow(rule);
  });
});
