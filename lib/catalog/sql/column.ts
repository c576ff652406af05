import type { Value } from "../../starrocks/session.ts";

/** The FE's clock, in the session's zone (UTC): the only one that counts. Any DATETIME column takes it. */
export const now = { sql: "now()" } as const;
export type Now = typeof now;

/** What {@link Column.read} gives for a value that the column does not allow. */
export const unreadable = Symbol("unreadable");

/** A column: its place in CREATE TABLE, and the way of its values into a statement and out of a row. */
export interface Column<Read, Written = Read> {
  /** In SQL. */
  readonly name: string;
  /** `VARCHAR(120)`. */
  readonly type: string;
  /** What follows the name in CREATE TABLE: `VARCHAR(120) NOT NULL`. */
  readonly definition: string;
  /** The values it allows, as a noun: for whoever reads an error or the documentation. */
  readonly holds: string;
  /** What it says; for the documentation only. */
  readonly about: string;
  // Methods, since the parameters of methods are compared loosely: any column is a Column<unknown>.
  read(value: Value): Read | typeof unreadable;
  /** The value as SQL. */
  write(value: Written): string;
}

/** The same column where NULL is allowed: it reads as undefined, and undefined is written as NULL. */
export function optional<Read, Written>(
  column: Column<Read, Written>,
): Column<Read | undefined, Written | undefined> {
  return allowingNull(column, undefined);
}

/**
 * The same column where NULL is allowed and means a value. Rows that starrocks-br wrote have NULL in every column that
 * it does not know.
 */
export function withDefault<Read, Written>(
  column: Column<Read, Written>,
  whenNull: Read,
): Column<Read, Written | undefined> {
  return allowingNull(column, whenNull);
}

/** The same column where StarRocks fills in its clock when an INSERT leaves it out. */
export function byDefaultNow(column: Column<string, string | Now>): Column<string, string | Now | undefined> {
  return { ...allowingNull(column, ""), definition: `${column.type} DEFAULT CURRENT_TIMESTAMP` };
}

function allowingNull<Read, Written, Absent>(
  column: Column<Read, Written>,
  absent: Absent,
): Column<Read | Absent, Written | undefined> {
  return {
    ...column,
    definition: `${column.type} NULL`,
    read: (value) => (value === null ? absent : column.read(value)),
    write: (value) => (value === undefined ? "NULL" : column.write(value)),
  };
}
