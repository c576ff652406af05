import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { buildWorkspace } from "../../build/build-workspace.ts";
import { workspaceAt } from "../../build/workspace.ts";
import { parseMainSignature } from "../../windmill/signature/main-signature.ts";

// Real processes, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const sources = fileURLToPath(new URL("fixtures/one-field", import.meta.url));
const wish = { title: "Wish", type: "string" };

let emitted: (name: string) => Promise<string>;

beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), "windmill-build-test-"));
  await buildWorkspace(
    workspaceAt(root, { scripts: join(sources, "scripts"), flows: join(sources, "flows") }),
  );
  emitted = (name) => readFile(join(root, "f/starrocks_backup", name), "utf8");
});

test("a field is written in one file", async () => {
  const files = (await readdir(sources, { recursive: true, withFileTypes: true })).filter((f) => f.isFile());
  const texts = await Promise.all(
    files.map(async ({ name, parentPath }) => [name, await readFile(join(parentPath, name), "utf8")]),
  );
  expect(texts.filter(([, text]) => text?.includes("wish")).map(([name]) => name)).toEqual(["fields.ts"]);
});

test("a field is in the form and in the main of the script that takes it", async () => {
  expect(parse(await emitted("prepare.script.yaml")).schema).toMatchObject({
    order: ["what", "wish"],
    required: ["what"],
    properties: { wish },
  });
  const { parameters } = parseMainSignature(await emitted("prepare.ts"));
  expect(parameters.map(({ name }) => name)).toEqual(["what", "wish"]);
});

test("a field is in the flow's form, and the flow hands it to the step that takes it", async () => {
  const flow = parse(await emitted("carry.flow/flow.yaml"));
  expect(flow.schema).toMatchObject({
    order: ["what", "wish"],
    required: ["what"],
    properties: { wish },
  });
  const retry = {
    constant: { attempts: 2, seconds: 1 },
    retry_if: { expr: "error.extra?.retriable !== false" },
  };
  expect(flow.value.modules).toEqual([
    {
      id: "prepare",
      summary: "Prepare",
      value: {
        type: "script",
        path: "f/starrocks_backup/prepare",
        input_transforms: {
          what: { type: "javascript", expr: "flow_input.what" },
          wish: { type: "javascript", expr: "flow_input.wish" },
        },
      },
      retry,
    },
    {
      id: "carry",
      summary: "Carry",
      value: {
        type: "script",
        path: "f/starrocks_backup/carry",
        input_transforms: { number: { type: "javascript", expr: "results.prepare.number" } },
      },
      retry,
    },
  ]);
});
