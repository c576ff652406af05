import { escapeId, escape as escapeValue } from "sql-escaper";

/** A backquoted identifier. Every name in a statement goes through here or {@link qualified}. */
export function name(identifier: string): string {
  return escapeId(identifier, true);
}

/** `` `database`.`table` ``. */
export function qualified(database: string, table: string): string {
  return `${name(database)}.${name(table)}`;
}

/** A string, number or NULL literal. Every value in a statement goes through here. */
export function literal(value: string | number | null): string {
  return escapeValue(value);
}

/** `('a', 'b')`; StarRocks limits the children of one expression to 10,000 (`expr_children_limit`). */
export function literals(values: readonly string[]): string {
  return `(${values.map(literal).join(", ")})`;
}

/** A PROPERTIES clause. */
export function properties(pairs: Readonly<Record<string, string>>): string {
  return `PROPERTIES ${assignments(pairs)}`;
}

/** `("key" = "value")`; keys and values are double-quoted strings in StarRocks' own examples. */
export function assignments(pairs: Readonly<Record<string, string>>): string {
  const quoted = Object.entries(pairs).map(([key, value]) => `${doubleQuoted(key)} = ${doubleQuoted(value)}`);
  return `(${quoted.join(", ")})`;
}

function doubleQuoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
