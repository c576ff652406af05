import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Json, JsonObject } from "../../../windmill/json.ts";
import { parseJson } from "../../../windmill/json.ts";
import { bunBinary } from "./bun-binary.ts";

/** What one process is given. */
export interface ProcessInput {
  readonly wrapper: string;
  readonly args: JsonObject;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number | undefined;
  readonly cancel: AbortSignal;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
}

/** How one process ended. */
export type ProcessEnd =
  /** With a result, or with an error for which it exits with another code than 0. */
  | { readonly kind: "spoke"; readonly exitCode: number; readonly output: Json }
  | { readonly kind: "silent"; readonly exitCode: number; readonly logTail: string }
  | { readonly kind: "killed"; readonly signal: NodeJS.Signals }
  /** Killed by the worker itself. */
  | { readonly kind: "terminated"; readonly because: "timeout" | "cancellation" };

export interface JobProcess {
  readonly pid: number | undefined;
  readonly ended: Promise<ProcessEnd>;
  /** SIGKILL, as the kernel gives it to a process that takes too much memory: nothing in the script runs any more. */
  readonly kill: () => void;
}

/** How much of the log the worker quotes when a process leaves no result. */
const QUOTED_CHARACTERS = 600;

/** Starts a job in a fresh process in a fresh folder. */
export async function startJobProcess(input: ProcessInput): Promise<JobProcess> {
  const folder = await mkdtemp(join(tmpdir(), "windmill-job-"));
  await Promise.all([
    writeFile(join(folder, "wrapper.mjs"), input.wrapper),
    writeFile(join(folder, "args.json"), JSON.stringify(input.args)),
  ]);
  const child = spawn(bunBinary(), ["run", "wrapper.mjs"], {
    cwd: folder,
    env: input.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => void child.kill("SIGKILL");
  return { pid: child.pid, ended: end(child, folder, input), kill };
}

async function end(child: ChildProcess, folder: string, input: ProcessInput): Promise<ProcessEnd> {
  let because: "timeout" | "cancellation" | undefined;
  const terminate = (reason: "timeout" | "cancellation") => {
    because = reason;
    child.kill("SIGKILL");
  };
  const cancel = () => terminate("cancellation");
  const timeout =
    input.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => terminate("timeout"), input.timeoutSeconds * 1000);
  input.cancel.addEventListener("abort", cancel, { once: true });
  if (input.cancel.aborted) cancel();
  let logTail = "";
  const lines = [child.stdout, child.stderr].map((output, index) =>
    readLines(output, (line) => {
      logTail = `${logTail}${line}\n`.slice(-QUOTED_CHARACTERS);
      input.onLine(line, index === 0 ? "stdout" : "stderr");
    }),
  );
  try {
    const [exitCode, signal] = await closed(child);
    await Promise.all(lines);
    if (signal !== null) {
      return because === undefined ? { kind: "killed", signal } : { kind: "terminated", because };
    }
    const output = await readResult(folder);
    return output === undefined ? { kind: "silent", exitCode, logTail } : { kind: "spoke", exitCode, output };
  } finally {
    clearTimeout(timeout);
    input.cancel.removeEventListener("abort", cancel);
    await rm(folder, { recursive: true, force: true });
  }
}

type Close = readonly [exitCode: number, signal: null] | readonly [exitCode: null, signal: NodeJS.Signals];

function closed(child: ChildProcess): Promise<Close> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...close: Close) => resolve(close));
  });
}

async function readLines(
  output: NodeJS.ReadableStream | null,
  onLine: (line: string) => void,
): Promise<void> {
  if (output === null) return;
  for await (const line of createInterface({ input: output })) onLine(line);
}

async function readResult(folder: string): Promise<Json | undefined> {
  try {
    return parseJson(await readFile(join(folder, "result.json"), "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
