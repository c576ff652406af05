import { timeOrNull } from "../basics/clock.ts";
import type { Context } from "../engine/context.ts";
import { declareTable, type RowOf } from "./virtual-table.ts";

const columns = {
  ID: "BIGINT",
  LABEL: "VARCHAR(2048)",
  PROFILE_ID: "VARCHAR(2048)",
  DB_NAME: "VARCHAR(2048)",
  TABLE_NAME: "VARCHAR(2048)",
  USER: "VARCHAR(2048)",
  WAREHOUSE: "VARCHAR(2048)",
  STATE: "VARCHAR(2048)",
  PROGRESS: "VARCHAR(2048)",
  TYPE: "VARCHAR(2048)",
  PRIORITY: "VARCHAR(2048)",
  SCAN_ROWS: "BIGINT",
  SCAN_BYTES: "BIGINT",
  FILTERED_ROWS: "BIGINT",
  UNSELECTED_ROWS: "BIGINT",
  SINK_ROWS: "BIGINT",
  RUNTIME_DETAILS: "JSON",
  CREATE_TIME: "TIMESTAMP",
  LOAD_START_TIME: "TIMESTAMP",
  LOAD_COMMIT_TIME: "TIMESTAMP",
  LOAD_FINISH_TIME: "TIMESTAMP",
  PROPERTIES: "JSON",
  ERROR_MSG: "VARCHAR(2048)",
  TRACKING_SQL: "VARCHAR(2048)",
  REJECTED_RECORD_PATH: "VARCHAR(2048)",
  JOB_ID: "BIGINT",
} as const;

function loadRows({ cluster, session }: Context): RowOf<typeof columns>[] {
  return cluster.catalog.labels().map((label) => ({
    ID: label.txnId,
    LABEL: label.label,
    PROFILE_ID: null,
    DB_NAME: cluster.catalog.databaseById(label.dbId)?.name ?? "",
    TABLE_NAME: label.table,
    USER: session.user,
    WAREHOUSE: "",
    STATE: label.state,
    PROGRESS: label.state === "FINISHED" ? "100%" : "N/A",
    TYPE: label.type,
    PRIORITY: "NORMAL",
    SCAN_ROWS: label.rows,
    SCAN_BYTES: 0,
    FILTERED_ROWS: 0,
    UNSELECTED_ROWS: 0,
    SINK_ROWS: label.rows,
    RUNTIME_DETAILS: null,
    CREATE_TIME: timeOrNull(label.createTime, session.zone),
    LOAD_START_TIME: timeOrNull(label.createTime, session.zone),
    LOAD_COMMIT_TIME: timeOrNull(label.finishTime, session.zone),
    LOAD_FINISH_TIME: timeOrNull(label.finishTime, session.zone),
    PROPERTIES: null,
    ERROR_MSG: null,
    TRACKING_SQL: null,
    REJECTED_RECORD_PATH: null,
    JOB_ID: label.id,
  }));
}

export const loadsView = declareTable(columns, loadRows);
