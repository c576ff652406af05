import { toZoneSql } from "../basics/clock.ts";
import type { StarRocksVersion } from "../basics/versions.ts";
import { atLeast } from "../basics/versions.ts";
import { isVisible } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import type { VirtualTable } from "./virtual-table.ts";

/** Rows of other tables are missing silently (§13); for those who may see everything there is nothing to filter. */
function visibleOnly(context: Context): string {
  const tables = context.cluster.catalog.allTables();
  const visible = tables.filter((table) => isVisible(context, table));
  return visible.length === tables.length
    ? ""
    : ` AND n.id IN (SELECT unnest([${visible.map(({ id }) => id).join(",")}]::BIGINT[]))`;
}

type Field = readonly [name: string, type: string, sql: string];

const name = "VARCHAR(2048)";

/** Of all replicas together (§9.1). */
const size = "(p.bytes * p.replication_num)";

/** §9.1; they depend on the version. */
function fields(version: StarRocksVersion, time: string): Field[] {
  return [
    ["DB_NAME", name, "n.db"],
    ["TABLE_NAME", name, "n.name"],
    ["PARTITION_NAME", name, "p.name"],
    ["PARTITION_ID", "BIGINT", "p.physical_id"],
    ["COMPACT_VERSION", "BIGINT", "CAST(0 AS BIGINT)"],
    ["VISIBLE_VERSION", "BIGINT", "p.visible_version"],
    ["VISIBLE_VERSION_TIME", "TIMESTAMP", time],
    ["NEXT_VERSION", "BIGINT", "p.next_version"],
    ...(atLeast(version, "3.5")
      ? ([
          ["DATA_VERSION", "BIGINT", "p.data_version"],
          ["VERSION_EPOCH", "BIGINT", "p.epoch"],
          ["VERSION_TXN_TYPE", name, "p.txn_type"],
        ] as const)
      : []),
    ["PARTITION_KEY", name, "n.partition_key"],
    ["PARTITION_VALUE", name, "p.value"],
    ["DISTRIBUTION_KEY", name, "n.distribution_key"],
    ["BUCKETS", "INTEGER", "p.buckets"],
    ["REPLICATION_NUM", "INTEGER", "p.replication_num"],
    ["STORAGE_MEDIUM", name, "p.storage_medium"],
    ["COOLDOWN_TIME", "TIMESTAMP", "TIMESTAMP '9999-12-31 23:59:59'"],
    ["LAST_CONSISTENCY_CHECK_TIME", "TIMESTAMP", "CAST(NULL AS TIMESTAMP)"],
    ["IS_IN_MEMORY", "BOOLEAN", "false"],
    ["IS_TEMP", "BOOLEAN", "p.temporary"],
    // A number since about 4.0, a text with a unit before.
    atLeast(version, "4.0")
      ? ["DATA_SIZE", "BIGINT", size]
      : [
          "DATA_SIZE",
          name,
          `CASE WHEN ${size} < 1024 THEN ${size} || 'B' ELSE round(${size} / 1024.0, 1) || 'KB' END`,
        ],
    ["ROW_COUNT", "BIGINT", "p.rows"],
    ["ENABLE_DATACACHE", "BOOLEAN", "false"],
    ["AVG_CS", "DOUBLE", "CAST(0 AS DOUBLE)"],
    ["P50_CS", "DOUBLE", "CAST(0 AS DOUBLE)"],
    ["MAX_CS", "DOUBLE", "CAST(0 AS DOUBLE)"],
    ["STORAGE_PATH", name, "''"],
    ...(atLeast(version, "3.5") ? ([["STORAGE_SIZE", "BIGINT", size]] as const) : []),
    ...(atLeast(version, "4.0") ? ([["TABLET_BALANCED", "BOOLEAN", "true"]] as const) : []),
    ...(atLeast(version, "4.1")
      ? ([["METADATA_SWITCH_VERSION", "BIGINT", "CAST(0 AS BIGINT)"]] as const)
      : []),
  ];
}

export const partitionsMetaColumns = (version: StarRocksVersion): VirtualTable["columns"] =>
  fields(version, "").map(([field, type]) => [field, type]);

/**
 * A view over the persisted partition rows; times rendered in the session's zone to the second. Temporary and shadow
 * partitions are in.
 */
export function partitionsMetaView(context: Context): string {
  const { version } = context.cluster.options;
  const time = toZoneSql(context.session.zone, "make_timestamp((p.visible_time // 1000) * 1000000)");
  const columns = fields(version, time).map(([field, , sql]) => `${sql} AS ${field}`);
  return `(SELECT ${columns.join(", ")} FROM meta.partition p JOIN meta.relation_name n ON n.id = p.table_id${visibleOnly(context)} ORDER BY p.table_id, p.temporary, p.id)`;
}
