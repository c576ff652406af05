import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Cost, costOf } from "./planner.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("starrocks-br.py", import.meta.url));

/** starrocks-br's own planner and manifest writer, out of its package. */
export interface StarrocksBr {
  readonly version: string;
  plan(port: number): Promise<Cost>;
  /** Writes a manifest of so many partitions. */
  writeManifest(port: number, partitions: number): Promise<Cost>;
}

/** @returns the reason, where Python or the package cannot be had */
export async function installStarrocksBr(): Promise<StarrocksBr | string> {
  const folder = await mkdtemp(join(tmpdir(), "starrocks-br-"));
  const python = join(folder, "bin", "python");
  try {
    await run("python3", ["-m", "venv", folder]);
    await run(python, ["-m", "pip", "install", "-q", "starrocks-br"]);
    const version = "from importlib.metadata import version; print(version('starrocks-br'))";
    const { stdout } = await run(python, ["-c", version]);
    return {
      version: stdout.trim(),
      plan: (port) => costOf(python, [program, String(port), "plan"]),
      writeManifest: (port, partitions) =>
        costOf(python, [program, String(port), "manifest", String(partitions)]),
    };
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? error.name) : String(error);
  }
}
