import { type FormField, resourceTypeOf } from "../../windmill/form-schema.ts";

/**
 * The TypeScript type from which Windmill's parser infers the field again. It knows neither `Array<T>` nor
 * `readonly`, `unknown` or `Record` (they become resource types or nothing), hence `T[]` and `object`.
 */
export function typescriptType(field: FormField): string {
  const resource = resourceTypeOf(field);
  if (resource !== undefined) return resourceTypeName(resource);
  switch (field.type) {
    case "string":
      return field.enum === undefined
        ? "string"
        : field.enum.map((value) => JSON.stringify(value)).join(" | ");
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return arrayType(field.items);
    case "object":
      return objectType(field);
  }
}

/** `starrocks` -> `Starrocks`: Windmill's parser turns it back by putting `_` before inner capitals. */
export function resourceTypeName(resource: string): string {
  return resource
    .split("_")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

export function objectType(field: Pick<FormField, "properties" | "required">): string {
  if (field.properties === undefined) return "object";
  const members = Object.entries(field.properties).map(([name, member]) => {
    const mark = field.required?.includes(name) ? "" : "?";
    return `${name}${mark}: ${typescriptType(member)}`;
  });
  return `{ ${members.join("; ")} }`;
}

function arrayType(items: FormField | undefined): string {
  if (items === undefined) return "object[]";
  const element = typescriptType(items);
  return element.includes(" | ") ? `(${element})[]` : `${element}[]`;
}
