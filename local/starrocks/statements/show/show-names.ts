import { unsupported } from "../../basics/errors.ts";
import { listing, type Result, textRows } from "../../basics/result.ts";
import { databaseNames, requireInDatabase, visibleRelations } from "../../engine/access.ts";
import { type Context, requireDatabase } from "../../engine/context.ts";
import { informationSchemaNames } from "../../information-schema/views.ts";
import type { Relation } from "../../metadata/model.ts";
import { acceptLike } from "../../sql/like.ts";
import type { Tokens } from "../../sql/tokens.ts";

function relationsOf(context: Context, name: string | undefined): Relation[] {
  if (name === "sys" || name === "_statistics_") throw unsupported(`What is in the database ${name}`);
  const database = requireDatabase(context, name);
  requireInDatabase(context, database);
  return visibleRelations(context, database);
}

/** Materialized views count as views. */
export const tableType = (relation: Relation): string =>
  relation.kind === "view" || relation.engine === "MATERIALIZED_VIEW" ? "VIEW" : "BASE TABLE";

/** After `SHOW DATABASES`. */
export async function showDatabases(tokens: Tokens, context: Context): Promise<Result> {
  const matches = acceptLike(tokens);
  tokens.expectEnd();
  const names = databaseNames(context);
  return listing(
    ["Database"],
    names.filter(matches).map((name) => ({ Database: name })),
  );
}

/** After `SHOW [FULL] TABLES`. */
export async function showTables(tokens: Tokens, context: Context, full: boolean): Promise<Result> {
  const name =
    tokens.accept("FROM") || tokens.accept("IN") ? tokens.qualifiedName().at(-1) : context.session.database;
  const matches = acceptLike(tokens);
  tokens.expectEnd();
  const rows =
    name?.toLowerCase() === "information_schema"
      ? informationSchemaNames.map((table) => [table, "SYSTEM VIEW"])
      : relationsOf(context, name).map((relation) => [relation.name, tableType(relation)]);
  const shown = rows.filter(([table]) => matches(table ?? ""));
  const head = `Tables_in_${name ?? ""}`;
  return full
    ? textRows([head, "Table_type"], shown)
    : textRows(
        [head],
        shown.map(([table]) => [table ?? ""]),
      );
}
