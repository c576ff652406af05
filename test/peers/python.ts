import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers, run } from "./program.ts";

export type Python = Readonly<{
  /** A program of the environment: `python`, `starrocks-br`. */
  program(name: string): string;
  home: string;
  remove(): void;
}>;

/** A virtual environment with these packages, or why there is none. */
export async function pythonWith(...packages: readonly string[]): Promise<Python | string> {
  if (!(await answers("python3", "-m", "venv", "--help"))) return "python3 with venv is not installed";
  const home = mkdtempSync(join(tmpdir(), "peers-"));
  const remove = () => rmSync(home, { recursive: true, force: true });
  const program = (name: string) => join(home, "venv", "bin", name);
  const made = await run("python3", ["-m", "venv", join(home, "venv")]);
  const installed =
    made.code === 0
      ? await run(program("python"), [
          "-m",
          "pip",
          "install",
          "--quiet",
          "--disable-pip-version-check",
          ...packages,
        ])
      : made;
  if (installed.code === 0) return { program, home, remove };
  remove();
  return `pip install ${packages.join(" ")} failed: ${installed.stderr.trim().split("\n").at(-1) ?? ""}`;
}
