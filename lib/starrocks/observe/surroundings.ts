import { literals } from "../quote.ts";
import { text } from "../row.ts";
import type { Session } from "../session.ts";
import { type ViewDefinition, viewOf } from "./views.ts";

/** What a restore finds on the cluster beside the tables it is about. */
export interface Surroundings {
  /** The highest id of a table that the user sees; `0` without any. */
  readonly newestTable: string;
  /** Those of the databases asked for that are there, and that the user may see. */
  readonly databases: ReadonlySet<string>;
  /** All materialized views that the user sees. */
  readonly views: readonly ViewDefinition[];
  /** All other views that the user sees. */
  readonly plainViews: readonly ViewDefinition[];
  /** Routine loads that have not ended, whoever may see them. */
  readonly loads: readonly RoutineLoad[];
}

/** A load that goes on by itself into a table. */
export interface RoutineLoad {
  readonly database: string;
  readonly table: string;
  readonly name: string;
}

/** Looks at it; one statement. */
export async function readSurroundings(
  session: Session,
  databases: readonly string[],
): Promise<Surroundings> {
  const rows = await session.query(
    `SELECT 'newest' AS asked, CAST(max(TABLE_ID) AS STRING) AS TABLE_SCHEMA, NULL AS TABLE_NAME, NULL AS definition
     FROM information_schema.tables_config WHERE TABLE_ENGINE = 'OLAP'
     UNION ALL SELECT 'database', SCHEMA_NAME, NULL, NULL
     FROM information_schema.schemata WHERE SCHEMA_NAME IN ${literals(databases)}
     UNION ALL SELECT 'view', TABLE_SCHEMA, TABLE_NAME, MATERIALIZED_VIEW_DEFINITION
     FROM information_schema.materialized_views
     UNION ALL SELECT 'plain', TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.views
     UNION ALL SELECT 'load', DB_NAME, TABLE_NAME, NAME FROM information_schema.routine_load_jobs
     WHERE STATE NOT IN ('STOPPED', 'CANCELLED')`,
    "look at the databases, the newest table, views and routine loads",
  );
  const of = (asked: string) => rows.filter((row) => row["asked"] === asked);
  const [newest] = of("newest");
  const views = of("view").map((row) => viewOf(row, text(row, "definition")));
  // A list of views may have materialized ones as well.
  const names = new Set(views.map(({ database, table }) => `${database}.${table}`));
  return {
    newestTable: newest === undefined ? "0" : text(newest, "TABLE_SCHEMA") || "0",
    databases: new Set(of("database").map((row) => text(row, "TABLE_SCHEMA"))),
    views,
    plainViews: of("plain")
      .map((row) => viewOf(row, text(row, "definition")))
      .filter(({ database, table }) => !names.has(`${database}.${table}`)),
    loads: of("load").map((row) => ({
      database: text(row, "TABLE_SCHEMA"),
      table: text(row, "TABLE_NAME"),
      name: text(row, "definition"),
    })),
  };
}
