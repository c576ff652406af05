import { databaseNames, visibleRelations } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import { declareTable, type RowOf } from "./virtual-table.ts";

const schemataColumns = {
  CATALOG_NAME: "VARCHAR(512)",
  SCHEMA_NAME: "VARCHAR(32)",
  DEFAULT_CHARACTER_SET_NAME: "VARCHAR(32)",
  DEFAULT_COLLATION_NAME: "VARCHAR(32)",
  SQL_PATH: "VARCHAR(512)",
} as const;

export const schemataView = declareTable(schemataColumns, (context) =>
  databaseNames(context).map((name) => ({
    CATALOG_NAME: "def",
    SCHEMA_NAME: name,
    DEFAULT_CHARACTER_SET_NAME: "utf8",
    DEFAULT_COLLATION_NAME: "utf8_general_ci",
    SQL_PATH: null,
  })),
);

const viewsColumns = {
  TABLE_CATALOG: "VARCHAR(512)",
  TABLE_SCHEMA: "VARCHAR(64)",
  TABLE_NAME: "VARCHAR(64)",
  VIEW_DEFINITION: "VARCHAR(65535)",
  CHECK_OPTION: "VARCHAR(8)",
  IS_UPDATABLE: "VARCHAR(3)",
  DEFINER: "VARCHAR(77)",
  SECURITY_TYPE: "VARCHAR(7)",
  CHARACTER_SET_CLIENT: "VARCHAR(32)",
  COLLATION_CONNECTION: "VARCHAR(32)",
} as const;

function viewRows(context: Context): RowOf<typeof viewsColumns>[] {
  return context.cluster.catalog.databases().flatMap((database) =>
    visibleRelations(context, database).flatMap((relation) =>
      relation.kind === "view"
        ? [
            {
              TABLE_CATALOG: "def",
              TABLE_SCHEMA: database.name,
              TABLE_NAME: relation.name,
              VIEW_DEFINITION: relation.sql,
              CHECK_OPTION: "NONE",
              IS_UPDATABLE: "NO",
              DEFINER: "",
              SECURITY_TYPE: "",
              CHARACTER_SET_CLIENT: "utf8",
              COLLATION_CONNECTION: "utf8_general_ci",
            },
          ]
        : [],
    ),
  );
}

export const viewsView = declareTable(viewsColumns, viewRows);
