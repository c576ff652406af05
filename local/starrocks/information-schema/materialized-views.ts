import { visibleRelations } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import { materializedViewSql } from "../metadata/materialized-text.ts";
import type { Database } from "../metadata/model.ts";
import { declareTable, type RowOf } from "./virtual-table.ts";

/** What both listings say, in their common order; nothing is known of refreshes by tasks here. */
const columns = {
  MATERIALIZED_VIEW_ID: "BIGINT",
  TABLE_SCHEMA: "VARCHAR(20)",
  TABLE_NAME: "VARCHAR(50)",
  REFRESH_TYPE: "VARCHAR(20)",
  IS_ACTIVE: "VARCHAR(10)",
  INACTIVE_REASON: "VARCHAR(1024)",
  PARTITION_TYPE: "VARCHAR(16)",
  TASK_ID: "BIGINT",
  TASK_NAME: "VARCHAR(50)",
  LAST_REFRESH_START_TIME: "TIMESTAMP",
  LAST_REFRESH_FINISHED_TIME: "TIMESTAMP",
  LAST_REFRESH_DURATION: "DOUBLE",
  LAST_REFRESH_STATE: "VARCHAR(20)",
  LAST_REFRESH_FORCE_REFRESH: "VARCHAR(8)",
  LAST_REFRESH_START_PARTITION: "VARCHAR(1024)",
  LAST_REFRESH_END_PARTITION: "VARCHAR(1024)",
  LAST_REFRESH_BASE_REFRESH_PARTITIONS: "VARCHAR(1024)",
  LAST_REFRESH_MV_REFRESH_PARTITIONS: "VARCHAR(1024)",
  LAST_REFRESH_ERROR_CODE: "VARCHAR(20)",
  LAST_REFRESH_ERROR_MESSAGE: "VARCHAR(1024)",
  TABLE_ROWS: "BIGINT",
  MATERIALIZED_VIEW_DEFINITION: "VARCHAR(65535)",
} as const;

export function materializedViews(context: Context, database: Database): RowOf<typeof columns>[] {
  return visibleRelations(context, database).flatMap((view) => {
    if (view.kind !== "table" || !view.materialized) return [];
    const physicals = context.cluster.catalog
      .partitions(view.id)
      .normal()
      .flatMap((partition) => partition.physical);
    const rows = physicals.reduce((sum, one) => sum + one.rows, 0);
    return [
      {
        MATERIALIZED_VIEW_ID: view.id,
        TABLE_SCHEMA: database.name,
        TABLE_NAME: view.name,
        REFRESH_TYPE: view.materialized.refresh.replace("DEFERRED ", ""),
        IS_ACTIVE: String(view.materialized.inactiveReason === ""),
        INACTIVE_REASON: view.materialized.inactiveReason,
        PARTITION_TYPE: "UNPARTITIONED",
        TASK_ID: null,
        TASK_NAME: `mv-${view.id}`,
        LAST_REFRESH_START_TIME: null,
        LAST_REFRESH_FINISHED_TIME: null,
        LAST_REFRESH_DURATION: null,
        LAST_REFRESH_STATE: null,
        LAST_REFRESH_FORCE_REFRESH: null,
        LAST_REFRESH_START_PARTITION: null,
        LAST_REFRESH_END_PARTITION: null,
        LAST_REFRESH_BASE_REFRESH_PARTITIONS: null,
        LAST_REFRESH_MV_REFRESH_PARTITIONS: null,
        LAST_REFRESH_ERROR_CODE: null,
        LAST_REFRESH_ERROR_MESSAGE: null,
        TABLE_ROWS: rows,
        MATERIALIZED_VIEW_DEFINITION: materializedViewSql(view),
      },
    ];
  });
}

export const materializedViewsView = declareTable(columns, (context) =>
  context.cluster.catalog.databases().flatMap((database) => materializedViews(context, database)),
);
