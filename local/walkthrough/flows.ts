import { isJsonObject, type Json, type JsonObject } from "../../windmill/json.ts";
import type { RunEvent } from "../windmill/events.ts";
import { builtForm } from "../windmill/form/built-form.ts";
import { fillIn } from "../windmill/form/fill-in.ts";
import type { Approval, Suspended } from "../windmill/run-context.ts";
import { type RunOutcome, runFlow } from "../windmill/run-flow.ts";
import { runScript } from "../windmill/run-script.ts";
import { StoryFailed, type Terminal } from "./terminal.ts";

/** Runs the built scripts and flows on the story's cluster from their forms, and shows what they say. */
export interface Workspace {
  script(name: string, input: JsonObject): Promise<JsonObject>;
  flow(
    name: string,
    input: JsonObject,
    approve?: (suspended: Suspended) => Promise<Approval>,
  ): Promise<JsonObject>;
}

/** Path of the resource in the local workspace, as a user would have it in theirs. */
const resourcePath = "f/ops/starrocks";

export function workspace(resource: JsonObject, terminal: Terminal): Workspace {
  const options = {
    resources: { [resourcePath]: resource },
    onEvent: (event: RunEvent) => show(event, terminal),
  };
  return {
    script: async (name, input) =>
      succeeded(name, await runScript(name, await sentByForm("script", name, input), options)),
    flow: async (name, input, approve) => {
      const args = await sentByForm("flow", name, input);
      return succeeded(
        name,
        await runFlow(name, args, approve === undefined ? options : { ...options, approve }),
      );
    },
  };
}

/** What Windmill's form sends when a person chooses the resource, fills in `input` and presses Run. */
async function sentByForm(kind: "script" | "flow", name: string, input: JsonObject): Promise<JsonObject> {
  const form = fillIn(await builtForm(kind, name), { starrocks: `$res:${resourcePath}`, ...input });
  if (form.kind === "ready") return form.args;
  const faults = form.faults.map(({ field, message }) => `${field}: ${message}`);
  throw new StoryFailed(`${name} cannot be run from its form: ${faults.join("; ")}`);
}

function show(event: RunEvent, terminal: Terminal): void {
  if (event.kind === "started") terminal.log(`${event.path}`);
  if (event.kind === "log") terminal.log(`  ${event.line}`);
}

function succeeded(name: string, outcome: RunOutcome): JsonObject {
  if (outcome.kind === "success" && isJsonObject(outcome.result)) return outcome.result;
  throw new StoryFailed(`${name} did not succeed: ${JSON.stringify(outcome)}`);
}

/** A list in a result; anything else is not what the scripts promise. */
export function list(value: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(value) || !value.every(isJsonObject))
    throw new StoryFailed(`no list of objects: ${JSON.stringify(value)}`);
  return value;
}
