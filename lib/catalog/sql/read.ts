import { beginningOf } from "../../cut.ts";
import { BackupError } from "../../errors.ts";
import { count } from "../../starrocks/row.ts";
import type { Row } from "../../starrocks/session.ts";
import { at, type Catalog } from "../catalog.ts";
import { unreadable } from "./column.ts";
import { column, columnOf, type FieldOf, type RowOf, type Table } from "./table.ts";

/** What to read of a table. */
export interface Query<Of extends Table, Field extends FieldOf<Of>, Computed extends string = never> {
  readonly from: Of;
  readonly fields: readonly Field[];
  /** Expressions in SQL that give a number below 2^53; NULL reads as 0. */
  readonly computed?: Readonly<Record<Computed, string>>;
  /** Every row where it is left out. */
  readonly where?: string;
  readonly groupBy?: readonly FieldOf<Of>[];
  readonly orderBy?: readonly FieldOf<Of>[];
}

type Selected<Of extends Table, Field extends FieldOf<Of>, Computed extends string> = RowOf<Of, Field> & {
  readonly [C in Computed]: number;
};

/**
 * The rows that a query finds, each checked: rows of the catalog are input, since others can write it.
 *
 * @param doing completes "Could not …" in an error
 * @throws {BackupError} `UNEXPECTED_RESULT` for a value that its column does not allow
 */
export async function select<Of extends Table, Field extends FieldOf<Of>, Computed extends string = never>(
  catalog: Catalog,
  query: Query<Of, Field, Computed>,
  doing: string,
): Promise<readonly Selected<Of, Field, Computed>[]> {
  const rows = await catalog.session.query(selectStatement(catalog, query), doing);
  return rows.map(decoder(query));
}

/** What a query finds, where one bad row must not keep the others. */
export interface Readable<Found> {
  readonly rows: readonly Found[];
  /** Why others could not be read; a sentence each. */
  readonly unreadable: readonly string[];
}

/** The same as {@link select}; rows that cannot be read are passed over, and named. */
export async function selectReadable<
  Of extends Table,
  Field extends FieldOf<Of>,
  Computed extends string = never,
>(
  catalog: Catalog,
  query: Query<Of, Field, Computed>,
  doing: string,
): Promise<Readable<Selected<Of, Field, Computed>>> {
  return readable(query, await catalog.session.query(selectStatement(catalog, query), doing));
}

/** Reads what can be read of the rows that a query gave. */
export function readable<Of extends Table, Field extends FieldOf<Of>, Computed extends string = never>(
  query: Query<Of, Field, Computed>,
  found: readonly Row[],
): Readable<Selected<Of, Field, Computed>> {
  const decode = decoder(query);
  const rows: Selected<Of, Field, Computed>[] = [];
  const unreadable: string[] = [];
  for (const row of found) {
    try {
      rows.push(decode(row));
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      unreadable.push(error.message);
    }
  }
  return { rows, unreadable };
}

export function selectStatement<Of extends Table, Field extends FieldOf<Of>, Computed extends string>(
  catalog: Catalog,
  { from, fields, computed, orderBy, ...narrowing }: Query<Of, Field, Computed>,
): string {
  const columns = [
    ...fields.map((field) => column(from, field)),
    ...Object.entries<string>(computed ?? {}).map(([field, expression]) => `${expression} AS ${field}`),
  ];
  const ordered =
    orderBy === undefined ? "" : ` ORDER BY ${orderBy.map((field) => column(from, field)).join(", ")}`;
  return `SELECT ${columns.join(", ")} FROM ${at(catalog, from)}${narrowed({ from, ...narrowing })}${ordered}`;
}

/** Which rows of its table a query means. */
export function narrowed({
  from,
  where,
  groupBy,
}: Pick<Query<Table, string>, "from" | "where" | "groupBy">): string {
  const grouped =
    groupBy === undefined ? "" : ` GROUP BY ${groupBy.map((field) => column(from, field)).join(", ")}`;
  return where === undefined ? grouped : ` WHERE ${where}${grouped}`;
}

/** Turns a row as the driver gives it into what the columns say it is. */
export function decoder<Of extends Table, Field extends FieldOf<Of>, Computed extends string = never>({
  from,
  fields,
  computed,
}: Query<Of, Field, Computed>): (row: Row) => Selected<Of, Field, Computed> {
  const numbers = Object.keys(computed ?? {});
  return (row) => {
    const decoded: Record<string, unknown> = {};
    for (const field of fields) decoded[field] = checkedValue(from, field, row);
    for (const field of numbers) decoded[field] = count(row, field);
    // Field by field it is just that, which the compiler cannot follow.
    return decoded as Selected<Of, Field, Computed>;
  };
}

function checkedValue(table: Table, field: string, row: Row): unknown {
  const { name, holds, read } = columnOf(table, field);
  const value = row[name];
  const decoded = value === undefined ? unreadable : read(value);
  if (decoded !== unreadable) return decoded;
  const shown = value === undefined ? "missing" : beginningOf(JSON.stringify(value), longestShown);
  throw new BackupError({
    code: "UNEXPECTED_RESULT",
    message: `A row of the catalog's table ${table.name}${rowName(row)} cannot be read: its column ${name} is ${shown}; it must be ${holds}.`,
    next: "Find out who has written the row and correct it, then run this again.",
  });
}

/** Which row it is, by the names that a person knows it by: ` (label shop_20251125_143022_full)`. */
function rowName(row: Row): string {
  const known = ["label", "run_id", "database_name", "table_name", "partition_name"].flatMap((each) => {
    const value = row[each];
    return typeof value === "string" && value !== "" ? [`${each} ${beginningOf(value, longestShown)}`] : [];
  });
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}

const longestShown = 60;
