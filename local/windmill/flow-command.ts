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
import { runFlow } from "./run-flow.ts";
import { REPOSITORY, windmillPath } from "./run-options.ts";

const OPTIONS = {
  name: { type: "positional", required: false, description: "Flow, for example backup." },
  input: INPUT_ARG,
  resources: RESOURCES_ARG,
  root: ROOT_ARG,
  approve: { type: "boolean", default: false, description: "Approve whatever the flow waits for." },
  reject: { type: "boolean", default: false, description: "Reject whatever the flow waits for." },
} as const;

const flow = defineCommand({
  meta: { name: "flow", description: "Run a built flow as Windmill would." },
  args: OPTIONS,
  run: ({ args }) =>
    printOutcome(async () => {
      refuseUnknownOptions(args, OPTIONS);
      if (args.name === undefined) throw new Error("Name a flow, for example `npm run flow -- backup`.");
      if (args.approve && args.reject) throw new Error("Give --approve or --reject, not both.");
      const root = args.root === undefined ? REPOSITORY : resolve(args.root);
      const input = await jsonArgument("input", args.input);
      refuseUnknownInput(
        input,
        fieldsOf((await new BuiltWorkspace(root).flow(windmillPath(args.name))).schema),
      );
      return await runFlow(args.name, input, {
        resources: await jsonArgument("resources", args.resources),
        onEvent: printEvent,
        root,
        ...(args.approve ? { approve: "approve" } : args.reject ? { approve: "reject" } : {}),
      });
    }),
});

await runMain(flow);
