import { unknownTable } from "../basics/errors.ts";
import { quoteName, quoteText } from "../duckdb/duck.ts";
import type { Context } from "../engine/context.ts";
import type { Column } from "../metadata/model.ts";
import type { TypeName } from "../sql/query-ast.ts";
import { columnRow, columnsView } from "./columns.ts";
import { loadsView } from "./loads.ts";
import { materializedViewsView } from "./materialized-views.ts";
import { partitionsMetaColumns, partitionsMetaView } from "./partitions-meta.ts";
import { routineLoadsView } from "./routine-loads.ts";
import { schemataView, viewsView } from "./schemata.ts";
import { sysView } from "./sys.ts";
import { systemTableRow, tablesConfigView, tablesView } from "./tables.ts";
import type { Row, VirtualTable } from "./virtual-table.ts";

const virtual: Readonly<Record<string, VirtualTable>> = {
  tables: { ...tablesView, rows: (context) => [...tablesView.rows(context), ...systemTableRows()] },
  columns: {
    ...columnsView,
    rows: (context) => [...columnsView.rows(context), ...systemColumnRows(context)],
  },
  tables_config: tablesConfigView,
  schemata: schemataView,
  views: viewsView,
  loads: loadsView,
  materialized_views: materializedViewsView,
  routine_load_jobs: routineLoadsView,
};

const partitionsMeta = "partitions_meta";

export const informationSchemaNames = [...Object.keys(virtual), partitionsMeta].sort();

/** What DESC says of a view of information_schema; undefined if there is no such view. */
export function systemColumns(name: string, { cluster }: Context): Column[] | undefined {
  const columns =
    name === partitionsMeta ? partitionsMetaColumns(cluster.options.version) : virtual[name]?.columns;
  return columns?.map(([column, type]) => ({
    name: column,
    type: typeOf(type),
    key: false,
    nullable: true,
    comment: "",
  }));
}

const feNames: Readonly<Record<string, string>> = { TIMESTAMP: "DATETIME", INTEGER: "INT" };

function typeOf(text: string): TypeName {
  const [name = "", length] = text.split(/[()]/);
  return { name: feNames[name] ?? name, parameters: length === undefined ? [] : [Number(length)] };
}

const systemDatabase = "information_schema";

/** The views describe themselves. */
const systemTableRows = (): Row[] =>
  informationSchemaNames.map((name) => tablesView.cells(systemTableRow(systemDatabase, name)));

const systemColumnRows = (context: Context): Row[] =>
  informationSchemaNames.flatMap((name) =>
    (systemColumns(name, context) ?? []).map((column, index) =>
      columnsView.cells(columnRow(systemDatabase, { name }, column, index)),
    ),
  );

/** DuckDB FROM item for `information_schema.<name>`. */
export function informationSchema(name: string, context: Context): string {
  if (name === partitionsMeta) return partitionsMetaView(context);
  const view = virtual[name];
  if (!view) throw unknownTable(`${systemDatabase}.${name}`);
  return asSql(view.columns, view.rows(context));
}

/** DuckDB FROM item for `sys.<name>`. */
export function sysSource(name: string, context: Context): string {
  const view = sysView(name, context);
  return asSql(view.columns, view.rows(context));
}

function asSql(columns: VirtualTable["columns"], given: readonly Row[]): string {
  const names = columns.map(([name]) => quoteName(name)).join(", ");
  const casts = columns.map(([name, type]) => `CAST(${quoteName(name)} AS ${type}) AS ${quoteName(name)}`);
  const rows = given.map((row) => `(${row.map(literal).join(",")})`);
  if (rows.length === 0) {
    const nulls = columns.map(([name, type]) => `CAST(NULL AS ${type}) AS ${quoteName(name)}`);
    return `(SELECT ${nulls.join(", ")} WHERE false)`;
  }
  return `(SELECT ${casts.join(", ")} FROM (VALUES ${rows.join(",")}) AS v(${names}))`;
}

const literal = (value: string | number | null): string =>
  value === null ? "NULL" : typeof value === "number" ? String(value) : quoteText(value);
