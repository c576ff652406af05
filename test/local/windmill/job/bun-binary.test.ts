import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bunBinary, platformBun } from "../../../../local/windmill/job/bun-binary.ts";

test("bun is the version inside Windmill's image", () => {
  expect(execFileSync(bunBinary(), ["--version"]).toString().trim()).toBe("1.3.10");
});

test("bun is found in its platform's package when the install script has not run", async () => {
  const packages = await mkdtemp(join(tmpdir(), "oven-"));
  const architecture = process.arch === "arm64" ? "aarch64" : process.arch;
  const put = async (name: string) => {
    await mkdir(join(packages, name, "bin"), { recursive: true });
    return join(packages, name, "bin", "bun");
  };
  await writeFile(await put(`bun-${process.platform}-${architecture}`), "a placeholder is no binary");
  expect(platformBun(packages)).toBeUndefined();
  const other = await put("bun-sunos-sparc");
  await symlink(bunBinary(), other);
  expect(platformBun(packages)).toBeUndefined();
  const fitting = await put(`bun-${process.platform}-${architecture}-baseline`);
  await symlink(bunBinary(), fitting);
  expect(platformBun(packages)).toBe(fitting);
});
