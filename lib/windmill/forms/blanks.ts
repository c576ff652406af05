/**
 * Drops what an untouched Windmill form field sends: `""` for text, `null` for numbers, `[]` for lists, and for an
 * object one whose fields are all blank (the form opens an object's own fields). "Add item" leaves a blank entry in a
 * list; entries of blanks only count as one. `false` and `0` are values and stay.
 */
export function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks).filter((entry) => !isBlankEntry(entry));
  if (!isRecord(value)) return value;
  const cleaned = Object.entries(value).map(([name, field]) => [name, withoutBlanks(field)] as const);
  return Object.fromEntries(cleaned.filter(([, field]) => !isBlank(field)));
}

function isBlank(value: unknown): boolean {
  if (value === "" || value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

/** A name cannot be made of blanks; a text such as a password can, so this goes for lists only. */
function isBlankEntry(entry: unknown): boolean {
  return isBlank(entry) || (typeof entry === "string" && entry.trim() === "");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
