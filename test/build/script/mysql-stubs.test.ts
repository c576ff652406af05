import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { buildWorkspace } from "../../../build/build-workspace.ts";
import { workspaceAt } from "../../../build/workspace.ts";
import { startStarRocks } from "../../../local/starrocks/server.ts";
import { runScript } from "../../../local/windmill/run-script.ts";

// Real processes, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

test("mysql2 without its unused tables still reads and writes UTF-8", async () => {
  const root = await mkdtemp(join(tmpdir(), "windmill-mysql-test-"));
  await buildWorkspace(
    workspaceAt(root, { scripts: fileURLToPath(new URL("../fixtures/mysql", import.meta.url)) }),
  );
  const server = await startStarRocks({
    port: 0,
    dir: join(root, "starrocks"),
    repositories: join(root, "repositories"),
  });
  try {
    const text = "Grüße, 日本, naïve";
    const outcome = await runScript(
      "select",
      { port: server.port, query: `SELECT '${text}' AS said` },
      { root },
    );
    expect(outcome).toEqual({ kind: "success", result: [{ said: text }] });
  } finally {
    await server.close();
  }
  // With all tables it is more than 800 kB.
  expect((await stat(join(root, "f/starrocks_backup/select.ts"))).size).toBeLessThan(550_000);
});
