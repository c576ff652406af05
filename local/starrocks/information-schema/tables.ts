import { timeText } from "../basics/clock.ts";
import { visibleRelations } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import type { Table } from "../metadata/model.ts";
import { partitionKeyText } from "../metadata/partition-text.ts";
import type { Row, VirtualTable } from "./virtual-table.ts";

function tableRows(context: Context): Row[] {
  const { cluster, session } = context;
  return cluster.catalog.databases().flatMap((database) =>
    visibleRelations(context, database).map((relation) => {
      const physicals =
        relation.kind === "table"
          ? cluster.catalog
              .partitions(relation.id)
              .normal()
              .flatMap((one) => one.physical)
          : [];
      const sum = (pick: "rows" | "bytes") => physicals.reduce((total, one) => total + one[pick], 0);
      const count = sum("rows");
      const bytes = sum("bytes");
      const updated = Math.max(0, ...physicals.map((one) => one.visibleVersionTime));
      const table = relation.kind === "table";
      // Materialized views count as views.
      const plain = relation.kind === "table" && relation.engine !== "MATERIALIZED_VIEW";
      return [
        "def",
        database.name,
        relation.name,
        plain ? "BASE TABLE" : "VIEW",
        plain ? "StarRocks" : "",
        null,
        "",
        table ? count : null,
        table ? (count === 0 ? 0 : Math.floor(bytes / count)) : null,
        table ? bytes : null,
        null,
        null,
        null,
        null,
        timeText(relation.createTime, session.zone),
        updated > 0 ? timeText(updated, session.zone) : null,
        null,
        "utf8_general_ci",
        null,
        null,
        relation.comment,
      ];
    }),
  );
}

export const tablesView: VirtualTable = {
  columns: [
    ["TABLE_CATALOG", "VARCHAR(512)"],
    ["TABLE_SCHEMA", "VARCHAR(2048)"],
    ["TABLE_NAME", "VARCHAR(2048)"],
    ["TABLE_TYPE", "VARCHAR(2048)"],
    ["ENGINE", "VARCHAR(2048)"],
    ["VERSION", "BIGINT"],
    ["ROW_FORMAT", "VARCHAR(10)"],
    ["TABLE_ROWS", "BIGINT"],
    ["AVG_ROW_LENGTH", "BIGINT"],
    ["DATA_LENGTH", "BIGINT"],
    ["MAX_DATA_LENGTH", "BIGINT"],
    ["INDEX_LENGTH", "BIGINT"],
    ["DATA_FREE", "BIGINT"],
    ["AUTO_INCREMENT", "BIGINT"],
    ["CREATE_TIME", "TIMESTAMP"],
    ["UPDATE_TIME", "TIMESTAMP"],
    ["CHECK_TIME", "TIMESTAMP"],
    ["TABLE_COLLATION", "VARCHAR(32)"],
    ["CHECKSUM", "BIGINT"],
    ["CREATE_OPTIONS", "VARCHAR(255)"],
    ["TABLE_COMMENT", "VARCHAR(2048)"],
  ],
  rows: tableRows,
};

const models = {
  DUPLICATE: "DUP_KEYS",
  AGGREGATE: "AGG_KEYS",
  UNIQUE: "UNIQUE_KEYS",
  PRIMARY: "PRIMARY_KEYS",
} as const;

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

export function tableProperties(table: Table): Record<string, string> {
  return { ...table.properties, replication_num: String(table.replicationNum) };
}

function configRows(context: Context): Row[] {
  const { cluster } = context;
  return cluster.catalog.databases().flatMap((database) =>
    visibleRelations(context, database).map((relation) => {
      if (relation.kind === "view")
        return [database.name, relation.name, "VIEW", "", "", "", "", "", null, "", "", relation.id];
      const keys = quoted(relation.columns.filter((column) => column.key).map((column) => column.name));
      const unique = relation.keysType === "PRIMARY" || relation.keysType === "UNIQUE";
      return [
        database.name,
        relation.name,
        relation.engine,
        models[relation.keysType],
        unique ? keys : "",
        partitionKeyText(relation),
        quoted(relation.distribution.columns),
        relation.distribution.kind,
        relation.distribution.buckets,
        relation.sortKey.length > 0 ? quoted(relation.sortKey) : keys,
        JSON.stringify(tableProperties(relation)),
        relation.id,
      ];
    }),
  );
}

export const tablesConfigView: VirtualTable = {
  columns: [
    ["TABLE_SCHEMA", "VARCHAR(2048)"],
    ["TABLE_NAME", "VARCHAR(2048)"],
    ["TABLE_ENGINE", "VARCHAR(2048)"],
    ["TABLE_MODEL", "VARCHAR(2048)"],
    ["PRIMARY_KEY", "VARCHAR(2048)"],
    ["PARTITION_KEY", "VARCHAR(2048)"],
    ["DISTRIBUTE_KEY", "VARCHAR(2048)"],
    ["DISTRIBUTE_TYPE", "VARCHAR(2048)"],
    ["DISTRIBUTE_BUCKET", "INTEGER"],
    ["SORT_KEY", "VARCHAR(2048)"],
    ["PROPERTIES", "VARCHAR(65535)"],
    ["TABLE_ID", "BIGINT"],
  ],
  rows: configRows,
};
