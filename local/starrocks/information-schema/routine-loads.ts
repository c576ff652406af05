import { timeOrNull } from "../basics/clock.ts";
import { isVisible } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import type { RoutineLoad } from "../metadata/routine-loads.ts";
import { declareTable, type RowOf } from "./virtual-table.ts";

/** §16 */
const columns = {
  ID: "BIGINT",
  NAME: "VARCHAR(2048)",
  CREATE_TIME: "TIMESTAMP",
  PAUSE_TIME: "TIMESTAMP",
  END_TIME: "TIMESTAMP",
  DB_NAME: "VARCHAR(2048)",
  TABLE_NAME: "VARCHAR(2048)",
  STATE: "VARCHAR(2048)",
  DATA_SOURCE_TYPE: "VARCHAR(2048)",
  CURRENT_TASK_NUM: "BIGINT",
  JOB_PROPERTIES: "VARCHAR(2048)",
  DATA_SOURCE_PROPERTIES: "VARCHAR(2048)",
  CUSTOM_PROPERTIES: "VARCHAR(2048)",
  STATISTICS: "VARCHAR(2048)",
  PROGRESS: "VARCHAR(2048)",
  REASONS_OF_STATE_CHANGED: "VARCHAR(2048)",
  ERROR_LOG_URLS: "VARCHAR(2048)",
  TRACKING_SQL: "VARCHAR(2048)",
  OTHER_MSG: "VARCHAR(2048)",
  LATEST_SOURCE_POSITION: "JSON",
  OFFSET_LAG: "JSON",
  TIMESTAMP_PROGRESS: "JSON",
} as const;

export type RoutineLoadRow = RowOf<typeof columns>;

/** A job as listings show it: objects by their present names, or by their ids when they are gone. */
export function routineLoadRow(load: RoutineLoad, { cluster, session }: Context): RoutineLoadRow {
  const table = cluster.catalog.relationById(load.tableId);
  const isLost = table === undefined && load.state !== "STOPPED";
  return {
    ID: load.id,
    NAME: load.name,
    CREATE_TIME: timeOrNull(load.createTime, session.zone),
    PAUSE_TIME: timeOrNull(load.pauseTime, session.zone),
    END_TIME: timeOrNull(load.endTime, session.zone),
    DB_NAME: cluster.catalog.databaseById(load.dbId)?.name ?? String(load.dbId),
    TABLE_NAME: table?.name ?? String(load.tableId),
    STATE: isLost ? "CANCELLED" : load.state,
    DATA_SOURCE_TYPE: "KAFKA",
    CURRENT_TASK_NUM: load.state === "RUNNING" ? 1 : 0,
    JOB_PROPERTIES: "{}",
    DATA_SOURCE_PROPERTIES: "{}",
    CUSTOM_PROPERTIES: "{}",
    STATISTICS: '{"receivedBytes":0,"loadedRows":0,"totalRows":0}',
    PROGRESS: '{"0":"OFFSET_END"}',
    REASONS_OF_STATE_CHANGED: isLost ? "ErrorReason{errCode = 3, msg='table not exist'}" : load.reason,
    ERROR_LOG_URLS: null,
    TRACKING_SQL: null,
    OTHER_MSG: "",
    LATEST_SOURCE_POSITION: "{}",
    OFFSET_LAG: "{}",
    TIMESTAMP_PROGRESS: "{}",
  };
}

/** Ended ones included. The view has all of them for everybody; SHOW ROUTINE LOAD looks at privileges. */
export const routineLoadsView = declareTable(columns, (context) =>
  context.cluster.routineLoads.all().map((load) => routineLoadRow(load, context)),
);

/** Whether the user has any privilege on the table; one that is gone is no secret. */
export function isRoutineLoadVisible(load: RoutineLoad, context: Context): boolean {
  const table = context.cluster.catalog.relationById(load.tableId);
  return table === undefined || isVisible(context, table);
}
