import { name } from "../../starrocks/quote.ts";
import { at, type Catalog } from "../catalog.ts";
import { type MatchOf, matching } from "./condition.ts";
import {
  type ChangeOf,
  column,
  columnOf,
  type Exactly,
  type FieldOf,
  type InsertOf,
  type Table,
} from "./table.ts";

/**
 * `INSERT INTO ops.x (…) VALUES …`; into PRIMARY KEY tables it is an upsert of whole rows.
 *
 * @param loadLabel unique per catalog: StarRocks lets exactly one load with a label through
 */
export function insertStatement<Of extends Table, Given extends InsertOf<Of>>(
  catalog: Catalog,
  table: Of,
  rows: readonly Exactly<InsertOf<Of>, Given>[],
  loadLabel?: string,
): string {
  const given: readonly Readonly<Record<string, unknown>>[] = rows;
  const columns = Object.entries(table.columns).filter(([field]) => given.some((row) => field in row));
  const values = given.map((row) => `(${columns.map(([field, { write }]) => write(row[field])).join(", ")})`);
  const names = columns.map(([, each]) => name(each.name)).join(", ");
  const withLabel = loadLabel === undefined ? "" : ` WITH LABEL ${name(loadLabel)}`;
  return `INSERT INTO ${at(catalog, table)}${withLabel} (${names}) VALUES ${values.join(", ")}`;
}

/**
 * Copies rows within a table; all columns but those that are replaced stay as they are.
 *
 * @param replaced expressions in SQL
 */
export function copyStatement<Of extends Table>(
  catalog: Catalog,
  table: Of,
  replaced: { readonly [F in FieldOf<Of>]?: string },
  match: MatchOf<Of>,
): string {
  const expressions = new Map(Object.entries<string | undefined>(replaced));
  const columns = Object.entries(table.columns).map(([field, each]) => ({ field, name: name(each.name) }));
  const names = columns.map((each) => each.name).join(", ");
  const values = columns.map((each) => expressions.get(each.field) ?? each.name).join(", ");
  return `INSERT INTO ${at(catalog, table)} (${names}) SELECT ${values} FROM ${at(catalog, table)} WHERE ${matching(table, match)}`;
}

/**
 * `UPDATE ops.x SET … WHERE …`; only PRIMARY KEY tables can be updated.
 *
 * @param match may say more than the key: that narrows when a late worker writes; it does not exclude it, since the
 * last of two updates wins (starrocks.md §14.3)
 */
export function updateStatement<
  Of extends Table & { readonly model: "PRIMARY KEY" },
  Given extends ChangeOf<Of>,
>(catalog: Catalog, table: Of, change: Exactly<ChangeOf<Of>, Given>, match: MatchOf<Of>): string {
  const assignments = Object.entries(change).map(
    ([field, value]) => `${column(table, field)} = ${columnOf(table, field).write(value)}`,
  );
  return `UPDATE ${at(catalog, table)} SET ${assignments.join(", ")} WHERE ${matching(table, match)}`;
}

/** `DELETE FROM ops.x WHERE …`. */
export function deleteStatement<Of extends Table>(catalog: Catalog, table: Of, match: MatchOf<Of>): string {
  return `DELETE FROM ${at(catalog, table)} WHERE ${matching(table, match)}`;
}
