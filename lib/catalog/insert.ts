import { literal, name } from "../starrocks/quote.ts";
import { at, type Catalog, type TableName } from "./catalog.ts";

/** A value to store, or an SQL expression evaluated by the FE (its clock is the only one that counts). */
export type Stored = string | number | boolean | null | { readonly sql: "now()" };
/** The FE's clock, in the session's zone (UTC). */
export const now = { sql: "now()" } as const;

export type StoredRow = Readonly<Record<string, Stored>>;

/**
 * `INSERT INTO ops.x (…) VALUES …`; into PRIMARY KEY tables it is an upsert. Every row has the columns of the first.
 *
 * @param loadLabel unique per catalog: StarRocks lets exactly one load with a label through
 */
export function insertStatement(
  catalog: Catalog,
  table: TableName,
  rows: readonly StoredRow[],
  loadLabel?: string,
): string {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => `(${columns.map((column) => stored(row[column] ?? null)).join(", ")})`);
  const withLabel = loadLabel === undefined ? "" : ` WITH LABEL ${name(loadLabel)}`;
  return `INSERT INTO ${at(catalog, table)}${withLabel} (${columns.map(name).join(", ")}) VALUES ${values.join(", ")}`;
}

/**
 * `UPDATE ops.x SET … WHERE key = … AND …`; only PRIMARY KEY tables can be updated.
 *
 * @param condition narrows when a late worker writes; it does not exclude it, since the last of two updates wins
 */
export function updateStatement(
  catalog: Catalog,
  table: TableName,
  changes: StoredRow,
  key: Cell,
  condition?: Cell,
): string {
  const assignments = Object.entries(changes).map(([column, value]) => `${name(column)} = ${stored(value)}`);
  const where = [key, ...(condition === undefined ? [] : [condition])]
    .map(({ column, value }) => `${name(column)} = ${literal(value)}`)
    .join(" AND ");
  return `UPDATE ${at(catalog, table)} SET ${assignments.join(", ")} WHERE ${where}`;
}

interface Cell {
  readonly column: string;
  readonly value: string;
}

function stored(value: Stored): string {
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "object" && value !== null) return value.sql;
  return literal(value);
}
