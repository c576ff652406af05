import type { FormField } from "../../../windmill/form-schema.ts";

/** The inputs that Windmill's form draws (`setInputCat` in its `utils.ts`), as far as this project's forms use them. */
export type InputKind = "text" | "choice" | "date" | "number" | "switch" | "list" | "resource" | "object";

/** Keys of a field that decide how it looks, opens or is checked in ways this model knows. */
const MODELLED = new Set([
  ...["type", "format", "title", "description", "default", "placeholder", "items", "properties", "required"],
  ...["order", "enum", "disableCreate", "pattern", "customErrorMessage", "min", "max", "nonEmpty"],
  ...["multiselect", "password", "minRows"],
]);

const DATES = ["date", "date-time", "naive-date-time"];

/** @throws {Error} when the field uses something of the form that this model does not have. */
export function inputKind(field: FormField): InputKind {
  const foreign = Object.keys(field).filter((key) => !MODELLED.has(key));
  if (foreign.length > 0) throw new Error(`The model of the form does not know ${foreign.join(", ")}.`);
  const { type, format } = field;
  if (type === "object" && format?.startsWith("resource-")) return "resource";
  if (type === "string" && format !== undefined && DATES.includes(format)) return "date";
  if (format !== undefined) throw new Error(`The model of the form does not know the format ${format}.`);
  switch (type) {
    case "string":
      return field.enum === undefined ? "text" : "choice";
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "switch";
    case "array":
      return field.items === undefined ? "object" : "list";
    case "object":
      return "object";
  }
}
