import { atLeast } from "../basics/versions.ts";
import { maxBytes, typeText } from "../duckdb/translate/types.ts";
import { visibleRelations } from "../engine/access.ts";
import type { Context } from "../engine/context.ts";
import type { Column, Relation } from "../metadata/model.ts";
import type { KeysType } from "../sql/create-table.ts";
import { declareTable, type RowOf } from "./virtual-table.ts";

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

function numericSize({ type }: Column): { digits: number | null; scale: number | null } {
  if (type.name === "DECIMAL") return { digits: type.parameters[0] ?? 10, scale: type.parameters[1] ?? 0 };
  const digits = precision[type.name] ?? null;
  return { digits, scale: digits === null ? null : 0 };
}

const columns = {
  TABLE_CATALOG: "VARCHAR(512)",
  TABLE_SCHEMA: "VARCHAR(64)",
  TABLE_NAME: "VARCHAR(64)",
  COLUMN_NAME: "VARCHAR(64)",
  ORDINAL_POSITION: "BIGINT",
  COLUMN_DEFAULT: "VARCHAR(1024)",
  IS_NULLABLE: "VARCHAR(3)",
  DATA_TYPE: "VARCHAR(64)",
  CHARACTER_MAXIMUM_LENGTH: "BIGINT",
  CHARACTER_OCTET_LENGTH: "BIGINT",
  NUMERIC_PRECISION: "BIGINT",
  NUMERIC_SCALE: "BIGINT",
  DATETIME_PRECISION: "BIGINT",
  CHARACTER_SET_NAME: "VARCHAR(32)",
  COLLATION_NAME: "VARCHAR(32)",
  COLUMN_TYPE: "VARCHAR(32)",
  COLUMN_KEY: "VARCHAR(3)",
  EXTRA: "VARCHAR(27)",
  PRIVILEGES: "VARCHAR(80)",
  COLUMN_COMMENT: "VARCHAR(255)",
  COLUMN_SIZE: "BIGINT",
  DECIMAL_DIGITS: "BIGINT",
  GENERATION_EXPRESSION: "VARCHAR(64)",
  SRS_ID: "BIGINT",
} as const;

export function columnRow(
  database: string,
  relation: Pick<Relation, "name"> & { keysType?: KeysType },
  column: Column,
  index: number,
): RowOf<typeof columns> {
  const bytes = maxBytes(column.type) ?? null;
  const { digits, scale } = numericSize(column);
  const key = column.key && relation.keysType ? keyText[relation.keysType] : "";
  return {
    TABLE_CATALOG: "def",
    TABLE_SCHEMA: database,
    TABLE_NAME: relation.name,
    COLUMN_NAME: column.name,
    ORDINAL_POSITION: index + 1,
    COLUMN_DEFAULT: defaultText(column),
    IS_NULLABLE: column.nullable ? "YES" : "NO",
    DATA_TYPE: dataType(column),
    CHARACTER_MAXIMUM_LENGTH: bytes,
    CHARACTER_OCTET_LENGTH: bytes,
    NUMERIC_PRECISION: digits,
    NUMERIC_SCALE: scale,
    DATETIME_PRECISION: column.type.name === "DATETIME" ? 6 : null,
    CHARACTER_SET_NAME: bytes === null ? null : "utf8",
    COLLATION_NAME: bytes === null ? null : "utf8_general_ci",
    COLUMN_TYPE: typeText(column.type),
    COLUMN_KEY: key,
    EXTRA: column.autoIncrement ? "auto_increment" : "",
    PRIVILEGES: "",
    COLUMN_COMMENT: column.comment,
    COLUMN_SIZE: bytes ?? digits,
    DECIMAL_DIGITS: scale,
    GENERATION_EXPRESSION: null,
    SRS_ID: null,
  };
}

/** Filled since 3.4; who needs it before has SHOW CREATE TABLE. */
const generationExpression = ({ cluster }: Context, { generated }: Column): string | null =>
  generated !== undefined && atLeast(cluster.options.version, "3.5") ? generated : null;

const columnRows = (context: Context): RowOf<typeof columns>[] =>
  context.cluster.catalog.databases().flatMap((database) =>
    visibleRelations(context, database).flatMap((relation) =>
      relation.columns.map((column, index) => ({
        ...columnRow(database.name, relation, column, index),
        GENERATION_EXPRESSION: generationExpression(context, column),
      })),
    ),
  );

export const columnsView = declareTable(columns, columnRows);
