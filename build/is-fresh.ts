import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { LOCK_FILE } from "./lock-file.ts";
import type { Workspace } from "./workspace.ts";

/** Everything a build depends on: the sources, the builder, and the packages that are bundled. */
const SOURCES = ["lib", "windmill", "scripts", "flows", "build", "package-lock.json"];

/** Whether nothing was changed since the last build began: the lock file, written last, has the time of its beginning. */
export async function isFresh({ root, folder }: Workspace): Promise<boolean> {
  const stamp = join(root, LOCK_FILE);
  if (!existsSync(stamp) || !existsSync(join(root, folder))) return false;
  const [built, ...changed] = await Promise.all(
    [stamp, ...SOURCES.map((source) => join(root, source))].map(newest),
  );
  return changed.every((time) => built !== undefined && time < built);
}

/** When a file, or anything in a folder, was changed last; a file that was removed changes its folder. */
async function newest(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = await Promise.all((await readdir(path)).map((name) => newest(join(path, name))));
  return Math.max(found.mtimeMs, ...inside);
}
