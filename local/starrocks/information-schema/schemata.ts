import type { Context } from "../execute/context.ts";
import type { VirtualTable } from "./views.ts";

const text = "VARCHAR";

export const systemDatabases = ["_statistics_", "information_schema", "sys"];

export function schemataView({ cluster }: Context): VirtualTable {
  const names = [...cluster.catalog.databases().map((database) => database.name), ...systemDatabases].sort();
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

export function viewsView({ cluster }: Context): VirtualTable {
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
  const rows = cluster.catalog
    .databases()
    .flatMap((database) =>
      cluster.catalog
        .relations(database)
        .flatMap((relation) =>
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

/** Materialized views cannot be created here, so there are truly none. */
export function emptyMaterializedViews(): VirtualTable {
  const names = [
    "MATERIALIZED_VIEW_ID",
    "TABLE_SCHEMA",
    "TABLE_NAME",
    "REFRESH_TYPE",
    "IS_ACTIVE",
    "INACTIVE_REASON",
    "PARTITION_TYPE",
    "TASK_ID",
    "TASK_NAME",
    "LAST_REFRESH_START_TIME",
    "LAST_REFRESH_FINISHED_TIME",
    "LAST_REFRESH_DURATION",
    "LAST_REFRESH_STATE",
    "TABLE_ROWS",
    "MATERIALIZED_VIEW_DEFINITION",
  ];
  return { columns: names.map((name) => [name, text] as const), rows: [] };
}
