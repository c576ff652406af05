import type { FormField } from "../../../windmill/form-schema.ts";
import type { Json } from "../../../windmill/json.ts";
import { inputKind } from "./input-kind.ts";

/**
 * What a field holds when the form opens and nobody has touched it; undefined: nothing. (`computeDefaultValue` of
 * Windmill's `ArgInput.svelte`; `Range.svelte` for a number with two bounds; an object opens a form of its own.)
 */
export function openingValue(field: FormField, required: boolean): Json | undefined {
  const kind = inputKind(field);
  if (field.default !== undefined && field.default !== null) return asJson(field.default);
  switch (kind) {
    case "text":
      return "";
    case "choice":
      return required ? field.enum?.[0] : undefined;
    case "switch":
      return false;
    case "list":
      return [];
    case "number":
      return isSlider(field) ? 0 : undefined;
    case "object":
      return field.properties === undefined ? undefined : openingValues(field.properties, field.required);
    case "date":
    case "resource":
      return undefined;
  }
}

/** Fields that hold nothing are left out. */
function openingValues(
  properties: Readonly<Record<string, FormField>>,
  required: readonly string[] = [],
): Json {
  const values = Object.entries(properties).map(
    ([name, field]) => [name, openingValue(field, required.includes(name))] as const,
  );
  return Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** A slider always stands somewhere: at 0 when nobody has moved it. */
function isSlider({ min, max }: FormField): boolean {
  return min !== undefined && max !== undefined;
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
