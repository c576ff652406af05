import { spawn } from "node:child_process";

export type Outcome = Readonly<{ code: number | null; stdout: string; stderr: string }>;

/** Runs a program to its end; the server under test lives in this process, so nothing here may block. */
export function run(
  command: string,
  args: readonly string[],
  options: Readonly<{ input?: string; cwd?: string; env?: Readonly<Record<string, string>> }> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: { ...process.env, ...options.env } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
    // A program may end without having read what it was given: what it says and its code tell.
    child.stdin.on("error", (error) => {
      if (!("code" in error) || error.code !== "EPIPE") reject(error);
    });
    child.stdin.end(options.input ?? "");
  });
}

/** Whether a program is installed and answers. */
export async function answers(command: string, ...args: readonly string[]): Promise<boolean> {
  try {
    return (await run(command, args)).code === 0;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
