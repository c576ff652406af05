import { timeText } from "../execute/clock.ts";
import type { Context } from "../execute/context.ts";
import type { Table } from "../metadata/model.ts";
import { partitionKeyText } from "../metadata/partition-text.ts";
import { visibleRelations } from "../privileges/check.ts";
import type { VirtualTable } from "./views.ts";

const text = "VARCHAR";

export function tablesView(context: Context): VirtualTable {
  const { cluster, session } = context;
  const rows = cluster.catalog.databases().flatMap((database) =>
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
  return {
    columns: [
      ["TABLE_CATALOG", text],
      ["TABLE_SCHEMA", text],
      ["TABLE_NAME", text],
      ["TABLE_TYPE", text],
      ["ENGINE", text],
      ["VERSION", "BIGINT"],
      ["ROW_FORMAT", text],
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
      ["TABLE_COLLATION", text],
      ["CHECKSUM", "BIGINT"],
      ["CREATE_OPTIONS", text],
      ["TABLE_COMMENT", text],
    ],
    rows,
  };
}

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

export function tablesConfigView(context: Context): VirtualTable {
  const { cluster } = context;
  const rows = cluster.catalog.databases().flatMap((database) =>
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
  return {
    columns: [
      ["TABLE_SCHEMA", text],
      ["TABLE_NAME", text],
      ["TABLE_ENGINE", text],
      ["TABLE_MODEL", text],
      ["PRIMARY_KEY", text],
      ["PARTITION_KEY", text],
      ["DISTRIBUTE_KEY", text],
      ["DISTRIBUTE_TYPE", text],
      ["DISTRIBUTE_BUCKET", "INTEGER"],
      ["SORT_KEY", text],
      ["PROPERTIES", text],
      ["TABLE_ID", "BIGINT"],
    ],
    rows,
  };
}
