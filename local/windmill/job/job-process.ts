import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Json, JsonObject } from "../../../build/json.ts";
import { parseJson } from "../../../build/json.ts";
import { bunBinary } from "./bun-binary.ts";

/** What one process is given. */
export interface ProcessInput {
  readonly wrapper: string;
  readonly args: JsonObject;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number | undefined;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
}

/** How one process ended; no `output` when it died before it wrote a result. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly output?: Json;
}

export interface JobProcess {
  readonly pid: number | undefined;
  readonly ended: Promise<ProcessEnd>;
  /** SIGKILL, like a worker that loses power: nothing in the script runs any more. */
  readonly kill: () => void;
}

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
  return { pid: child.pid, ended: end(child, folder, input, kill), kill };
}

async function end(
  child: ChildProcess,
  folder: string,
  input: ProcessInput,
  kill: () => void,
): Promise<ProcessEnd> {
  let timedOut = false;
  const timeout =
    input.timeoutSeconds === undefined ? undefined : setTimeout(expire, input.timeoutSeconds * 1000);
  function expire() {
    timedOut = true;
    kill();
  }
  const lines = [readLines(child.stdout, "stdout", input), readLines(child.stderr, "stderr", input)];
  try {
    const [exitCode, signal] = await closed(child);
    await Promise.all(lines);
    const output = signal === null ? await readResult(folder) : undefined;
    return { exitCode, signal, timedOut, ...(output === undefined ? {} : { output }) };
  } finally {
    clearTimeout(timeout);
    await rm(folder, { recursive: true, force: true });
  }
}

function closed(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve([code, signal]));
  });
}

async function readLines(
  output: NodeJS.ReadableStream | null,
  stream: "stdout" | "stderr",
  { onLine }: ProcessInput,
): Promise<void> {
  if (output === null) return;
  for await (const line of createInterface({ input: output })) onLine(line, stream);
}

async function readResult(folder: string): Promise<Json | undefined> {
  try {
    return parseJson(await readFile(join(folder, "result.json"), "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
