import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { workspaceAt } from "./workspace.ts";

/**
 * `npm run push`: makes the folder, then pushes what was built. Options after `--` go to `wmill sync push`; its exit code
 * is passed on.
 *
 * The folder has a command of its own: `sync push` compares folder.meta.yaml with what the server exports, which has the
 * folder's permissions too, and would find a change each time. `folder push` compares only what the file says.
 */
const WMILL = createRequire(import.meta.url).resolve("windmill-cli");

const given = process.argv.slice(2);
const { values } = parseArgs({
  args: given,
  strict: false,
  options: {
    workspace: { type: "string" },
    token: { type: "string" },
    "base-url": { type: "string" },
    "config-dir": { type: "string" },
  },
});

process.exitCode = (await pushFolder()) || (await pushScriptsAndFlows());

async function pushFolder(): Promise<number> {
  if (values["dry-run"] === true || values["help"] === true) return 0;
  const target = ["workspace", "token", "base-url", "config-dir"].flatMap((name) => {
    const value = values[name];
    return typeof value === "string" ? [`--${name}`, value] : [];
  });
  return await wmill(["folder", "push", basename(workspaceAt(".").folder), ...target]);
}

async function pushScriptsAndFlows(): Promise<number> {
  // Without a terminal nobody can confirm: the command line would push nothing and call that a success.
  const confirmed = process.stdin.isTTY === true || values["yes"] === true ? [] : ["--yes"];
  return await wmill(["sync", "push", "--skip-folders", ...confirmed, ...given]);
}

/** Runs Windmill's command line, in the version that package.json pins. */
function wmill(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WMILL, ...args], { stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
