import type { FormField } from "../../../windmill/form-schema.ts";
import type { Json } from "../../../windmill/json.ts";
import { inputKind } from "./input-kind.ts";

/**
 * What the form says in red under a field; undefined when it is content. Checked on whatever the field holds, touched
 * or not. (`validateInput` of Windmill's `ArgInput.svelte`: neither choices nor entries of lists are checked.)
 */
export function fieldFault(field: FormField, value: Json | undefined, required: boolean): string | undefined {
  const kind = inputKind(field);
  if (typeof value === "string" && /^\$(var|res|jsonvar):/.test(value)) return undefined;
  const empty = value === undefined || value === null || value === "";
  if (required && empty && kind !== "object") return "Required";
  if (kind === "list") {
    if (!Array.isArray(value)) return `Expected an array, got ${typeof value} instead`;
    if (required && field["nonEmpty"] === true && value.length === 0) return "Required";
  }
  if (kind === "number" && typeof value === "number") return boundFault(field, value);
  return patternFault(field, value);
}

function boundFault({ min, max }: FormField, value: number): string | undefined {
  if (typeof min === "number" && value < min) return `Should be greater than or equal to ${min}`;
  if (typeof max === "number" && value > max) return `Should be less than or equal to ${max}`;
  return undefined;
}

function patternFault(
  { pattern, customErrorMessage }: FormField,
  value: Json | undefined,
): string | undefined {
  if (typeof pattern !== "string" || pattern === "" || matches(pattern, value)) return undefined;
  return typeof customErrorMessage === "string" && customErrorMessage !== ""
    ? customErrorMessage
    : `Should match ${pattern}`;
}

/** The form tests whatever the value is as text: `undefined` too. A pattern that does not compile matches nothing. */
function matches(pattern: string, value: Json | undefined): boolean {
  try {
    return new RegExp(pattern).test(String(value));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
