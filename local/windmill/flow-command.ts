import { resolve } from "node:path";
import { defineCommand, runMain } from "citty";
import { BuiltWorkspace } from "./built-workspace.ts";
import {
  INPUT_ARG,
  jsonArgument,
  printEvent,
  printOutcome,
  RESOURCES_ARG,
  ROOT_ARG,
  refuseUnknownOptions,
} from "./command-line.ts";
import { fieldsOf, refuseUnknownInput } from "./known-input.ts";
import { type RunOutcome, runFlow } from "./run-flow.ts";
import { REPOSITORY, type RunOptions, windmillPath } from "./run-options.ts";
import { definitionOf, keepWaiting, takeWaiting } from "./waiting-flows.ts";

const OPTIONS = {
  name: { type: "positional", required: false, description: "Flow, for example backup." },
  input: INPUT_ARG,
  resources: RESOURCES_ARG,
  root: ROOT_ARG,
  approve: { type: "boolean", default: false, description: "Approve whatever the flow waits for." },
  reject: { type: "boolean", default: false, description: "Reject whatever the flow waits for." },
  resume: {
    type: "string",
    description: "Go on with a flow that waits, by the id it has printed; with --approve or --reject.",
  },
} as const;

const flow = defineCommand({
  meta: { name: "flow", description: "Run a built flow as Windmill would." },
  args: OPTIONS,
  run: ({ args }) =>
    printOutcome(async () => {
      refuseUnknownOptions(args, OPTIONS);
      if (args.approve && args.reject) throw new Error("Give --approve or --reject, not both.");
      const root = args.root === undefined ? REPOSITORY : resolve(args.root);
      const options: RunOptions = {
        resources: await jsonArgument("resources", args.resources),
        onEvent: printEvent,
        root,
        ...(args.approve ? { approve: "approve" } : args.reject ? { approve: "reject" } : {}),
      };
      if (args.resume !== undefined) return await resumed(root, args.resume, options);
      if (args.name === undefined) throw new Error("Name a flow, for example `npm run flow -- backup`.");
      return await begun(root, args.name, await jsonArgument("input", args.input), options);
    }),
});

async function begun(
  root: string,
  name: string,
  input: Awaited<ReturnType<typeof jsonArgument>>,
  options: RunOptions,
): Promise<RunOutcome> {
  const definition = await new BuiltWorkspace(root).flow(windmillPath(name));
  refuseUnknownInput(input, fieldsOf(definition.schema));
  const outcome = await runFlow(name, input, options);
  if (outcome.kind !== "suspended" || outcome.position === undefined) return outcome;
  const { position } = outcome;
  const until = Date.now() + position.timeoutSeconds * 1000;
  const waiting = { name, input, position, definition: definitionOf(definition), until };
  return { ...outcome, resume: await keepWaiting(root, waiting) };
}

async function resumed(root: string, id: string, options: RunOptions): Promise<RunOutcome> {
  if (options.approve === undefined) throw new Error("Say what becomes of it: --approve or --reject.");
  const { name, input, position, definition, until } = await takeWaiting(root, id);
  const now = await new BuiltWorkspace(root).flow(windmillPath(name));
  if (definitionOf(now) !== definition)
    throw new Error(
      `The steps of ${name} have changed since it was begun: run it again, and read the new plan.`,
    );
  // Too late is too late, as for a person who comes to the page after the flow has ended.
  const answer = Date.now() > until ? "time-out" : options.approve;
  return await runFlow(name, input, { ...options, approve: answer }, position);
}

await runMain(flow);
