import { timeText } from "../basics/clock.ts";
import { visibleRelations } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import type { Relation, Table } from "../metadata/model.ts";
import { partitionKeyText } from "../metadata/partition-text.ts";
import { declareTable, type RowOf } from "./virtual-table.ts";

const tablesColumns = {
  TABLE_CATALOG: "VARCHAR(512)",
  TABLE_SCHEMA: "VARCHAR(2048)",
  TABLE_NAME: "VARCHAR(2048)",
  TABLE_TYPE: "VARCHAR(2048)",
  ENGINE: "VARCHAR(2048)",
  VERSION: "BIGINT",
  ROW_FORMAT: "VARCHAR(10)",
  TABLE_ROWS: "BIGINT",
  AVG_ROW_LENGTH: "BIGINT",
  DATA_LENGTH: "BIGINT",
  MAX_DATA_LENGTH: "BIGINT",
  INDEX_LENGTH: "BIGINT",
  DATA_FREE: "BIGINT",
  AUTO_INCREMENT: "BIGINT",
  CREATE_TIME: "TIMESTAMP",
  UPDATE_TIME: "TIMESTAMP",
  CHECK_TIME: "TIMESTAMP",
  TABLE_COLLATION: "VARCHAR(32)",
  CHECKSUM: "BIGINT",
  CREATE_OPTIONS: "VARCHAR(255)",
  TABLE_COMMENT: "VARCHAR(2048)",
} as const;

/** How much a table holds, and since when; of a view nothing is known. */
function sizeOf({ catalog }: Context["cluster"], relation: Relation) {
  if (relation.kind === "view") return { rows: null, bytes: null, average: null, updated: null };
  const partitions = catalog.partitions(relation.id).normal();
  const physicals = partitions.flatMap((one) => one.physical);
  const rows = physicals.reduce((total, one) => total + one.rows, 0);
  // Of all replicas together, as DATA_SIZE of partitions_meta (§9.1).
  const bytes = partitions.reduce(
    (total, one) =>
      total + one.replicationNum * one.physical.reduce((sum, physical) => sum + physical.bytes, 0),
    0,
  );
  const updated = Math.max(0, ...physicals.map((one) => one.visibleVersionTime));
  return {
    rows,
    bytes,
    average: rows === 0 ? 0 : Math.floor(bytes / rows),
    updated: updated > 0 ? updated : null,
  };
}

function tableRows(context: Context): RowOf<typeof tablesColumns>[] {
  const { cluster, session } = context;
  return cluster.catalog.databases().flatMap((database) =>
    visibleRelations(context, database).map((relation) => {
      const size = sizeOf(cluster, relation);
      // Materialized views count as views.
      const plain = relation.kind === "table" && relation.engine !== "MATERIALIZED_VIEW";
      return {
        TABLE_CATALOG: "def",
        TABLE_SCHEMA: database.name,
        TABLE_NAME: relation.name,
        TABLE_TYPE: plain ? "BASE TABLE" : "VIEW",
        ENGINE: plain ? "StarRocks" : "",
        VERSION: null,
        ROW_FORMAT: "",
        TABLE_ROWS: size.rows,
        AVG_ROW_LENGTH: size.average,
        DATA_LENGTH: size.bytes,
        MAX_DATA_LENGTH: null,
        INDEX_LENGTH: null,
        DATA_FREE: null,
        AUTO_INCREMENT: null,
        CREATE_TIME: timeText(relation.createTime, session.zone),
        UPDATE_TIME: size.updated === null ? null : timeText(size.updated, session.zone),
        CHECK_TIME: null,
        TABLE_COLLATION: "utf8_general_ci",
        CHECKSUM: null,
        CREATE_OPTIONS: null,
        TABLE_COMMENT: relation.comment,
      };
    }),
  );
}

