import { type FormField, type FormSchema, resourceTypeOf } from "../../windmill/form-schema.ts";
import { objectType, resourceTypeName, typescriptType } from "./typescript-type.ts";

/**
 * The readable top of an emitted script: what it was made from and a typed `main`, which is all Windmill's
 * parser sees (it finds only a `function main` declaration at top level). It opens with a block comment because
 * the worker reads leading `//` lines as annotations.
 */
export function mainHeader(schema: FormSchema, source: string): string {
  const names = schema.order;
  const parameters = names.map((name, index) => parameter(schema, name, names.slice(index + 1)));
  return [
    `/* GENERATED from ${source}: change that file and build again. */`,
    ...resourceAliases(schema),
    `export async function main(${parameters.map((text) => `\n  ${text},`).join("")}${names.length > 0 ? "\n" : ""}) {`,
    `  return await __impl.run(${names.length > 0 ? `{ ${names.join(", ")} }` : "{}"});`,
    "}",
    "",
  ].join("\n");
}

function parameter(schema: FormSchema, name: string, following: readonly string[]): string {
  const field = schema.properties[name];
  if (field === undefined) throw new Error(`field ${name} is in the order, but has no schema`);
  const type = typescriptType(field);
  if (field.default !== undefined) return `${name}: ${type} = ${JSON.stringify(field.default)}`;
  if (schema.required.includes(name)) return `${name}: ${type}`;
  // TypeScript allows `?` only after the last required parameter; Windmill reads both forms as optional.
  const requiredFollows = following.some((other) => schema.required.includes(other));
  return requiredFollows ? `${name}: ${type} | undefined` : `${name}?: ${type}`;
}

function resourceAliases(schema: FormSchema): readonly string[] {
  const aliases = new Map<string, FormField>();
  for (const field of Object.values(schema.properties)) {
    const resource = resourceTypeOf(field);
    if (resource !== undefined) aliases.set(resourceTypeName(resource), field);
  }
  return [...aliases].map(([name, field]) => `type ${name} = ${objectType(field)};`);
}
