import type { Context } from "../engine/context.ts";

export type Cell = string | number | null;

export type Row = readonly Cell[];

/** A view whose rows come from the metadata in memory; types are DuckDB's, texts with the length the FE gives them. */
export type VirtualTable = Readonly<{
  columns: readonly (readonly [name: string, type: string])[];
  rows: (context: Context) => readonly Row[];
}>;

type CellOf<Type extends string> = Type extends "BIGINT" | "INTEGER" | "DOUBLE"
  ? number | null
  : string | null;

/** A row with a cell of the right kind for every declared column. */
export type RowOf<Columns extends Readonly<Record<string, string>>> = {
  readonly [Name in keyof Columns]: CellOf<Columns[Name]>;
};

export interface DeclaredTable<Columns extends Readonly<Record<string, string>>> extends VirtualTable {
  /** A row's cells in the order of the columns. */
  cells(row: RowOf<Columns>): Row;
}

/** `columns`: name to type, in the order they are listed. */
export function declareTable<Columns extends Readonly<Record<string, string>>>(
  columns: Columns,
  rows: (context: Context) => readonly RowOf<Columns>[],
): DeclaredTable<Columns> {
  const names = Object.keys(columns);
  const cells = (row: RowOf<Columns>): Row => {
    const byName: ReadonlyMap<string, Cell> = new Map(Object.entries(row));
    return names.map((name) => byName.get(name) ?? null);
  };
  return { columns: Object.entries(columns), rows: (context) => rows(context).map(cells), cells };
}
