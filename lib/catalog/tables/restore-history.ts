import * as z from "zod";
import { byDefaultNow, optional, withDefault } from "../sql/column.ts";
import { bigint, datetime, int, json, oneOf, string, varchar, wordList } from "../sql/kinds.ts";
import { defineTable } from "../sql/table.ts";

/** PLANNED: parts are being restored. READY: assembled and checked, not live yet. */
const restoreStatuses = ["PLANNED", "READY", "FINISHED", "FAILED", "CANCELLED"] as const;

/** Properties of a table by which StarRocks adds and drops its partitions (starrocks.md §21.1). */
const schedule = z.record(z.string(), z.string());

/** What hangs on a table that a restore replaces, and what becomes of it. */
const affected = z.object({
  kind: z.enum(["grant", "materialized_view", "view", "routine_load", "property"]),
  /** Who has the grant, which view, load or property. */
  object: z.string(),
  /** A clause without its end. */
  said: z.string(),
  /** What would set it right, where that is still to be done by hand. */
  statement: z.string().exactOptional(),
});

export type Affected = Readonly<z.infer<typeof affected>>;

const heldSchedules = z.record(z.string(), schedule);

/** By temporary table. */
export type HeldSchedules = Readonly<Record<string, Readonly<z.infer<typeof schedule>>>>;

export const restoreHistory = defineTable({
  name: "restore_history",
  comment: "One row per restored table; times are UTC",
  model: "PRIMARY KEY",
  key: ["jobId"],
  columns: {
    jobId: varchar("job_id", 64, "MD5 of run, database and table, with `|` between them"),
    label: varchar("backup_label", 120, "The restore point's backup of the table"),
    type: varchar("restore_type", 16, "`table`; starrocks-br has others"),
    status: oneOf(
      "status",
      16,
      restoreStatuses,
      "How far it got; READY is assembled and checked, not live yet",
    ),
    repository: varchar("repository", 128, "Where the snapshots are"),
    startedAt: datetime("started_at", "When the restore was begun"),
    finishedAt: optional(datetime("finished_at", "When it ended, well or not")),
    error: optional(string("error_message", "Why it failed or was cancelled")),
    checksum: optional(string("verification_checksum", "Of starrocks-br; not used")),
    createdAt: byDefaultNow(datetime("created_at", "When the row was written")),
    runId: withDefault(varchar("run_id", 40, "The run; NULL where starrocks-br did it"), ""),
    database: withDefault(varchar("database_name", 255, "The table's database"), ""),
    table: withDefault(varchar("table_name", 1024, "The table"), ""),
    strategy: withDefault(varchar("strategy", 16, "How it was put together"), ""),
    restoredIds: withDefault(
      wordList(
        "restored_partition_ids",
        1024,
        "Partition ids of the restored table, or some of very many: they tell it from the one it replaces",
      ),
      [],
    ),
    replacedKeptAs: optional(
      varchar("replaced_kept_as", 1024, "The name under which the replaced table is kept"),
    ),
    partitions: withDefault(int("partition_count", "Partitions restored"), 0),
    rows: withDefault(bigint("row_count", "Rows restored, counted"), 0),
    schedules: optional(
      json(
        "held_schedules",
        heldSchedules,
        "By temporary table: the properties that added and dropped its partitions, before they were switched off",
      ),
    ),
    repeats: withDefault(
      int("repeat_count", "How often a part was restored once more: StarRocks had dropped partitions of it"),
      0,
    ),
    notices: withDefault(
      json(
        "notices",
        z.array(z.string()),
        "What a person should know of the restored table; a list of sentences",
      ),
      [],
    ),
    replacedIds: withDefault(
      wordList(
        "replaced_partition_ids",
        1024,
        "Partition ids of what is replaced, before it is, or some of very many",
      ),
      [],
    ),
    restoredTableId: optional(
      varchar(
        "restored_table_id",
        20,
        "Id of the table that became live: whatever it is called later, it has this",
      ),
    ),
    keptTableId: optional(
      varchar("kept_table_id", 20, "Id of the table that is kept under the name of replaced_kept_as"),
    ),
    keptUntil: optional(datetime("kept_until", "Until when it is kept; NULL: until somebody drops it")),
    downloadedBytes: withDefault(
      bigint("downloaded_bytes", "What its parts take of the repository, every replica counted"),
      0,
    ),
    affected: withDefault(
      json(
        "affected",
        z.array(affected),
        "What hung on the replaced table, and what became of it: grants, views, loads, properties",
      ),
      [],
    ),
    undoneBy: optional(varchar("undone_by", 40, "The run that has taken the restore of the table back")),
    undoneAt: optional(datetime("undone_at", "When that was")),
  },
});
