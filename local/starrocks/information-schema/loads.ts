import { timeOrNull } from "../basics/clock.ts";
import type { Context } from "../engine/context.ts";
import type { Row, VirtualTable } from "./virtual-table.ts";

function loadRows({ cluster, session }: Context): Row[] {
  return cluster.catalog
    .labels()
    .map((label) => [
      label.txnId,
      label.label,
      null,
      cluster.catalog.databaseById(label.dbId)?.name ?? "",
      label.table,
      session.user,
      "",
      label.state,
      label.state === "FINISHED" ? "100%" : "N/A",
      label.type,
      "NORMAL",
      label.rows,
      0,
      0,
      0,
      label.rows,
      null,
      timeOrNull(label.createTime, session.zone),
      timeOrNull(label.createTime, session.zone),
      timeOrNull(label.finishTime, session.zone),
      timeOrNull(label.finishTime, session.zone),
      null,
      null,
      null,
      null,
      label.id,
    ]);
}

export const loadsView: VirtualTable = {
  columns: [
    ["ID", "BIGINT"],
    ["LABEL", "VARCHAR(2048)"],
    ["PROFILE_ID", "VARCHAR(2048)"],
    ["DB_NAME", "VARCHAR(2048)"],
    ["TABLE_NAME", "VARCHAR(2048)"],
    ["USER", "VARCHAR(2048)"],
    ["WAREHOUSE", "VARCHAR(2048)"],
    ["STATE", "VARCHAR(2048)"],
    ["PROGRESS", "VARCHAR(2048)"],
    ["TYPE", "VARCHAR(2048)"],
    ["PRIORITY", "VARCHAR(2048)"],
    ["SCAN_ROWS", "BIGINT"],
    ["SCAN_BYTES", "BIGINT"],
    ["FILTERED_ROWS", "BIGINT"],
    ["UNSELECTED_ROWS", "BIGINT"],
    ["SINK_ROWS", "BIGINT"],
    ["RUNTIME_DETAILS", "JSON"],
    ["CREATE_TIME", "TIMESTAMP"],
    ["LOAD_START_TIME", "TIMESTAMP"],
    ["LOAD_COMMIT_TIME", "TIMESTAMP"],
    ["LOAD_FINISH_TIME", "TIMESTAMP"],
    ["PROPERTIES", "JSON"],
    ["ERROR_MSG", "VARCHAR(2048)"],
    ["TRACKING_SQL", "VARCHAR(2048)"],
    ["REJECTED_RECORD_PATH", "VARCHAR(2048)"],
    ["JOB_ID", "BIGINT"],
  ],
  rows: loadRows,
};
