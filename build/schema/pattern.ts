import * as z from "zod";
import type { FormField } from "./form-schema.ts";
import type { Visited } from "./visited.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * How a form checks a text. Windmill applies the pattern to the `""` of an untouched field as well, and does not run
 * before it matches (windmill.md §4.3): where a field may be left empty, the pattern says so.
 *
 * @throws {Error} naming the field, when its form could not be used or understood.
 */
export function patternKeys(schema: JsonSchema, path: string, required: boolean): Partial<FormField> {
  const { pattern, customErrorMessage } = schema;
  // The pattern zod adds to a format such as date-time is for machines; the form has a picker for it.
  if (pattern === undefined || schema.format !== undefined) return {};
  if (schema.type !== "string" || schema.enum !== undefined)
    throw new Error(`field ${path}: only text can have a pattern`);
  if (typeof customErrorMessage !== "string" || customErrorMessage === "")
    throw new Error(`field ${path}: a pattern needs a customErrorMessage; the form would show the pattern`);
  return { pattern: required ? pattern : `^$|(?:${pattern})`, customErrorMessage };
}

/**
 * A form's pattern has no flags: with `i` or `u` the form would refuse what zod takes, or the other way round. Entries
 * of lists are not checked by the form.
 *
 * @throws {Error} naming the field
 */
export function refuseFlags({ zodSchema, path }: Visited): void {
  if (!(zodSchema instanceof z.ZodString) || path.at(-1) === "items") return;
  for (const { _zod: check } of zodSchema.def.checks ?? []) {
    const pattern = "pattern" in check.def ? check.def.pattern : undefined;
    if (!(pattern instanceof RegExp) || pattern.flags === "") continue;
    const name = ["input", ...path.filter((part) => part !== "properties")].join(".");
    throw new Error(`field ${name}: a form's pattern has no flags, this one has ${pattern.flags}`);
  }
}
