import { readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The package's placeholder is a few hundred bytes of text; bun itself is 100 MB. */
const SMALLEST_BINARY = 1_000_000;

let found: string | undefined;

/**
 * The bun of the `bun` package, whose version is the one inside Windmill's image. The package's install script
 * moves the binary to `bun/bin`; where scripts are switched off it stays in the platform's package.
 *
 * @throws {Error} when neither is there.
 */
export function bunBinary(): string {
  const bunPackage = dirname(createRequire(import.meta.url).resolve("bun/package.json"));
  found ??= installedBun(bunPackage) ?? platformBun(join(bunPackage, "..", "@oven"));
  if (found === undefined) throw new Error("bun is not installed: run `npm ci` with optional packages.");
  return found;
}

function installedBun(bunPackage: string): string | undefined {
  return [join(bunPackage, "bin", "bun.exe")].find(isBinary);
}

/** Exported for its test: on most machines the install script has run. */
export function platformBun(packages: string): string | undefined {
  return platformPackages(packages)
    .flatMap((name) => [join(packages, name, "bin", "bun"), join(packages, name, "bin", "bun.exe")])
    .find(isBinary);
}

function platformPackages(folder: string): readonly string[] {
  const prefix = `bun-${process.platform === "win32" ? "windows" : process.platform}-${architecture()}`;
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  const musl = process.platform === "linux" && !("glibcVersionRuntime" in reportHeader());
  const fitting = names.filter((name) => name.startsWith(prefix) && name.includes("musl") === musl);
  // Baseline builds run on every processor of the family, the others only on newer ones.
  return fitting.sort(
    (left, right) => Number(right.includes("baseline")) - Number(left.includes("baseline")),
  );
}

function architecture(): string {
  return process.arch === "arm64" ? "aarch64" : process.arch;
}

function reportHeader(): object {
  const report: unknown = process.report.getReport();
  const header =
    typeof report === "object" && report !== null && "header" in report ? report.header : undefined;
  return typeof header === "object" && header !== null ? header : {};
}

function isBinary(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size > SMALLEST_BINARY;
}
