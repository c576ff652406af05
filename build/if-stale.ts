import { fileURLToPath } from "node:url";
import { isFresh } from "./is-fresh.ts";
import { workspaceAt } from "./workspace.ts";

// The commands that run what is built: they need a build in a fresh clone and after a change, and no time otherwise.
if (!(await isFresh(workspaceAt(fileURLToPath(new URL("..", import.meta.url)))))) await import("./main.ts");
