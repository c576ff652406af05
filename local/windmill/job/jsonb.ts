import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../../windmill/json.ts";

/**
 * A value as it comes back from Postgres' `jsonb`, where Windmill keeps arguments and results: the keys of an object
 * are ordered by their length in bytes, then by their bytes, at every depth, and NUL characters are gone (queue:
 * strip_json_nul). Numbers keep their value. Keys that look like integers come first, as in every object of JavaScript.
 */
export function asJsonb(value: Json): Json {
  if (typeof value === "string") return value.replaceAll("\0", "");
  if (isJsonList(value)) return value.map(asJsonb);
  return isJsonObject(value) ? objectAsJsonb(value) : value;
}

export function objectAsJsonb(object: JsonObject): JsonObject {
  const entries = Object.entries(object).map(([key, value]) => {
    const stored = key.replaceAll("\0", "");
    return { key: stored, bytes: Buffer.from(stored), value: asJsonb(value) };
  });
  entries.sort((left, right) => left.bytes.length - right.bytes.length || left.bytes.compare(right.bytes));
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}
