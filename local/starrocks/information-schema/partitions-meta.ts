import { toZoneSql } from "../execute/clock.ts";
import type { Context } from "../execute/context.ts";
import { isVisible } from "../privileges/check.ts";
import { atLeast } from "../versions.ts";

/** Rows of other tables are missing silently (§13); for those who may see everything there is nothing to filter. */
function visibleOnly(context: Context): string {
  const tables = context.cluster.catalog.allTables();
  const visible = tables.filter((table) => isVisible(context, table));
  return visible.length === tables.length
    ? ""
    : ` AND n.id IN (SELECT unnest([${visible.map(({ id }) => id).join(",")}]::BIGINT[]))`;
}

/**
 * §9.1, a view over the persisted partition rows; times rendered in the session's zone to the second.
 * Columns depend on the version, temporary and shadow partitions are in.
 */
export function partitionsMetaView(context: Context): string {
  const { version } = context.cluster.options;
  const time = toZoneSql(context.session.zone, "make_timestamp((p.visible_time // 1000) * 1000000)");
  const columns = [
    "n.db AS DB_NAME",
    "n.name AS TABLE_NAME",
    "p.name AS PARTITION_NAME",
    "p.physical_id AS PARTITION_ID",
    "CAST(0 AS BIGINT) AS COMPACT_VERSION",
    "p.visible_version AS VISIBLE_VERSION",
    `${time} AS VISIBLE_VERSION_TIME`,
    "p.next_version AS NEXT_VERSION",
    ...(atLeast(version, "3.5")
      ? ["p.data_version AS DATA_VERSION", "p.epoch AS VERSION_EPOCH", "p.txn_type AS VERSION_TXN_TYPE"]
      : []),
    "n.partition_key AS PARTITION_KEY",
    "p.value AS PARTITION_VALUE",
    "n.distribution_key AS DISTRIBUTION_KEY",
    "p.buckets AS BUCKETS",
    "p.replication_num AS REPLICATION_NUM",
    "'HDD' AS STORAGE_MEDIUM",
    "TIMESTAMP '9999-12-31 23:59:59' AS COOLDOWN_TIME",
    "CAST(NULL AS TIMESTAMP) AS LAST_CONSISTENCY_CHECK_TIME",
    "false AS IS_IN_MEMORY",
    "p.temporary AS IS_TEMP",
    // A number since about 4.0, a text with a unit before.
    atLeast(version, "4.0")
      ? "p.bytes AS DATA_SIZE"
      : "CASE WHEN p.bytes < 1024 THEN p.bytes || 'B' ELSE round(p.bytes / 1024.0, 1) || 'KB' END AS DATA_SIZE",
    "p.rows AS ROW_COUNT",
    "false AS ENABLE_DATACACHE",
    "CAST(0 AS DOUBLE) AS AVG_CS",
    "CAST(0 AS DOUBLE) AS P50_CS",
    "CAST(0 AS DOUBLE) AS MAX_CS",
    "'' AS STORAGE_PATH",
    ...(atLeast(version, "3.5") ? ["p.bytes AS STORAGE_SIZE"] : []),
    ...(atLeast(version, "4.0") ? ["true AS TABLET_BALANCED"] : []),
    ...(atLeast(version, "4.1") ? ["CAST(0 AS BIGINT) AS METADATA_SWITCH_VERSION"] : []),
  ];
  return `(SELECT ${columns.join(", ")} FROM meta.partition p JOIN meta.relation_name n ON n.id = p.table_id${visibleOnly(context)} ORDER BY p.table_id, p.temporary, p.id)`;
}
