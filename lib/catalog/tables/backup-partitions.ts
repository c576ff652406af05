import { byDefaultNow, optional, withDefault } from "../sql/column.ts";
import { bigint, datetime, oneOf, string, varchar } from "../sql/kinds.ts";
import { defineTable } from "../sql/table.ts";

export const backupPartitions = defineTable({
  name: "backup_partitions",
  comment: "The manifest: every partition a snapshot holds, and every partition dropped since its baseline",
  model: "PRIMARY KEY",
  key: ["keyHash"],
  columns: {
    keyHash: varchar("key_hash", 32, "MD5 of label, database, table and partition, with `|` between them"),
    label: varchar("label", 120, "The backup"),
    database: varchar("database_name", 255, "The table's database"),
    table: varchar("table_name", 1024, "The partition's table"),
    partition: varchar("partition_name", 1024, "The partition"),
    createdAt: byDefaultNow(datetime("created_at", "When the row was written")),
    presence: withDefault(
      oneOf(
        "presence",
        16,
        ["held", "dropped"],
        "In the snapshot, or dropped since the baseline (a tombstone)",
      ),
      "held",
    ),
    fingerprint: withDefault(
      string(
        "fingerprint",
        "What the next backup compares with; empty for tombstones and what `init` took over",
      ),
      "",
    ),
    rows: withDefault(bigint("row_count", "Its rows, as StarRocks estimates them"), 0),
    bytes: withDefault(bigint("byte_count", "Its bytes"), 0),
    value: optional(
      string(
        "partition_value",
        "Its range or values, as partitions_meta shows them; NULL where that is not known",
      ),
    ),
  },
});
