CREATE TABLE IF NOT EXISTS `ops`.`schema_migrations` (
  `version` INT NOT NULL,
  `description` STRING NOT NULL,
  `applied_at` DATETIME NOT NULL
)
PRIMARY KEY (`version`)
COMMENT 'Versions of the catalog that have been applied'
DISTRIBUTED BY HASH(`version`) BUCKETS 1
PROPERTIES ("replication_num" = "3");

CREATE TABLE IF NOT EXISTS `ops`.`table_inventory` (
  `inventory_group` VARCHAR(255) NOT NULL,
  `database_name` VARCHAR(255) NOT NULL,
  `table_name` VARCHAR(1024) NOT NULL,
  `created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
  `updated_at` DATETIME DEFAULT CURRENT_TIMESTAMP
)
UNIQUE KEY (`inventory_group`, `database_name`, `table_name`)
COMMENT 'Which tables are backed up together; table_name \'*\' means all tables of the database'
DISTRIBUTED BY HASH(`inventory_group`, `database_name`, `table_name`) BUCKETS 1
PROPERTIES ("replication_num" = "3");

CREATE TABLE IF NOT EXISTS `ops`.`backup_history` (
  `label` VARCHAR(120) NOT NULL,
  `backup_type` VARCHAR(16) NOT NULL,
  `status` VARCHAR(16) NOT NULL,
  `repository` VARCHAR(128) NOT NULL,
  `started_at` DATETIME NOT NULL,
  `finished_at` DATETIME NULL,
  `error_message` STRING NULL,
  `created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
  `run_id` VARCHAR(40) NULL,
  `inventory_group` VARCHAR(255) NULL,
  `database_name` VARCHAR(255) NULL,
  `baseline_label` VARCHAR(120) NULL,
  `snapshot_timestamp` VARCHAR(32) NULL,
  `cut_from` DATETIME NULL,
  `cut_to` DATETIME NULL,
  `table_count` INT NULL,
  `partition_count` INT NULL,
  `row_count` BIGINT NULL,
  `byte_count` BIGINT NULL,
  `part` INT NULL,
  `parts` INT NULL,
  `attempt` INT NULL,
  `left_out` STRING NULL,
  `progress_mark` VARCHAR(32) NULL,
  `progress_at` DATETIME NULL
)
PRIMARY KEY (`label`)
COMMENT 'One row per snapshot or attempt at one; times are UTC'
DISTRIBUTED BY HASH(`label`) BUCKETS 1
PROPERTIES ("replication_num" = "3");

CREATE TABLE IF NOT EXISTS `ops`.`backup_tables` (
  `key_hash` VARCHAR(32) NOT NULL,
  `label` VARCHAR(120) NOT NULL,
  `database_name` VARCHAR(255) NOT NULL,
  `table_name` VARCHAR(1024) NOT NULL,
  `content` VARCHAR(16) NOT NULL,
  `schema_hash` VARCHAR(32) NOT NULL,
  `partition_kind` VARCHAR(16) NOT NULL,
  `automatic` BOOLEAN NOT NULL,
  `replication_num` INT NOT NULL,
  `definition` VARCHAR(1048576) NULL
)
PRIMARY KEY (`key_hash`)
COMMENT 'Every table of a restore point, and how its snapshot holds it: whole, split, partitions or unchanged'
DISTRIBUTED BY HASH(`key_hash`) BUCKETS 1
PROPERTIES ("replication_num" = "3");

