import { resolve } from "node:path";
import { defineCommand, runMain } from "citty";
import {
  INPUT_ARG,
  jsonArgument,
  printEvent,
  printOutcome,
  RESOURCES_ARG,
  ROOT_ARG,
  refuseUnknownOptions,
} from "./command-line.ts";
import { runScript } from "./run-script.ts";

const OPTIONS = {
  name: { type: "positional", required: false, description: "Script, for example inventory." },
  input: INPUT_ARG,
  resources: RESOURCES_ARG,
  root: ROOT_ARG,
} as const;

const script = defineCommand({
  meta: { name: "script", description: "Run a built script as Windmill would." },
  args: OPTIONS,
  run: ({ args }) =>
    printOutcome(async () => {
      refuseUnknownOptions(args, OPTIONS);
      if (args.name === undefined)
        throw new Error("Name a script, for example `npm run script -- inventory`.");
      return await runScript(args.name, await jsonArgument("input", args.input), {
        resources: await jsonArgument("resources", args.resources),
        onEvent: printEvent,
        ...(args.root === undefined ? {} : { root: resolve(args.root) }),
      });
    }),
});

await runMain(script);
