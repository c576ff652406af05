import type * as z from "zod";

/** A zod type and the JSON schema made of it, as `z.toJSONSchema` shows them on the way. */
export interface Visited {
  readonly zodSchema: z.core.$ZodType;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
  readonly path: readonly (string | number)[];
}