CREATE TABLE IF NOT EXISTS `ops`.`backup_partitions` (
  `key_hash` VARCHAR(32) NOT NULL,
  `label` VARCHAR(120) NOT NULL,
  `database_name` VARCHAR(255) NOT NULL,
  `table_name` VARCHAR(1024) NOT NULL,
  `partition_name` VARCHAR(1024) NOT NULL,
  `created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
  `presence` VARCHAR(16) NULL,
  `fingerprint` STRING NULL,
  `row_count` BIGINT NULL,
  `byte_count` BIGINT NULL,
  `partition_value` STRING NULL
)
PRIMARY KEY (`key_hash`)
COMMENT 'The manifest: every partition a snapshot holds, and every partition dropped since its baseline'
DISTRIBUTED BY HASH(`key_hash`) BUCKETS 1
PROPERTIES ("replication_num" = "3");

CREATE TABLE IF NOT EXISTS `ops`.`restore_history` (
  `job_id` VARCHAR(64) NOT NULL,
  `backup_label` VARCHAR(120) NOT NULL,
  `restore_type` VARCHAR(16) NOT NULL,
  `status` VARCHAR(16) NOT NULL,
  `repository` VARCHAR(128) NOT NULL,
  `started_at` DATETIME NOT NULL,
  `finished_at` DATETIME NULL,
  `error_message` STRING NULL,
  `verification_checksum` STRING NULL,
  `created_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
  `run_id` VARCHAR(40) NULL,
  `database_name` VARCHAR(255) NULL,
  `table_name` VARCHAR(1024) NULL,
  `strategy` VARCHAR(16) NULL,
  `restored_partition_ids` VARCHAR(1024) NULL,
  `replaced_kept_as` VARCHAR(1024) NULL,
  `partition_count` INT NULL,
  `row_count` BIGINT NULL,
  `held_schedules` STRING NULL,
  `repeat_count` INT NULL,
  `notices` STRING NULL,
  `replaced_partition_ids` VARCHAR(1024) NULL,
  `restored_table_id` VARCHAR(20) NULL,
  `kept_table_id` VARCHAR(20) NULL,
  `kept_until` DATETIME NULL,
  `downloaded_bytes` BIGINT NULL,
  `affected` STRING NULL,
  `undone_by` VARCHAR(40) NULL,
  `undone_at` DATETIME NULL
)
PRIMARY KEY (`job_id`)
COMMENT 'One row per restored table; times are UTC'
DISTRIBUTED BY HASH(`job_id`) BUCKETS 1
PROPERTIES ("replication_num" = "3");

CREATE TABLE IF NOT EXISTS `ops`.`run_status` (
  `scope` VARCHAR(60) NOT NULL,
  `label` VARCHAR(60) NOT NULL,
  `state` VARCHAR(16) NOT NULL,
  `started_at` DATETIME DEFAULT CURRENT_TIMESTAMP,
  `finished_at` DATETIME NULL,
  `generation` BIGINT NULL,
  `run_id` VARCHAR(40) NULL,
  `heartbeat_at` DATETIME NULL
)
PRIMARY KEY (`scope`, `label`)
COMMENT 'Job slots: who works on a database; the newest generation of a scope holds the slot'
DISTRIBUTED BY HASH(`scope`, `label`) BUCKETS 1
PROPERTIES ("replication_num" = "3");

CREATE TABLE IF NOT EXISTS `ops`.`runs` (
  `run_id` VARCHAR(40) NOT NULL,
  `operation` VARCHAR(16) NOT NULL,
  `state` VARCHAR(16) NOT NULL,
  `inventory_group` VARCHAR(255) NULL,
  `plan_hash` VARCHAR(64) NOT NULL,
  `plan` VARCHAR(1048576) NOT NULL,
  `approved_by` STRING NULL,
  `approved_at` DATETIME NULL,
  `submitted_job` STRING NULL,
  `created_at` DATETIME NOT NULL,
  `finished_at` DATETIME NULL,
  `error_code` VARCHAR(64) NULL,
  `error_message` STRING NULL,
  `error_next` STRING NULL,
  `job_id` VARCHAR(64) NULL,
  `heartbeat_at` DATETIME NULL,
  `waiting_for` STRING NULL,
  `waiting_since` DATETIME NULL
)
PRIMARY KEY (`run_id`)
COMMENT 'Backup and restore runs: the frozen plan and how far it got; times are UTC'
DISTRIBUTED BY HASH(`run_id`) BUCKETS 1
PROPERTIES ("replication_num" = "3");
