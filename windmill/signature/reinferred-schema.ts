import { argSigToJsonSchemaType } from "windmill-utils-internal";
import type { FormSchema } from "../form-schema.ts";
import type { MainParameter } from "./main-signature.ts";

/**
 * What the schema becomes when Windmill infers it again from the code, as it does when somebody edits the
 * script in the browser: parameters decide names, order, types, enums, `required` and defaults; texts and
 * limits of the old schema stay.
 */
export function reinferredSchema(schema: FormSchema, parameters: readonly MainParameter[]): FormSchema {
  const old = structuredClone(schema.properties);
  const properties = parameters.map((parameter) => {
    // The library changes the field it is given.
    const field = { ...(old[parameter.name] ?? { type: "" }) } as SchemaProperty;
    argSigToJsonSchemaType(parameter.type as SignatureType, field);
    field.default = parameter.default;
    return [parameter.name, withoutUndefined(field)];
  });
  return {
    ...schema,
    order: parameters.map(({ name }) => name),
    required: parameters.filter(({ optional }) => !optional).map(({ name }) => name),
    properties: Object.fromEntries(properties),
  };
}

type SignatureType = Parameters<typeof argSigToJsonSchemaType>[0];
type SchemaProperty = Parameters<typeof argSigToJsonSchemaType>[1];

function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
