import * as z from "zod";
import { misspeltKeys } from "./unknown-names.ts";

/**
 * What is wrong with an input, in the words of its form: the field's title, and what to write there.
 *
 * @param given the input as it was checked; blanks are dropped
 * @returns `Connection, Port: write a whole number from 1 to 65535`, and the like; empty when all is well
 */
export function inputFaults(input: z.ZodObject, given: unknown): readonly string[] {
  return [...misspelt(input, given), ...issues(input, given)];
}

/** Keys of resources that were probably meant to be others. */
function misspelt(input: z.ZodObject, given: unknown): readonly string[] {
  return Object.entries(input.shape).flatMap(([name, field]) => {
    const schema = unwrapped(field);
    if (!isResource(field) || !(schema instanceof z.ZodObject)) return [];
    const keys = misspeltKeys(valueAt(given, [name]), Object.keys(schema.shape));
    return keys.length === 0 ? [] : [`${titleOf(field) ?? name}: there is no ${keys.join(", no ")}`];
  });
}

function issues(input: z.ZodObject, given: unknown): readonly string[] {
  // An empty message is one that no field has written: it is this file's to write.
  const { error } = input.safeParse(given, { error: () => "" });
  return (error?.issues ?? []).map((issue) => {
    const path = fieldsOf(input, issue.path);
    const what = issue.message || expectation(path.at(-1)?.schema ?? input, valueAt(given, issue.path));
    return path.length === 0 ? what : `${path.map((field) => field.title).join(", ")}: ${what}`;
  });
}

interface Field {
  readonly title: string;
  readonly schema: z.core.$ZodType;
}

/** The fields on the way to an issue: their titles, where they have one, else their names. */
function fieldsOf(input: z.ZodObject, path: readonly PropertyKey[]): readonly Field[] {
  const fields: Field[] = [];
  let schema: z.core.$ZodType | undefined = input;
  for (const key of path) {
    const inside: z.core.$ZodType = unwrapped(schema);
    schema = child(inside, key);
    if (schema === undefined) break;
    const title = typeof key === "number" ? `entry ${key + 1}` : (titleOf(schema) ?? String(key));
    fields.push({ title, schema });
  }
  return fields;
}

function child(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

/** The outermost title counts: a field may name a shared type anew. */
function titleOf(schema: z.core.$ZodType): string | undefined {
  const title = z.globalRegistry.get(schema)?.title;
  const inner = innerOf(schema);
  return title ?? (inner === undefined ? undefined : titleOf(inner));
}

/** The type itself, without what makes it optional, gives it a default or prepares what was typed. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = innerOf(schema);
  return inner === undefined ? schema : unwrapped(inner);
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodPipe) {
    const { in: before, out: after } = schema.def;
    return before instanceof z.ZodTransform ? after : before;
  }
  const wraps =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly;
  return wraps ? schema.def.innerType : undefined;
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let value = given;
  for (const key of path) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** What a field wants, said to somebody who has written nothing, or the wrong thing. */
function expectation(field: z.core.$ZodType, value: unknown): string {
  const schema = unwrapped(field);
  if (schema instanceof z.ZodEnum) return `choose ${alternatives(schema.options.map(String))}`;
  if (schema instanceof z.ZodBoolean) return "choose yes or no";
  if (schema instanceof z.ZodNumber) return `write ${aNumber(schema)}`;
  if (isResource(field)) return "choose a resource";
  if (value === undefined) return "is needed";
  if (schema instanceof z.ZodString) return `write ${aText(schema, value)}`;
  if (schema instanceof z.ZodArray) return "give a list";
  return "is not what this field takes";
}

function isResource(schema: z.core.$ZodType): boolean {
  const format = z.globalRegistry.get(schema)?.["format"];
  if (typeof format === "string" && format.startsWith("resource-")) return true;
  const inner = innerOf(schema);
  return inner !== undefined && isResource(inner);
}

function alternatives(options: readonly string[]): string {
  const last = options.at(-1) ?? "";
  return options.length < 2 ? last : `${options.slice(0, -1).join(", ")} or ${last}`;
}

function aNumber({ minValue, maxValue, isInt }: z.ZodNumber): string {
  const kind = isInt ? "a whole number" : "a number";
  const least = bound(minValue);
  const most = bound(maxValue);
  if (least === undefined) return most === undefined ? kind : `${kind} of at most ${most}`;
  return most === undefined ? `${kind} of at least ${least}` : `${kind} from ${least} to ${most}`;
}

/** An integer always has bounds for zod: those of exact numbers. */
function bound(value: number | null): number | undefined {
  return value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;
}

function aText({ maxLength }: z.ZodString, value: unknown): string {
  if (typeof value !== "string") return "a text";
  return maxLength !== null && value.length > maxLength
    ? `at most ${maxLength} characters`
    : "a text of the form that is described";
}
