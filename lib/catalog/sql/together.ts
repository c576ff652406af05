import type { Row } from "../../starrocks/session.ts";
import { at, type Catalog } from "../catalog.ts";
import { narrowed, type Query } from "./read.ts";
import { column, columnOf, type Table } from "./table.ts";

/** A question to one table of the catalog, whichever. Its order does not count here. */
type AnyQuery = Query<Table, string, string>;

/**
 * The rows of several queries, asked in one statement; a decoder makes of each what its columns say.
 *
 * @returns the rows of each query, in the queries' order
 */
export async function rowsTogether<const Queries extends readonly AnyQuery[]>(
  catalog: Catalog,
  queries: Queries,
  doing: string,
): Promise<{ readonly [Index in keyof Queries]: readonly Row[] }> {
  const found: Row[][] = queries.map(() => []);
  const take = taker(queries);
  for (const row of await catalog.session.query(statementOf(catalog, queries), doing)) {
    const [index, own] = take(row);
    found[index]?.push(own);
  }
  // One list for each query, which the compiler cannot count.
  return found as { [Index in keyof Queries]: Row[] };
}

/**
 * The same for very many rows, handed over one by one: those of the first query first, and each query's by its first fields.
 *
 * @param sortedBy how many of the first fields put the rows in order
 * @param onRow gets the index of the query
 */
export async function eachTogether(
  catalog: Catalog,
  { queries, sortedBy }: { readonly queries: readonly AnyQuery[]; readonly sortedBy: number },
  doing: string,
  onRow: (index: number, row: Row) => void,
): Promise<void> {
  const keys = ["asked", ...Array.from({ length: sortedBy }, (_, place) => `v${place}`)];
  const sorted = `${statementOf(catalog, queries)} ORDER BY ${keys.join(", ")}`;
  const take = taker(queries);
  await catalog.session.each(sorted, doing, (row) => onRow(...take(row)));
}

function statementOf(catalog: Catalog, queries: readonly AnyQuery[]): string {
  const width = Math.max(...queries.map((query) => valuesOf(query).length));
  return queries.map((query, index) => branch(catalog, query, { index, width })).join(" UNION ALL ");
}

interface Place {
  readonly index: number;
  /** Columns of the widest query. */
  readonly width: number;
}

/** Every value is text in the union, which is what the driver gives and columns read anyway. */
function branch(catalog: Catalog, query: AnyQuery, { index, width }: Place): string {
  const values = valuesOf(query).map(({ sql }) => sql);
  const padded = [...values, ...Array.from({ length: width - values.length }, () => "NULL")];
  const named = padded.map((sql, place) => `${sql} AS v${place}`).join(", ");
  return `SELECT ${index} AS asked, ${named} FROM ${at(catalog, query.from)}${narrowed(query)}`;
}

interface SelectedValue {
  /** What the row of the query calls it. */
  readonly name: string;
  readonly sql: string;
}

function valuesOf({ from, fields, computed }: AnyQuery): readonly SelectedValue[] {
  return [
    ...fields.map((field) => {
      const { name, type } = columnOf(from, field);
      const isText = type === "STRING" || type.startsWith("VARCHAR");
      return { name, sql: isText ? column(from, field) : asText(column(from, field)) };
    }),
    ...Object.entries<string>(computed ?? {}).map(([name, sql]) => ({ name, sql: asText(sql) })),
  ];
}

function asText(sql: string): string {
  return `CAST(${sql} AS STRING)`;
}

/** Makes of a row of the union one of its own query. */
function taker(queries: readonly AnyQuery[]): (row: Row) => [number, Row] {
  const names = queries.map((query) => valuesOf(query).map(({ name }) => name));
  return (row) => {
    const index = Number(row["asked"]);
    const own: Record<string, Row[string]> = {};
    for (const [place, name] of (names[index] ?? []).entries()) own[name] = row[`v${place}`] ?? null;
    return [index, own];
  };
}
