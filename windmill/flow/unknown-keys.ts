import { createRequire } from "node:module";
import { z } from "zod";

const schemaNode = z.looseObject({
  $ref: z.string().optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
});
type SchemaNode = z.output<typeof schemaNode>;

const require = createRequire(import.meta.url);
const openApi = z
  .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
  .parse(require("windmill-yaml-validator/dist/gen/openflow.json"));

/**
 * Keys that OpenFlow does not have. Windmill's validator and its server ignore them without a word, so a misspelt
 * `suspend` would be no approval at all.
 */
export function unknownKeys(flow: unknown): readonly string[] {
  return unknownIn(flow, { $ref: "#/components/schemas/OpenFlow" }, "");
}

function unknownIn(value: unknown, reference: unknown, path: string): readonly string[] {
  const schema = resolve(reference, value);
  if (Array.isArray(value)) {
    return schema.items === undefined
      ? []
      : value.flatMap((item, i) => unknownIn(item, schema.items, `${path}[${i}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const childPath = path === "" ? key : `${path}.${key}`;
    if (schema.properties?.[key] !== undefined) return unknownIn(child, schema.properties[key], childPath);
    if (schema.additionalProperties !== undefined)
      return unknownIn(child, schema.additionalProperties, childPath);
    // An object without declared properties may hold anything, for example a form's schema.
    return schema.properties === undefined ? [] : [childPath];
  });
}

/** Follows `$ref`, and picks the alternative whose `type` is the value's. */
function resolve(reference: unknown, value: unknown): SchemaNode {
  const schema = schemaNode.catch({}).parse(reference);
  if (schema.$ref !== undefined)
    return resolve(openApi.components.schemas[schema.$ref.split("/").at(-1) ?? ""], value);
  if (schema.oneOf === undefined) return schema;
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  const options = schema.oneOf.map((option) => resolve(option, value));
  return options.find((option) => typesOf(option).includes(type)) ?? {};
}

function typesOf(option: SchemaNode): readonly unknown[] {
  return schemaNode.catch({}).parse(option.properties?.["type"]).enum ?? [];
}
