import { databaseNames, visibleRelations } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import type { Row, VirtualTable } from "./virtual-table.ts";

export const schemataView: VirtualTable = {
  columns: [
    ["CATALOG_NAME", "VARCHAR(512)"],
    ["SCHEMA_NAME", "VARCHAR(32)"],
    ["DEFAULT_CHARACTER_SET_NAME", "VARCHAR(32)"],
    ["DEFAULT_COLLATION_NAME", "VARCHAR(32)"],
    ["SQL_PATH", "VARCHAR(512)"],
  ],
  rows: (context) => databaseNames(context).map((name) => ["def", name, "utf8", "utf8_general_ci", null]),
};

function viewRows(context: Context): Row[] {
  return context.cluster.catalog
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
}

export const viewsView: VirtualTable = {
  columns: [
    ["TABLE_CATALOG", "VARCHAR(512)"],
    ["TABLE_SCHEMA", "VARCHAR(64)"],
    ["TABLE_NAME", "VARCHAR(64)"],
    ["VIEW_DEFINITION", "VARCHAR(65535)"],
    ["CHECK_OPTION", "VARCHAR(8)"],
    ["IS_UPDATABLE", "VARCHAR(3)"],
    ["DEFINER", "VARCHAR(77)"],
    ["SECURITY_TYPE", "VARCHAR(7)"],
    ["CHARACTER_SET_CLIENT", "VARCHAR(32)"],
    ["COLLATION_CONNECTION", "VARCHAR(32)"],
  ],
  rows: viewRows,
};
