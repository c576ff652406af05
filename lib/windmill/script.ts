import type * as z from "zod";
import { BackupError } from "../errors.ts";
import { leaving } from "./errors/leaving.ts";
import { withoutBlanks } from "./forms/blanks.ts";
import { inputFaults } from "./forms/input-faults.ts";

/** What a file in `scripts/` hands to {@link defineScript}. */
export interface ScriptDefinition<Input extends z.ZodObject> {
  /** One line: shown in Windmill's lists. */
  readonly summary: string;
  /** Markdown: shown above the form. */
  readonly description: string;
  /** Source of the form, of the typed `main` signature and of the check at run time. */
  readonly input: Input;
  readonly run: (input: z.output<Input>) => Promise<unknown>;
}

/** A Windmill script: its form, and `run`, which takes what Windmill sends and checks it first. */
export interface Script<Input extends z.ZodObject = z.ZodObject>
  extends Omit<ScriptDefinition<Input>, "run"> {
  readonly run: (args: unknown) => Promise<unknown>;
}

/**
 * Turns a definition into a script. Windmill does not check arguments against the form's schema, so the zod
 * check here is the only gate; a blank form field ("" , null, []) counts as "not given".
 *
 * @throws {BackupError} `INVALID_INPUT`, naming every wrong field; nothing has been done then.
 */
export function defineScript<Input extends z.ZodObject>(definition: ScriptDefinition<Input>): Script<Input> {
  return {
    ...definition,
    async run(args) {
      const given = withoutBlanks(args);
      const faults = inputFaults(definition.input, given);
      const parsed = definition.input.safeParse(given);
      if (!parsed.success || faults.length > 0) throw leaving(invalidInput(faults));
      return await definition.run(parsed.data).catch(rethrowClean);
    },
  };
}

function invalidInput(faults: readonly string[]): BackupError {
  return new BackupError({
    code: "INVALID_INPUT",
    message: `The input is not usable: ${faults.join("; ")}.`,
    next: "Correct the named fields and run again; nothing was changed.",
  });
}

/** Driver errors carry the SQL text (and with it, passwords); only a {@link BackupError} may leave a script. */
function rethrowClean(error: unknown): never {
  if (error instanceof BackupError) throw leaving(error);
  const kind = error instanceof Error ? error.name : typeof error;
  const clean = new BackupError({
    code: "INTERNAL",
    message: `An unexpected error of kind ${kind} stopped the step.`,
    next: "Run the step again; if it stops again, report it with the job's log.",
    cause: error,
  });
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  throw leaving(clean);
}
