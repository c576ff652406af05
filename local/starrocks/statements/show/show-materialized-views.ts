import { type Cell, listing, type Result, textRows } from "../../basics/result.ts";
import { type Context, requireDatabase } from "../../engine/context.ts";
import { materializedViews, materializedViewsView } from "../../information-schema/materialized-views.ts";
import { materializedViewSql } from "../../metadata/materialized-text.ts";
import { acceptLike } from "../../sql/like.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { findMaterializedView } from "../ddl/materialized-view.ts";

/** SHOW MATERIALIZED VIEWS names four of them differently, in lower case all. */
const shownNames: Readonly<Record<string, string>> = {
  MATERIALIZED_VIEW_ID: "id",
  TABLE_SCHEMA: "database_name",
  TABLE_NAME: "name",
  TABLE_ROWS: "rows",
  MATERIALIZED_VIEW_DEFINITION: "text",
};

/** After `SHOW MATERIALIZED VIEWS`. */
export async function showMaterializedViews(tokens: Tokens, context: Context): Promise<Result> {
  const name = tokens.accept("FROM") || tokens.accept("IN") ? tokens.qualifiedName().at(-1) : undefined;
  const matches = acceptLike(tokens);
  tokens.expectEnd();
  const rows = materializedViews(context, requireDatabase(context, name)).filter((row) =>
    matches(row.TABLE_NAME ?? ""),
  );
  return textRows(
    materializedViewsView.columns.map(([field]) => shownNames[field] ?? field.toLowerCase()),
    rows.map((row): Cell[] =>
      materializedViewsView.cells(row).map((value) => (value === null ? null : String(value))),
    ),
  );
}

/** After `SHOW CREATE MATERIALIZED VIEW`. */
export async function showCreateMaterializedView(tokens: Tokens, context: Context): Promise<Result> {
  const view = findMaterializedView(context, tokens.qualifiedName());
  tokens.expectEnd();
  return listing(
    ["Materialized View", "Create Materialized View"],
    [{ "Materialized View": view.name, "Create Materialized View": materializedViewSql(view) }],
  );
}