/** A view of the database itself, as it lists its own tables. */
export function systemTableRow(database: string, name: string): RowOf<typeof tablesColumns> {
  return {
    TABLE_CATALOG: "def",
    TABLE_SCHEMA: database,
    TABLE_NAME: name,
    TABLE_TYPE: "SYSTEM VIEW",
    ENGINE: "MEMORY",
    VERSION: null,
    ROW_FORMAT: null,
    TABLE_ROWS: null,
    AVG_ROW_LENGTH: null,
    DATA_LENGTH: null,
    MAX_DATA_LENGTH: null,
    INDEX_LENGTH: null,
    DATA_FREE: null,
    AUTO_INCREMENT: null,
    CREATE_TIME: null,
    UPDATE_TIME: null,
    CHECK_TIME: null,
    TABLE_COLLATION: "utf8_general_ci",
    CHECKSUM: null,
    CREATE_OPTIONS: null,
    TABLE_COMMENT: "",
  };
}

export const tablesView = declareTable(tablesColumns, tableRows);

const models = {
  DUPLICATE: "DUP_KEYS",
  AGGREGATE: "AGG_KEYS",
  UNIQUE: "UNIQUE_KEYS",
  PRIMARY: "PRIMARY_KEYS",
} as const;

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

export function tableProperties(table: Table): Record<string, string> {
  const usual = {
    compression: "LZ4",
    fast_schema_evolution: "true",
    replicated_storage: "true",
    ...(table.keysType === "PRIMARY" && { enable_persistent_index: "true" }),
  };
  return { ...usual, ...table.properties, replication_num: String(table.replicationNum) };
}

const configColumns = {
  TABLE_SCHEMA: "VARCHAR(2048)",
  TABLE_NAME: "VARCHAR(2048)",
  TABLE_ENGINE: "VARCHAR(2048)",
  TABLE_MODEL: "VARCHAR(2048)",
  PRIMARY_KEY: "VARCHAR(2048)",
  PARTITION_KEY: "VARCHAR(2048)",
  DISTRIBUTE_KEY: "VARCHAR(2048)",
  DISTRIBUTE_TYPE: "VARCHAR(2048)",
  DISTRIBUTE_BUCKET: "INTEGER",
  SORT_KEY: "VARCHAR(2048)",
  PROPERTIES: "VARCHAR(65535)",
  TABLE_ID: "BIGINT",
} as const;

function configRows(context: Context): RowOf<typeof configColumns>[] {
  const { cluster } = context;
  return cluster.catalog.databases().flatMap((database) =>
    visibleRelations(context, database).map((relation) => {
      if (relation.kind === "view")
        return {
          TABLE_SCHEMA: database.name,
          TABLE_NAME: relation.name,
          TABLE_ENGINE: "VIEW",
          TABLE_MODEL: "",
          PRIMARY_KEY: "",
          PARTITION_KEY: "",
          DISTRIBUTE_KEY: "",
          DISTRIBUTE_TYPE: "",
          DISTRIBUTE_BUCKET: null,
          SORT_KEY: "",
          PROPERTIES: "",
          TABLE_ID: relation.id,
        };
      const keys = quoted(relation.columns.filter((column) => column.key).map((column) => column.name));
      const unique = relation.keysType === "PRIMARY" || relation.keysType === "UNIQUE";
      return {
        TABLE_SCHEMA: database.name,
        TABLE_NAME: relation.name,
        TABLE_ENGINE: relation.engine,
        TABLE_MODEL: models[relation.keysType],
        PRIMARY_KEY: unique ? keys : "",
        PARTITION_KEY: partitionKeyText(relation),
        DISTRIBUTE_KEY: quoted(relation.distribution.columns),
        DISTRIBUTE_TYPE: relation.distribution.kind,
        DISTRIBUTE_BUCKET: relation.distribution.buckets,
        SORT_KEY: relation.sortKey.length > 0 ? quoted(relation.sortKey) : keys,
        PROPERTIES: JSON.stringify(tableProperties(relation)),
        TABLE_ID: relation.id,
      };
    }),
  );
}

export const tablesConfigView = declareTable(configColumns, configRows);
