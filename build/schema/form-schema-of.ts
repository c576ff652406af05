import * as z from "zod";
import type { FormField, FormSchema } from "../../windmill/form-schema.ts";
import { defaultFault } from "./default-fault.ts";
import { SHARED_KEYS, unknownKeys } from "./form-keys.ts";
import { patternKeys, refuseFlags } from "./pattern.ts";
import type { Visited } from "./visited.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The form Windmill shows for a zod object.
 *
 * @throws {Error} naming the field, for a zod type that no Windmill form field can hold.
 */
export function formSchemaOf(input: z.ZodObject): FormSchema {
  const { properties, required } = objectParts(
    z.toJSONSchema(input, { io: "input", override: adjust }),
    "input",
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    order: Object.keys(properties),
    required,
    properties,
  };
}

/** zod leaves out the default of a type that is preprocessed; the form opens with it all the same. */
function adjust(visited: Visited): void {
  refuseFlags(visited);
  const { zodSchema, jsonSchema } = visited;
  if (zodSchema instanceof z.ZodDefault) jsonSchema.default = zodSchema.def.defaultValue;
}

function objectParts(node: JsonSchema, path: string) {
  const required = new Set(node.required ?? []);
  const fields = Object.entries(node.properties ?? {}).map(([name, child]) => {
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw new Error(`field ${path}.${name}: use letters, digits and _ only`);
    return [
      name,
      inputField(asSchema(child, `${path}.${name}`), `${path}.${name}`, required.has(name)),
    ] as const;
  });
  return {
    properties: Object.fromEntries(fields),
    required: fields.map(([name]) => name).filter((name) => required.has(name)),
  };
}

/** A field of a form, which checks what is in it before anybody has touched it. */
function inputField(node: JsonSchema, path: string, required: boolean): FormField {
  const field = { ...formField(node, path), ...patternKeys(withoutNull(node, path), path, required) };
  const fault = defaultFault(field);
  if (fault !== undefined) throw new Error(`field ${path}: ${fault}`);
  return field;
}

function formField(node: JsonSchema, path: string): FormField {
  const schema = withoutNull(node, path);
  const unknown = unknownKeys(schema);
  if (unknown.length > 0) throw new Error(`field ${path}: Windmill's form has no key ${unknown.join(", ")}`);
  const keys = SHARED_KEYS.filter((key) => key in schema);
  const shared = Object.fromEntries(keys.map((key) => [key, schema[key]]));
  return { ...shared, ...typed(schema, path) };
}

/** The part of a field that depends on its type. */
function typed(schema: JsonSchema, path: string): FormField {
  switch (schema.type) {
    case "string":
      return { type: "string", ...choices(schema) };
    case "boolean":
      return { type: "boolean" };
    case "integer":
    case "number":
      return { type: schema.type, ...bounds(schema) };
    case "array":
      return arrayField(schema, path);
    case "object":
      return objectField(schema, path);
    case undefined:
      // `z.unknown()`: the form shows a JSON editor.
      if (schema.anyOf === undefined && schema.const === undefined) return { type: "object" };
  }
  throw new Error(`field ${path}: no Windmill form field can hold this zod type`);
}

function choices(schema: JsonSchema): Partial<FormField> {
  const values = schema.const === undefined ? schema.enum : [schema.const];
  // Without disableCreate the form lets the user type any other value.
  return values === undefined ? {} : { enum: values.map(String), disableCreate: true };
}

function arrayField(schema: JsonSchema, path: string): FormField {
  const element =
    Array.isArray(schema.items) || schema.items === undefined ? {} : asSchema(schema.items, path);
  // The form checks nothing of an entry: a pattern of one would be a promise nobody keeps.
  const { disableCreate: _disableCreate, ...items } = formField(element, `${path}[]`);
  return {
    type: "array",
    items,
    ...(items.enum === undefined ? {} : { multiselect: true }),
    ...((schema.minItems ?? 0) > 0 ? { nonEmpty: true } : {}),
  };
}

function objectField(schema: JsonSchema, path: string): FormField {
  const { properties, required } = objectParts(schema, path);
  if (Object.keys(properties).length === 0) return { type: "object" };
  return { type: "object", order: Object.keys(properties), required, properties };
}

/**
 * A form with both bounds draws a slider, which starts at 0 where there is no default and cannot be left empty; the zod
 * check at run time holds the upper one.
 */
function bounds(schema: JsonSchema): Partial<FormField> {
  const step = schema.type === "integer" ? 1 : 0;
  const min = realBound(schema.minimum ?? offset(schema.exclusiveMinimum, step));
  if (min !== undefined) return { min };
  const max = realBound(schema.maximum ?? offset(schema.exclusiveMaximum, -step));
  return max === undefined ? {} : { max };
}

function offset(bound: number | boolean | undefined, by: number): number | undefined {
  return typeof bound === "number" ? bound + by : undefined;
}

/** zod writes the safe-integer range for every `.int()`. */
function realBound(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound;
}

/** zod writes `nullable` as `type: [T, null]` or `anyOf: [T, null]`; for the form, a blank field is null enough. */
function withoutNull(node: JsonSchema, path: string): JsonSchema {
  if (Array.isArray(node.type)) {
    const [type, ...others] = node.type.filter((name) => name !== "null");
    return type !== undefined && others.length === 0 ? { ...node, type } : node;
  }
  if (node.anyOf === undefined) return node;
  const { anyOf, ...rest } = node;
  const [only, ...others] = anyOf
    .map((option) => asSchema(option, path))
    .filter(({ type }) => type !== "null");
  return only !== undefined && others.length === 0 ? { ...only, ...rest } : node;
}

function asSchema(node: JsonSchema | boolean, path: string): JsonSchema {
  if (typeof node === "boolean")
    throw new Error(`field ${path}: no Windmill form field can hold this zod type`);
  return node;
}
