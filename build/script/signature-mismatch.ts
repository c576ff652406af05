import { isDeepStrictEqual } from "node:util";
import { type FormField, type FormSchema, withoutResourceFields } from "../../windmill/form-schema.ts";
import type { MainSignature } from "../../windmill/signature/main-signature.ts";
import { reinferredSchema } from "../../windmill/signature/reinferred-schema.ts";

/** `main` must say what the schema says, now and after Windmill has inferred the schema from it again. */
export function signatureMismatch(signature: MainSignature, schema: FormSchema): readonly string[] {
  if (signature.autoKind !== null) return [`Windmill's parser finds no main (kind ${signature.autoKind})`];
  const once = reinferredSchema(schema, signature.parameters);
  const twice = reinferredSchema(once, signature.parameters);
  return [
    ...differences(comparable(schema), comparable(once)).map((what) => `schema and main disagree on ${what}`),
    ...differences(once, twice).map((what) => `inferring the schema again changes ${what} each time`),
  ];
}

interface Fields {
  readonly order: readonly string[];
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

function differences(left: Fields, right: Fields): readonly string[] {
  const names = [...new Set([...left.order, ...right.order])];
  return [
    ...(isDeepStrictEqual(left.order, right.order) ? [] : ["the order of fields"]),
    ...(isDeepStrictEqual(left.required, right.required) ? [] : ["the required fields"]),
    ...names.filter((name) => !isDeepStrictEqual(left.properties[name], right.properties[name])),
  ];
}

/** Leaves out what an inference is known to change without harm. */
function comparable(schema: FormSchema): Fields {
  const { properties, order, required } = withoutResourceFields(schema);
  return { order, required, properties: mapValues(properties, comparableField) };
}

function comparableField(field: FormField): unknown {
  const { originalType: _originalType, type, items, properties, ...rest } = field;
  return {
    ...rest,
    // TypeScript has one number type; a schema with `integer` gives the form whole steps.
    type: type === "integer" ? "number" : type,
    items: items === undefined ? undefined : shapeOf(items),
    // `object` is inferred with an empty list of properties.
    properties: properties === undefined ? {} : mapValues(properties, comparableField),
  };
}

/** Inference drops titles, `required` and order of objects inside lists; names and types it must keep. */
function shapeOf({ type, enum: values, items, properties }: FormField): unknown {
  return {
    type: type === "integer" ? "number" : type,
    values,
    items: items === undefined ? undefined : shapeOf(items),
    properties: mapValues(properties ?? {}, shapeOf),
  };
}

function mapValues<T>(
  fields: Readonly<Record<string, FormField>>,
  map: (field: FormField) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, map(field)]));
}
