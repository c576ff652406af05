import * as z from "zod";
import { byDefaultNow, optional, withDefault } from "../sql/column.ts";
import { bigint, datetime, int, json, oneOf, string, varchar } from "../sql/kinds.ts";
import { defineTable } from "../sql/table.ts";

const leftOut = z.object({ object: z.string(), reason: z.string() }).readonly().array().readonly();

/**
 * PLANNED: label reserved, nothing sent. SUBMITTED: about to be sent, or sent. FINISHED: in the repository and
 * restorable (a row without snapshot timestamp holds no partition: only tombstones and unchanged tables).
 * NOTHING_TO_DO: a restore point too; its state is that of its baseline.
 */
const backupStatuses = ["PLANNED", "SUBMITTED", "FINISHED", "NOTHING_TO_DO", "FAILED", "CANCELLED"] as const;

export const backupHistory = defineTable({
  name: "backup_history",
  comment: "One row per snapshot or attempt at one; times are UTC",
  model: "PRIMARY KEY",
  key: ["label"],
  columns: {
    label: varchar("label", 120, "The snapshot's name in the repository; every attempt has one of its own"),
    type: oneOf("backup_type", 16, ["full", "incremental"], "Everything, or what changed since the baseline"),
    status: oneOf(
      "status",
      16,
      backupStatuses,
      "How far it got; FINISHED and NOTHING_TO_DO can be restored to",
    ),
    repository: varchar("repository", 128, "Where the snapshot is"),
    startedAt: datetime("started_at", "When its label was reserved, later when it was submitted"),
    finishedAt: optional(datetime("finished_at", "When it ended, well or not")),
    error: optional(string("error_message", "Why it failed or was cancelled")),
    createdAt: byDefaultNow(datetime("created_at", "When the row was written")),
    runId: withDefault(varchar("run_id", 40, "The run that made it; NULL where starrocks-br did"), ""),
    group: withDefault(
      varchar("inventory_group", 255, "The group it is of; empty where `init` took it over"),
      "",
    ),
    database: withDefault(varchar("database_name", 255, "The database it is of"), ""),
    baseline: optional(varchar("baseline_label", 120, "The backup it was compared with and stands on")),
    snapshotTimestamp: optional(
      varchar(
        "snapshot_timestamp",
        32,
        "What RESTORE wants as `backup_timestamp`; NULL when nothing was copied",
      ),
    ),
    cutFrom: optional(datetime("cut_from", "Every change visible at this instant is covered")),
    cutTo: optional(datetime("cut_to", "No change after this instant is covered")),
    tables: withDefault(int("table_count", "Tables of the restore point"), 0),
    partitions: withDefault(int("partition_count", "Partitions in the snapshot"), 0),
    rows: withDefault(bigint("row_count", "Rows in them, as StarRocks estimates them"), 0),
    bytes: withDefault(bigint("byte_count", "Bytes in them"), 0),
    part: withDefault(
      int(
        "part",
        "A run of very many partitions makes several snapshots of a database, each based on the last",
      ),
      1,
    ),
    parts: withDefault(int("parts", "How many there are"), 1),
    attempt: withDefault(int("attempt", "Counts from 1"), 1),
    leftOut: withDefault(
      json("left_out", leftOut, "What was left out after the plan: a list of `object` and `reason`"),
      [],
    ),
    progressMark: optional(varchar("progress_mark", 32, "Changes whenever StarRocks' job gets on")),
    progressAt: optional(datetime("progress_at", "When it did last")),
  },
});
