/** Keys that mean the same in JSON schema and in Windmill's form, in the order they are written. */
export const SHARED_KEYS = [
  "title",
  "description",
  "type",
  "format",
  "enum",
  "enumLabels",
  "disableCreate",
  "default",
  "placeholder",
  "password",
  "minRows",
  "contentEncoding",
  "dateFormat",
  "disableVariablePicker",
  "showExpr",
  "disabled",
  "currency",
  "seconds",
] as const;

/** Keys that the translation reads and writes in another form. */
const TRANSLATED_KEYS = [
  "pattern",
  "customErrorMessage",
  "items",
  "properties",
  "required",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minItems",
  "const",
  "anyOf",
];

/** Keys that Windmill's form does not know; the zod check at run time holds them. */
const CHECKED_BY_ZOD = [
  "$schema",
  "id",
  "additionalProperties",
  "propertyNames",
  "minLength",
  "maxLength",
  "maxItems",
  "uniqueItems",
  "multipleOf",
  "examples",
];

/** Keys nobody reads: a misspelt `.meta()` key would otherwise vanish without a word. */
export function unknownKeys(node: object): readonly string[] {
  const known = new Set<string>([...SHARED_KEYS, ...TRANSLATED_KEYS, ...CHECKED_BY_ZOD]);
  return Object.keys(node).filter((key) => !known.has(key));
}
