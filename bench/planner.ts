import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bunBinary } from "../local/windmill/job/bun-binary.ts";

/** What one planning process took. */
export interface Cost {
  readonly seconds: number;
  /** Highest resident memory, the runtime's own included. */
  readonly peakBytes: number;
}

const mark = "cost: ";

/** Runs the built plan script as a worker does: under bun, in a process of its own. */
export async function runPlanner(port: number, type: "full" | "incremental"): Promise<Cost> {
  return await runBuilt("plan", port, ["g", type]);
}

/** The same of the plan of a restore of everything in the group, to now; a dry run. */
export async function runRestorePlanner(port: number): Promise<Cost> {
  // As the form has them: time, group, dry run; what is not given is left to its default.
  const args = Array.from({ length: 15 }, () => null as string | boolean | null);
  [args[1], args[8], args[14]] = ["2099-01-01 00:00", "g", true];
  return await runBuilt("restore_plan", port, args);
}

async function runBuilt(
  script: string,
  port: number,
  args: readonly (string | boolean | null)[],
): Promise<Cost> {
  const path = fileURLToPath(new URL(`../f/starrocks_backup/${script}.ts`, import.meta.url));
  const starrocks = { host: "127.0.0.1", port, user: "root", password: "", repository: "repo" };
  const program = `
    import { main } from ${JSON.stringify(path)};
    import { readFileSync } from "node:fs";
    const start = performance.now();
    await main(...${JSON.stringify([starrocks, ...args])}.map((each) => each ?? undefined));
    const seconds = (performance.now() - start) / 1000;
    const peak = /VmHWM:\\s+(\\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
    console.log(${JSON.stringify(mark)} + JSON.stringify({ seconds, peakBytes: Number(peak?.[1] ?? 0) * 1024 }));
    process.exit(0);
  `;
  return await costOf(bunBinary(), ["-e", program]);
}

/** Runs a program that prints its cost as its last line. */
export async function costOf(command: string, args: readonly string[]): Promise<Cost> {
  const child = spawn(command, [...args], { stdio: ["ignore", "pipe", "inherit"] });
  let cost: Cost | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith(mark)) cost = JSON.parse(line.slice(mark.length)) as Cost;
  }
  if (cost === undefined) throw new Error(`${command} ended without telling its cost`);
  return cost;
}
