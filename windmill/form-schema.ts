/** A field of a Windmill form: JSON schema with the keys that Windmill's `ArgInput` reads. */
export interface FormField {
  readonly type: "string" | "number" | "integer" | "boolean" | "array" | "object";
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: FormField;
  readonly properties?: Readonly<Record<string, FormField>>;
  readonly required?: readonly string[];
  /** Everything else is only passed on: `min`, `max`, `password`, `minRows`, `placeholder`, ... */
  readonly [key: string]: unknown;
}

/** The schema of a script, a flow or a resource type. */
export interface FormSchema {
  readonly $schema: "https://json-schema.org/draft/2020-12/schema";
  readonly type: "object";
  /** Windmill shows fields in this order; JSON objects in its database keep none. */
  readonly order: readonly string[];
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, FormField>>;
}

/** `resource-starrocks` -> `starrocks`; undefined for a field that is no resource picker. */
export function resourceTypeOf(field: FormField): string | undefined {
  return field.format?.startsWith("resource-") ? field.format.slice("resource-".length) : undefined;
}

/** A resource picker needs the type's name only; its fields belong to the resource type. */
export function withoutResourceFields(schema: FormSchema): FormSchema {
  const properties = Object.entries(schema.properties).map(([name, field]) => {
    if (resourceTypeOf(field) === undefined) return [name, field];
    const { properties: _properties, required: _required, order: _order, ...picker } = field;
    return [name, picker];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}
