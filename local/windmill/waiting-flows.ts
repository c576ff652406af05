import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { OpenFlow } from "../../windmill/flow/open-flow.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../windmill/json.ts";
import type { FlowPosition } from "./run-flow.ts";

/** A flow that a process has left to an approval, for another one to go on with. */
export interface WaitingFlow {
  /** As it was named on the command line. */
  readonly name: string;
  readonly input: JsonObject;
  readonly position: FlowPosition;
  /** Of the flow's definition: its steps must still be the ones that were begun. */
  readonly definition: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

const object = z.custom<JsonObject>((value) => isJsonObject(value as Json));

const form = z.object({
  name: z.string(),
  input: object,
  position: z.object({ stepId: z.string(), results: object, timeoutSeconds: z.number() }),
  definition: z.string(),
  until: z.number(),
});

const folder = ".flows";

/**
 * Keeps a waiting flow in a file that only this user can read: its input may hold a password.
 *
 * @param root folder of the workspace
 * @returns the id to resume it by
 */
export async function keepWaiting(root: string, flow: WaitingFlow): Promise<string> {
  const id = randomBytes(6).toString("hex");
  await mkdir(join(root, folder), { recursive: true, mode: 0o700 });
  await writeFile(join(root, folder, `${id}.json`), JSON.stringify(flow), { mode: 0o600, flag: "wx" });
  return id;
}

/**
 * Takes a waiting flow, which only one process can.
 *
 * @throws {Error} one sentence, when there is none of that id (any more)
 */
export async function takeWaiting(root: string, id: string): Promise<WaitingFlow> {
  const kept = join(root, folder, `${id}.json`);
  const taken = `${kept}.${process.pid}`;
  if (!/^[0-9a-f]{12}$/.test(id) || !(await isRenamed(kept, taken)))
    throw new Error(
      `No flow waits under ${id}: it was approved or rejected before, or waits in another folder.`,
    );
  try {
    return form.parse(parseJson(await readFile(taken, "utf8")));
  } finally {
    await rm(taken);
  }
}

/** Of two processes at once, one finds nothing to rename. */
async function isRenamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/** Tells one definition of a flow from another. */
export function definitionOf({ value }: OpenFlow): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
