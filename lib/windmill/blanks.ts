/**
 * Drops what an untouched Windmill form field sends: `""` for text, `null` for numbers, `[]` for lists. Objects
 * are cleaned inside as well (a resource has optional fields too); `false` and `0` are values and stay.
 */
export function withoutBlanks(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, field]) => !isBlank(field));
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutBlanks(field)]));
}

function isBlank(value: unknown): boolean {
  if (value === "" || value === null || value === undefined) return true;
  return Array.isArray(value) && value.length === 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
