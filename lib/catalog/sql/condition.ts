import { literal } from "../../starrocks/quote.ts";
import { type ComparedOf, column, columnOf, type FieldOf, type Table } from "./table.ts";

/** In a condition: the column has a value. (And null there: it has none.) */
export const notNull = { sql: "IS NOT NULL" } as const;

/** Values that columns must have: this one, one of these, none (null) or any (`notNull`). All must hold. */
export type MatchOf<Of extends Table> = {
  readonly [F in FieldOf<Of>]?: ComparedOf<Of, F> | readonly ComparedOf<Of, F>[] | null | typeof notNull;
};

/** A WHERE condition. StarRocks limits a list to 10,000 values (`expr_children_limit`). */
export function matching<Of extends Table>(table: Of, match: MatchOf<Of>): string {
  return Object.entries(match)
    .map(([field, wanted]) => `${column(table, field)} ${comparison(table, field, wanted)}`)
    .join(" AND ");
}

function comparison(table: Table, field: string, wanted: unknown): string {
  if (wanted === null) return "IS NULL";
  if (wanted === notNull) return notNull.sql;
  const { write } = columnOf(table, field);
  return Array.isArray(wanted) ? `IN (${wanted.map(write).join(", ")})` : `= ${write(wanted)}`;
}

/** A condition on the first characters of a column. */
export function beginsWith<Of extends Table>(table: Of, field: FieldOf<Of>, prefix: string): string {
  return `left(${column(table, field)}, ${prefix.length}) = ${literal(prefix)}`;
}

/** Whole seconds from one instant to another; NULL without either. */
export function secondsBetween(from: string, to: string): string {
  return `unix_timestamp(${to}) - unix_timestamp(${from})`;
}

/** Whole seconds from an instant to now, by the FE's clock; NULL without the instant. */
export function secondsSince(instant: string): string {
  return `unix_timestamp(now()) - unix_timestamp(${instant})`;
}
