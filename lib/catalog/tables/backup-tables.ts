import { optional } from "../sql/column.ts";
import { boolean, int, oneOf, varchar } from "../sql/kinds.ts";
import { defineTable } from "../sql/table.ts";
import { definitionText } from "../table-definition.ts";

export const backupTables = defineTable({
  name: "backup_tables",
  comment:
    "Every table of a restore point, and how its snapshot holds it: whole, split, partitions or unchanged",
  model: "PRIMARY KEY",
  key: ["keyHash"],
  columns: {
    keyHash: varchar("key_hash", 32, "MD5 of label, database and table, with `|` between them"),
    label: varchar("label", 120, "The backup"),
    database: varchar("database_name", 255, "The table's database"),
    table: varchar("table_name", 1024, "The table"),
    content: oneOf(
      "content",
      16,
      ["whole", "split", "partitions", "unchanged"],
      "All of it, its first partitions (later parts hold the others), those that changed, or nothing new",
    ),
    schemaHash: varchar("schema_hash", 32, "Of its definition; empty where that is not known"),
    partitionKind: oneOf("partition_kind", 16, ["none", "range", "list"], "How it is partitioned"),
    automatic: boolean("automatic", "Whether loads make its partitions (expression, automatic list)"),
    replicationNum: int("replication_num", "Replicas of its partitions"),
    definition: optional(
      definitionText("definition", "How the table was defined, as JSON, where it is held whole"),
    ),
  },
});
