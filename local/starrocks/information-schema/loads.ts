import { timeOrNull } from "../execute/clock.ts";
import type { Context } from "../execute/context.ts";
import type { VirtualTable } from "./views.ts";

export function loadsView({ cluster, session }: Context): VirtualTable {
  const text = "VARCHAR";
  const rows = cluster.catalog
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
  return {
    columns: [
      ["ID", "BIGINT"],
      ["LABEL", text],
      ["PROFILE_ID", text],
      ["DB_NAME", text],
      ["TABLE_NAME", text],
      ["USER", text],
      ["WAREHOUSE", text],
      ["STATE", text],
      ["PROGRESS", text],
      ["TYPE", text],
      ["PRIORITY", text],
      ["SCAN_ROWS", "BIGINT"],
      ["SCAN_BYTES", "BIGINT"],
      ["FILTERED_ROWS", "BIGINT"],
      ["UNSELECTED_ROWS", "BIGINT"],
      ["SINK_ROWS", "BIGINT"],
      ["RUNTIME_DETAILS", text],
      ["CREATE_TIME", "TIMESTAMP"],
      ["LOAD_START_TIME", "TIMESTAMP"],
      ["LOAD_COMMIT_TIME", "TIMESTAMP"],
      ["LOAD_FINISH_TIME", "TIMESTAMP"],
      ["PROPERTIES", text],
      ["ERROR_MSG", text],
      ["TRACKING_SQL", text],
      ["REJECTED_RECORD_PATH", text],
      ["JOB_ID", "BIGINT"],
    ],
    rows,
  };
}
