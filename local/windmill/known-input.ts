import { distance } from "fastest-levenshtein";
import * as z from "zod";
import type { JsonObject } from "../../windmill/json.ts";

/**
 * Windmill drops what no form field asks for, so a misspelt `tables` would restore everything: on the command line it is
 * refused instead.
 *
 * @param known names of the form's fields; undefined: there is no form, and anything may be given
 * @throws {Error} one sentence, with the nearest name
 */
export function refuseUnknownInput(input: JsonObject, known: readonly string[] | undefined): void {
  if (known === undefined) return;
  const unknown = Object.keys(input).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const said = unknown.map((name) => {
    const near = nearest(name, known);
    return near === undefined ? name : `${name} (did you mean ${near}?)`;
  });
  throw new Error(`There is no input ${said.join(", ")}. There are: ${known.join(", ")}.`);
}

const form = z.looseObject({ properties: z.record(z.string(), z.unknown()) });

/** The fields of a form; undefined where there is no form. */
export function fieldsOf(schema: unknown): readonly string[] | undefined {
  const read = form.safeParse(schema);
  return read.success ? Object.keys(read.data.properties) : undefined;
}

/** The name that fewest edits make of another one, where they are fewer than half of it. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((each) => ({ each, edits: distance(name, each) }))
    .sort((one, other) => one.edits - other.edits);
  return best !== undefined && best.edits <= name.length / 2 ? best.each : undefined;
}
