import { unknownTable } from "../errors.ts";
import type { Context } from "../execute/context.ts";
import { quoteName, quoteText } from "../storage/duck.ts";
import { columnsView } from "./columns.ts";
import { loadsView } from "./loads.ts";
import { materializedViewsView } from "./materialized-views.ts";
import { partitionsMetaView } from "./partitions-meta.ts";
import { schemataView, viewsView } from "./schemata.ts";
import { tablesConfigView, tablesView } from "./tables.ts";

/** A view whose rows come from the metadata in memory; types are DuckDB's. */
export type VirtualTable = Readonly<{
  columns: readonly (readonly [name: string, type: string])[];
  rows: readonly (readonly (string | number | null)[])[];
}>;

const virtual: Record<string, (context: Context) => VirtualTable> = {
  tables: tablesView,
  columns: columnsView,
  tables_config: tablesConfigView,
  schemata: schemataView,
  views: viewsView,
  loads: loadsView,
  materialized_views: materializedViewsView,
};

export const informationSchemaNames = [...Object.keys(virtual), "partitions_meta"].sort();

/** DuckDB FROM item for `information_schema.<name>`. */
export function informationSchema(name: string, context: Context): string {
  if (name === "partitions_meta") return partitionsMetaView(context);
  const view = virtual[name];
  if (!view) throw unknownTable(`information_schema.${name}`);
  return asSql(view(context));
}

function asSql(table: VirtualTable): string {
  const names = table.columns.map(([name]) => quoteName(name)).join(", ");
  const casts = table.columns.map(
    ([name, type]) => `CAST(${quoteName(name)} AS ${type}) AS ${quoteName(name)}`,
  );
  const rows = table.rows.map((row) => `(${row.map(literal).join(",")})`);
  if (rows.length === 0) {
    const nulls = table.columns.map(([name, type]) => `CAST(NULL AS ${type}) AS ${quoteName(name)}`);
    return `(SELECT ${nulls.join(", ")} WHERE false)`;
  }
  return `(SELECT ${casts.join(", ")} FROM (VALUES ${rows.join(",")}) AS v(${names}))`;
}

const literal = (value: string | number | null): string =>
  value === null ? "NULL" : typeof value === "number" ? String(value) : quoteText(value);
