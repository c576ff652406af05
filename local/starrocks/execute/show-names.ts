import { systemDatabases } from "../information-schema/schemata.ts";
import { informationSchemaNames } from "../information-schema/views.ts";
import { type Result, textRows } from "../protocol/result.ts";
import type { Tokens } from "../sql/tokens.ts";
import { type Context, requireDatabase } from "./context.ts";
import { likePattern } from "./like.ts";

export function acceptLike(tokens: Tokens): (text: string) => boolean {
  return tokens.accept("LIKE") ? likePattern(tokens.string()) : () => true;
}

/** After `SHOW DATABASES`. */
export async function showDatabases(tokens: Tokens, { cluster }: Context): Promise<Result> {
  const matches = acceptLike(tokens);
  tokens.expectEnd();
  const names = [...cluster.catalog.databases().map((database) => database.name), ...systemDatabases].sort();
  return textRows(
    ["Database"],
    names.filter(matches).map((name) => [name]),
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
      : context.cluster.catalog
          .relations(requireDatabase(context, name))
          .map((relation) => [relation.name, relation.kind === "view" ? "VIEW" : "BASE TABLE"]);
  const shown = rows.filter(([table]) => matches(table ?? ""));
  const head = `Tables_in_${name ?? ""}`;
  return full
    ? textRows([head, "Table_type"], shown)
    : textRows(
        [head],
        shown.map(([table]) => [table ?? ""]),
      );
}
