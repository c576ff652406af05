import type { Context } from "../execute/context.ts";
import { databaseNames, visibleRelations } from "../privileges/check.ts";
import type { VirtualTable } from "./views.ts";

const text = "VARCHAR";

export function schemataView(context: Context): VirtualTable {
  const names = databaseNames(context);
  return {
    columns: [
      ["CATALOG_NAME", text],
      ["SCHEMA_NAME", text],
      ["DEFAULT_CHARACTER_SET_NAME", text],
      ["DEFAULT_COLLATION_NAME", text],
      ["SQL_PATH", text],
    ],
    rows: names.map((name) => ["def", name, "utf8", "utf8_general_ci", null]),
  };
}

export function viewsView(context: Context): VirtualTable {
  const names = [
    "TABLE_CATALOG",
    "TABLE_SCHEMA",
    "TABLE_NAME",
    "VIEW_DEFINITION",
    "CHECK_OPTION",
    "IS_UPDATABLE",
    "DEFINER",
    "SECURITY_TYPE",
    "CHARACTER_SET_CLIENT",
    "COLLATION_CONNECTION",
  ];
  const rows = context.cluster.catalog
    .databases()
    .flatMap((database) =>
      visibleRelations(context, database).flatMap((relation) =>
        relation.kind === "view"
          ? [
              [
                "def",
                database.name,
                relation.name,
                relation.sql,
                "NONE",
                "NO",
                "",
                "",
                "utf8",
                "utf8_general_ci",
              ],
            ]
          : [],
      ),
    );
  return { columns: names.map((name) => [name, text] as const), rows };
}
