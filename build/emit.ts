import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Makes `folder` hold exactly `files`. Unchanged files keep their time stamps; anything else in the folder goes,
 * because `wmill sync push` would push it.
 */
export async function emit(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const present = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of present.filter((found) => !found.isDirectory())) {
    const file = join(entry.parentPath, entry.name);
    if (!files.has(file.slice(folder.length + 1).replaceAll("\\", "/"))) await rm(file);
  }
  for (const [name, content] of files) {
    const file = join(folder, name);
    if ((await contentOf(file)) === content) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await removeEmptyFolders(folder);
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function removeEmptyFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const inner = join(folder, entry.name);
    await removeEmptyFolders(inner);
    if ((await readdir(inner)).length === 0) await rm(inner, { recursive: true });
  }
}
