import type { Context } from "../engine/context.ts";

export type Row = readonly (string | number | null)[];

/** A view whose rows come from the metadata in memory; types are DuckDB's, texts with the length the FE gives them. */
export type VirtualTable = Readonly<{
  columns: readonly (readonly [name: string, type: string])[];
  rows: (context: Context) => readonly Row[];
}>;
