import { resolve } from "node:path";
import { defineCommand, runMain } from "citty";
import {
  INPUT_ARG,
  jsonArgument,
  printEvent,
  printOutcome,
  RESOURCES_ARG,
  ROOT_ARG,
} from "./command-line.ts";
import { runScript } from "./run-script.ts";

const script = defineCommand({
  meta: { name: "script", description: "Run a built script as Windmill would." },
  args: {
    name: { type: "positional", required: true, description: "Script, for example inventory." },
    input: INPUT_ARG,
    resources: RESOURCES_ARG,
    root: ROOT_ARG,
  },
  run: ({ args }) =>
    printOutcome(async () => {
      return await runScript(args.name, await jsonArgument("input", args.input), {
        resources: await jsonArgument("resources", args.resources),
        onEvent: printEvent,
        ...(args.root === undefined ? {} : { root: resolve(args.root) }),
      });
    }),
});

await runMain(script);
