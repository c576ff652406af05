import type { FormField, FormSchema } from "../../../windmill/form-schema.ts";
import type { Json, JsonObject } from "../../../windmill/json.ts";
import { fieldFault } from "./field-fault.ts";
import { openingValue } from "./opening-value.ts";

/** What a person has in front of them after filling in a form. */
export type FilledForm =
  /** Run (in the schedule editor: Save) can be pressed, and sends `args`. */
  | { readonly kind: "ready"; readonly args: JsonObject }
  /** Run is greyed out while any field has a fault. */
  | { readonly kind: "disabled"; readonly faults: readonly FieldFault[] };

export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/**
 * A form of Windmill as a person uses it: it opens, some fields are filled in, Run is pressed. The editor of a schedule
 * is the same form, which opens with the arguments the schedule has.
 *
 * @example
 * fillIn(schema, { starrocks: "$res:f/ops/starrocks", group: "critical" });
 *
 * @throws {Error} when nobody could fill it in like this, or the form uses something the model does not have.
 */
export function fillIn(schema: FormSchema, filled: JsonObject): FilledForm {
  const foreign = Object.keys(filled).filter((name) => !(name in schema.properties));
  if (foreign.length > 0) throw new Error(`The form has no field ${foreign.join(", ")}.`);
  const fields = Object.entries(schema.properties).map(([name, field]) => {
    const required = schema.required.includes(name);
    const value = entered(name, field, filled[name]) ?? openingValue(field, required);
    return { name, value, message: fieldFault(field, value, required) };
  });
  const faults = fields.flatMap(({ name, message }) =>
    message === undefined ? [] : [{ field: name, message }],
  );
  if (faults.length > 0) return { kind: "disabled", faults };
  const sent = fields.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  return { kind: "ready", args: Object.fromEntries(sent) };
}

/** A choice can only be picked from the list, unless the form lets people add to it. */
function entered(name: string, field: FormField, value: Json | undefined): Json | undefined {
  if (value === undefined || value === null || field.enum === undefined) return value;
  if (field["disableCreate"] === true && !field.enum.some((choice) => choice === value))
    throw new Error(`The form does not offer ${JSON.stringify(value)} for ${name}.`);
  return value;
}
