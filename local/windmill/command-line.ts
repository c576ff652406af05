import { readFile } from "node:fs/promises";
import pc from "picocolors";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../windmill/json.ts";
import type { RunEvent } from "./events.ts";
import type { RunOutcome } from "./run-flow.ts";

/** Exit codes of `npm run flow` and `npm run script`. */
const EXIT_CODE = { success: 0, failure: 1, suspended: 3 } as const;

export const INPUT_ARG = { type: "string", default: "{}", description: "Input as JSON, or @file." } as const;
export const RESOURCES_ARG = {
  type: "string",
  default: "{}",
  description: "Values of $res: and $var: references as JSON (path to value), or @file.",
} as const;

export const ROOT_ARG = {
  type: "string",
  description: "Folder that holds the built f/. (Default: the repository.)",
} as const;

/**
 * Runs `command` and writes exactly one JSON document to stdout: the result, the error, or what a suspended step
 * returned. Everything for people goes to stderr.
 */
export async function printOutcome(command: () => Promise<RunOutcome>): Promise<void> {
  try {
    const outcome = await command();
    process.stdout.write(`${JSON.stringify(documentOf(outcome), null, 2)}\n`);
    process.exitCode = EXIT_CODE[outcome.kind];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(message);
    process.stdout.write(`${JSON.stringify({ error: { name: "RunnerError", message } }, null, 2)}\n`);
    process.exitCode = EXIT_CODE.failure;
  }
}

function documentOf(outcome: RunOutcome) {
  switch (outcome.kind) {
    case "success":
      return outcome.result;
    case "failure":
      // Without a failure module the result is the error again.
      return isOnlyError(outcome.result) ? outcome.result : { error: outcome.error, result: outcome.result };
    case "suspended":
      return {
        suspended: {
          step: outcome.stepId,
          result: outcome.result,
          ...(outcome.resume !== undefined && { resume: outcome.resume }),
        },
      };
  }
}

function isOnlyError(result: Json): boolean {
  return isJsonObject(result) && "error" in result && Object.keys(result).length === 1;
}

/** The parser takes any option; a misspelt `--approve` must not pass for a question nobody answered. */
export function refuseUnknownOptions(args: object, known: object): void {
  const unknown = Object.keys(args).filter((name) => name !== "_" && !(name in known));
  if (unknown.length > 0) throw new Error(`There is no option --${unknown.join(", --")}.`);
}

/** @throws {Error} one sentence, when the argument is no JSON object or its file cannot be read. */
export async function jsonArgument(name: string, argument: string): Promise<JsonObject> {
  const text = argument.startsWith("@") ? await readFile(argument.slice(1), "utf8") : argument;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new Error(`--${name} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const object = parseJson(JSON.stringify(value));
  if (!isJsonObject(object)) throw new Error(`--${name} must be a JSON object.`);
  return object;
}

/** One line on stderr for what a person watching wants to know. */
export function printEvent(event: RunEvent): void {
  const line = lineOf(event);
  if (line !== undefined) console.error(line);
}

function lineOf(event: RunEvent): string | undefined {
  switch (event.kind) {
    case "started":
      return pc.cyan(`▶ ${event.stepId || event.path}`) + pc.dim(event.stepId === "" ? "" : ` ${event.path}`);
    case "log":
      return pc.dim(`  ${event.line}`);
    case "finished":
      return (
        (event.success ? pc.green("✔") : pc.red("✘")) +
        pc.dim(` ${event.stepId || event.path} ${event.milliseconds} ms`)
      );
    case "skipped":
      return pc.dim(`○ ${event.stepId} skipped`);
    case "sleeping":
      return pc.dim(`  sleeps ${event.seconds} s`);
    case "retrying":
      return pc.yellow(`↻ ${event.stepId} retry ${event.attempt} in ${event.seconds} s`);
    case "restarting":
      return pc.yellow(`↻ ${event.stepId} restarted`);
    case "suspended":
      return pc.yellow(`⏸ waits for an approval after ${event.stepId}`);
    case "progress":
      return undefined;
  }
}
