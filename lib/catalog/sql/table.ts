import { name } from "../../starrocks/quote.ts";
import type { Column, unreadable } from "./column.ts";

/** Columns by the name that the code has for them. */
type Columns = Readonly<Record<string, Column<unknown>>>;

/** Only PRIMARY KEY tables can be updated. */
type Model = "PRIMARY KEY" | "UNIQUE KEY";

/**
 * A table, declared once: CREATE TABLE, the types of its rows and every statement come from this.
 * Names in SQL that starrocks-br has keep its meaning.
 */
export interface Table<
  Declared extends Columns = Columns,
  Key extends string = string,
  Kind extends Model = Model,
> {
  readonly name: string;
  readonly comment: string;
  readonly model: Kind;
  /** The first columns. An encoded primary key must stay below 128 bytes, or loads fail (starrocks.md §14.1). */
  readonly key: readonly Key[];
  readonly columns: Declared;
}

export function defineTable<
  Declared extends Columns,
  const Key extends keyof Declared & string,
  const Kind extends Model,
>(table: Table<Declared, Key, Kind>): Table<Declared, Key, Kind> {
  return table;
}

/** What the code calls the columns of a table. */
export type FieldOf<Of extends Table> = keyof Of["columns"] & string;

type KeyOf<Of extends Table> = Of["key"][number];

type ReadOf<Of extends Table, Field extends FieldOf<Of>> = Exclude<
  ReturnType<Of["columns"][Field]["read"]>,
  typeof unreadable
>;

type WrittenOf<Of extends Table, Field extends FieldOf<Of>> = Parameters<Of["columns"][Field]["write"]>[0];

/** What SELECT gives of some columns; of all, where none are named. */
export type RowOf<Of extends Table, Field extends FieldOf<Of> = FieldOf<Of>> = {
  readonly [F in Field]: ReadOf<Of, F>;
};

type OmittableOf<Of extends Table> = {
  [F in FieldOf<Of>]: undefined extends WrittenOf<Of, F> ? F : never;
}[FieldOf<Of>];

/** What INSERT takes. */
export type InsertOf<Of extends Table> = {
  readonly [F in Exclude<FieldOf<Of>, OmittableOf<Of>>]: WrittenOf<Of, F>;
} & {
  readonly [F in OmittableOf<Of>]?: WrittenOf<Of, F>;
};

/** What UPDATE takes: anything but the key, which cannot be changed. Undefined is written as NULL. */
export type ChangeOf<Of extends Table> = {
  readonly [F in Exclude<FieldOf<Of>, KeyOf<Of>>]?: WrittenOf<Of, F>;
};

/** Values of a column that a condition compares with. */
export type ComparedOf<Of extends Table, Field extends FieldOf<Of>> = Extract<
  WrittenOf<Of, Field>,
  string | number | boolean
>;

/** A type that takes nothing beyond its shape, not even from a variable: a misspelt column would be left out silently. */
export type Exactly<Shape, Given extends Shape> = Given &
  Readonly<Record<Exclude<keyof Given, keyof Shape>, never>>;

/** All fields of a table but some. */
export function fieldsExcept<Of extends Table, const Left extends FieldOf<Of>>(
  table: Of,
  ...left: readonly Left[]
): readonly Exclude<FieldOf<Of>, Left>[] {
  const isKept = (field: string): field is Exclude<FieldOf<Of>, Left> => !left.some((each) => each === field);
  return Object.keys(table.columns).filter(isKept);
}

/** The quoted name of a column in SQL. */
export function column<Of extends Table>(table: Of, field: FieldOf<Of>): string {
  return name(columnOf(table, field).name);
}

/** @throws {TypeError} for a field that the table does not have */
export function columnOf(table: Table, field: string): Column<unknown> {
  const found = table.columns[field];
  if (found === undefined) throw new TypeError(`${table.name} has no column ${field}`);
  return found;
}
