import type { TableName } from "./catalog.ts";

/** A table of the catalog. Column and table names that starrocks-br has keep its meaning. */
export interface CatalogTable {
  readonly name: TableName;
  readonly comment: string;
  readonly model: "PRIMARY KEY" | "UNIQUE KEY";
  /** Key columns first. An encoded primary key must stay below 128 bytes, or loads fail. */
  readonly key: readonly string[];
  readonly columns: readonly CatalogColumn[];
}

export interface CatalogColumn {
  readonly name: string;
  readonly definition: string;
}

/** Everything `init` creates, newest form. */
export const catalogTables: readonly CatalogTable[] = [
  {
    name: "schema_migrations",
    comment: "Versions of the catalog that have been applied",
    model: "PRIMARY KEY",
    key: ["version"],
    columns: [
      column("version", "INT NOT NULL"),
      column("description", "STRING NOT NULL"),
      column("applied_at", "DATETIME NOT NULL"),
    ],
  },
  {
    name: "table_inventory",
    comment: "Which tables are backed up together; table_name '*' means all tables of the database",
    model: "UNIQUE KEY",
    key: ["inventory_group", "database_name", "table_name"],
    columns: [
      column("inventory_group", "VARCHAR(255) NOT NULL"),
      column("database_name", "VARCHAR(255) NOT NULL"),
      column("table_name", "VARCHAR(1024) NOT NULL"),
      column("created_at", "DATETIME DEFAULT CURRENT_TIMESTAMP"),
      column("updated_at", "DATETIME DEFAULT CURRENT_TIMESTAMP"),
    ],
  },
  {
    name: "backup_history",
    comment: "One row per snapshot or attempt at one; times are UTC",
    model: "PRIMARY KEY",
    key: ["label"],
    columns: [
      column("label", "VARCHAR(120) NOT NULL"),
      column("backup_type", "VARCHAR(16) NOT NULL"),
      column("status", "VARCHAR(16) NOT NULL"),
      column("repository", "VARCHAR(128) NOT NULL"),
      column("started_at", "DATETIME NOT NULL"),
      column("finished_at", "DATETIME NULL"),
      column("error_message", "STRING NULL"),
      column("created_at", "DATETIME DEFAULT CURRENT_TIMESTAMP"),
      column("run_id", "VARCHAR(40) NULL"),
      column("inventory_group", "VARCHAR(255) NULL"),
      column("database_name", "VARCHAR(255) NULL"),
      column("baseline_label", "VARCHAR(120) NULL"),
      column("snapshot_timestamp", "VARCHAR(32) NULL"),
      column("cut_from", "DATETIME NULL"),
      column("cut_to", "DATETIME NULL"),
      column("table_count", "INT NULL"),
      column("partition_count", "INT NULL"),
      column("row_count", "BIGINT NULL"),
      column("byte_count", "BIGINT NULL"),
      column("part", "INT NULL"),
      column("parts", "INT NULL"),
      column("attempt", "INT NULL"),
      column("left_out", "STRING NULL"),
      column("progress_mark", "VARCHAR(32) NULL"),
      column("progress_at", "DATETIME NULL"),
    ],
  },
  {
    name: "backup_tables",
    comment:
      "Every table of a restore point, and how its snapshot holds it: whole, split, partitions or unchanged",
    model: "PRIMARY KEY",
    key: ["key_hash"],
    columns: [
      column("key_hash", "VARCHAR(32) NOT NULL"),
      column("label", "VARCHAR(120) NOT NULL"),
      column("database_name", "VARCHAR(255) NOT NULL"),
      column("table_name", "VARCHAR(1024) NOT NULL"),
      column("content", "VARCHAR(16) NOT NULL"),
      column("schema_hash", "VARCHAR(32) NOT NULL"),
      column("partition_kind", "VARCHAR(16) NOT NULL"),
      column("automatic", "BOOLEAN NOT NULL"),
      column("replication_num", "INT NOT NULL"),
    ],
  },
  {
    name: "backup_partitions",
    comment: "The manifest: every partition a snapshot holds, and every partition dropped since its baseline",
    model: "PRIMARY KEY",
    key: ["key_hash"],
    columns: [
      column("key_hash", "VARCHAR(32) NOT NULL"),
      column("label", "VARCHAR(120) NOT NULL"),
      column("database_name", "VARCHAR(255) NOT NULL"),
      column("table_name", "VARCHAR(1024) NOT NULL"),
      column("partition_name", "VARCHAR(1024) NOT NULL"),
      column("created_at", "DATETIME DEFAULT CURRENT_TIMESTAMP"),
      column("presence", "VARCHAR(16) NULL"),
      column("fingerprint", "STRING NULL"),
      column("row_count", "BIGINT NULL"),
      column("byte_count", "BIGINT NULL"),
    ],
  },
  {
    name: "restore_history",
    comment: "One row per restored table; times are UTC",
    model: "PRIMARY KEY",
    key: ["job_id"],
    columns: [
      column("job_id", "VARCHAR(64) NOT NULL"),
      column("backup_label", "VARCHAR(120) NOT NULL"),
      column("restore_type", "VARCHAR(16) NOT NULL"),
      column("status", "VARCHAR(16) NOT NULL"),
      column("repository", "VARCHAR(128) NOT NULL"),
      column("started_at", "DATETIME NOT NULL"),
      column("finished_at", "DATETIME NULL"),
      column("error_message", "STRING NULL"),
      column("verification_checksum", "STRING NULL"),
      column("created_at", "DATETIME DEFAULT CURRENT_TIMESTAMP"),
      column("run_id", "VARCHAR(40) NULL"),
      column("database_name", "VARCHAR(255) NULL"),
      column("table_name", "VARCHAR(1024) NULL"),
      column("strategy", "VARCHAR(16) NULL"),
      column("restored_partition_ids", "VARCHAR(1024) NULL"),
      column("replaced_kept_as", "VARCHAR(1024) NULL"),
      column("partition_count", "INT NULL"),
      column("row_count", "BIGINT NULL"),
    ],
  },
  {
    name: "run_status",
    comment: "Job slots: who works on a database; the newest generation of a scope holds the slot",
    model: "PRIMARY KEY",
    key: ["scope", "label"],
    columns: [
      column("scope", "VARCHAR(60) NOT NULL"),
      column("label", "VARCHAR(60) NOT NULL"),
      column("state", "VARCHAR(16) NOT NULL"),
      column("started_at", "DATETIME DEFAULT CURRENT_TIMESTAMP"),
      column("finished_at", "DATETIME NULL"),
      column("generation", "BIGINT NULL"),
      column("run_id", "VARCHAR(40) NULL"),
      column("heartbeat_at", "DATETIME NULL"),
    ],
  },
  {
    name: "runs",
    comment: "Backup and restore runs: the frozen plan and how far it got; times are UTC",
    model: "PRIMARY KEY",
    key: ["run_id"],
    columns: [
      column("run_id", "VARCHAR(40) NOT NULL"),
      column("operation", "VARCHAR(16) NOT NULL"),
      column("state", "VARCHAR(16) NOT NULL"),
      column("inventory_group", "VARCHAR(255) NULL"),
      column("plan_hash", "VARCHAR(64) NOT NULL"),
      column("plan", "VARCHAR(1048576) NOT NULL"),
      column("approved_by", "STRING NULL"),
      column("submitted_job", "STRING NULL"),
      column("created_at", "DATETIME NOT NULL"),
      column("finished_at", "DATETIME NULL"),
      column("error_code", "VARCHAR(64) NULL"),
      column("error_message", "STRING NULL"),
      column("error_next", "STRING NULL"),
      column("job_id", "VARCHAR(64) NULL"),
      column("heartbeat_at", "DATETIME NULL"),
      column("waiting_for", "STRING NULL"),
      column("waiting_since", "DATETIME NULL"),
    ],
  },
];

function column(name: string, definition: string): CatalogColumn {
  return { name, definition };
}
