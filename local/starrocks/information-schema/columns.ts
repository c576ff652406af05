import { maxBytes, typeText } from "../duckdb/translate/types.ts";
import { visibleRelations } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import type { Column, Relation } from "../metadata/model.ts";
import type { KeysType } from "../sql/create-table.ts";
import type { Row, VirtualTable } from "./virtual-table.ts";

const precision: Record<string, number> = {
  TINYINT: 3,
  SMALLINT: 5,
  INT: 10,
  BIGINT: 19,
  LARGEINT: 39,
  FLOAT: 7,
  DOUBLE: 15,
};

const keyText = { DUPLICATE: "DUP", AGGREGATE: "AGG", UNIQUE: "UNI", PRIMARY: "PRI" } as const;

export const dataType = (column: Column): string => {
  if (column.type.name === "STRING") return "varchar";
  if (column.type.name === "LARGEINT") return "bigint unsigned";
  return column.type.name.toLowerCase();
};

export const defaultText = (column: Column): string | null =>
  column.default?.kind === "now"
    ? "CURRENT_TIMESTAMP"
    : column.default?.kind === "literal"
      ? column.default.value
      : null;

export function columnRow(
  database: string,
  relation: Pick<Relation, "name"> & { keysType?: KeysType },
  column: Column,
  index: number,
): Row {
  const bytes = maxBytes(column.type) ?? null;
  const digits =
    column.type.name === "DECIMAL"
      ? (column.type.parameters[0] ?? 10)
      : (precision[column.type.name] ?? null);
  const scale =
    column.type.name === "DECIMAL" ? (column.type.parameters[1] ?? 0) : digits === null ? null : 0;
  const key = column.key && relation.keysType ? keyText[relation.keysType] : "";
  return [
    "def",
    database,
    relation.name,
    column.name,
    index + 1,
    defaultText(column),
    column.nullable ? "YES" : "NO",
    dataType(column),
    bytes,
    bytes,
    digits,
    scale,
    column.type.name === "DATETIME" ? 6 : null,
    bytes === null ? null : "utf8",
    bytes === null ? null : "utf8_general_ci",
    typeText(column.type),
    key,
    column.autoIncrement ? "auto_increment" : "",
    "",
    column.comment,
    bytes ?? digits,
    scale,
    null,
    null,
  ];
}

export const columnRows = (context: Context): Row[] =>
  context.cluster.catalog
    .databases()
    .flatMap((database) =>
      visibleRelations(context, database).flatMap((relation) =>
        relation.columns.map((column, index) => columnRow(database.name, relation, column, index)),
      ),
    );

export const columnsView: VirtualTable = {
  columns: [
    ["TABLE_CATALOG", "VARCHAR(512)"],
    ["TABLE_SCHEMA", "VARCHAR(64)"],
    ["TABLE_NAME", "VARCHAR(64)"],
    ["COLUMN_NAME", "VARCHAR(64)"],
    ["ORDINAL_POSITION", "BIGINT"],
    ["COLUMN_DEFAULT", "VARCHAR(1024)"],
    ["IS_NULLABLE", "VARCHAR(3)"],
    ["DATA_TYPE", "VARCHAR(64)"],
    ["CHARACTER_MAXIMUM_LENGTH", "BIGINT"],
    ["CHARACTER_OCTET_LENGTH", "BIGINT"],
    ["NUMERIC_PRECISION", "BIGINT"],
    ["NUMERIC_SCALE", "BIGINT"],
    ["DATETIME_PRECISION", "BIGINT"],
    ["CHARACTER_SET_NAME", "VARCHAR(32)"],
    ["COLLATION_NAME", "VARCHAR(32)"],
    ["COLUMN_TYPE", "VARCHAR(32)"],
    ["COLUMN_KEY", "VARCHAR(3)"],
    ["EXTRA", "VARCHAR(27)"],
    ["PRIVILEGES", "VARCHAR(80)"],
    ["COLUMN_COMMENT", "VARCHAR(255)"],
    ["COLUMN_SIZE", "BIGINT"],
    ["DECIMAL_DIGITS", "BIGINT"],
    ["GENERATION_EXPRESSION", "VARCHAR(64)"],
    ["SRS_ID", "BIGINT"],
  ],
  rows: columnRows,
};
