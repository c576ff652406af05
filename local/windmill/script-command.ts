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
import { refuseUnknownInput } from "./known-input.ts";
import { REPOSITORY, windmillPath } from "./run-options.ts";
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
      const root = args.root === undefined ? REPOSITORY : resolve(args.root);
      const input = await jsonArgument("input", args.input);
      const { signature } = await new BuiltWorkspace(root).script(windmillPath(args.name));
      refuseUnknownInput(
        input,
        signature.parameters.map((parameter) => parameter.name),
      );
      return await runScript(args.name, input, {
        resources: await jsonArgument("resources", args.resources),
        onEvent: printEvent,
        root,
      });
    }),
});

await runMain(script);
