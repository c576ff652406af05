import type { FormField } from "../../windmill/form-schema.ts";

/** A form opens with the default and checks it; zod takes any default as it is. */
export function defaultFault(field: FormField): string | undefined {
  const { default: value, pattern, min, max, enum: choices } = field;
  if (typeof value === "string") {
    if (typeof pattern === "string" && !new RegExp(pattern).test(value))
      return `its own pattern refuses the default ${JSON.stringify(value)}`;
    if (choices !== undefined && !choices.includes(value))
      return `the default ${value} is none of its choices`;
  }
  if (typeof value === "number") {
    if (typeof min === "number" && value < min) return `the default ${value} is less than ${min}`;
    if (typeof max === "number" && value > max) return `the default ${value} is more than ${max}`;
  }
  return undefined;
}
