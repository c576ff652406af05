import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** Beside LICENSE, which is for the code of this project. */
export const noticesFile = "THIRD_PARTY_NOTICES";

const packageJson = z.object({ name: z.string(), version: z.string(), license: z.string() });

/**
 * Names and licences of the packages that are bundled into the emitted scripts, whose minified code keeps no
 * comment. The same installed versions give the same bytes.
 *
 * @param inputs Bundled files, relative to `root`.
 */
export async function thirdPartyNotices(root: string, inputs: readonly string[]): Promise<string> {
  const folders = [...new Set(inputs.flatMap((file) => packageFolder(file) ?? []))].sort();
  const sections = await Promise.all(folders.map((folder) => section(join(root, folder))));
  return `The scripts below f/ contain these packages:\n\n${sections.join("\n\n")}\n`;
}

/** The innermost package of a path, since packages may bring their own versions of others. */
function packageFolder(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

async function section(folder: string): Promise<string> {
  const { name, version, license } = packageJson.parse(
    JSON.parse(await readFile(join(folder, "package.json"), "utf8")),
  );
  const file = (await readdir(folder)).sort().find((entry) => /^licen[sc]e/i.test(entry));
  const text =
    file === undefined
      ? ""
      : `\n\n${(await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim()}`;
  const heading = `${name} ${version} (${license})`;
  return `${heading}\n${"-".repeat(heading.length)}${text}`;
}
