/** What Windmill stores as arguments and results. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** JSON text is the only way values travel between Windmill's jobs. */
export function parseJson(text: string): Json {
  return JSON.parse(text);
}
