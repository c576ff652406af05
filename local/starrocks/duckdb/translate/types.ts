import { unsupported } from "../../basics/errors.ts";
import type { TypeName } from "../../sql/query-ast.ts";

const direct: Record<string, string> = {
  BOOLEAN: "BOOLEAN",
  TINYINT: "TINYINT",
  SMALLINT: "SMALLINT",
  INT: "INTEGER",
  BIGINT: "BIGINT",
  LARGEINT: "HUGEINT",
  FLOAT: "FLOAT",
  DOUBLE: "DOUBLE",
  DATE: "DATE",
  DATETIME: "TIMESTAMP",
  CHAR: "VARCHAR",
  VARCHAR: "VARCHAR",
  STRING: "VARCHAR",
  JSON: "JSON",
  VARBINARY: "BLOB",
};

/** The DuckDB type that holds a StarRocks type; types without a faithful counterpart are refused. */
export function duckType(type: TypeName): string {
  if (type.name === "DECIMAL") return `DECIMAL(${type.parameters[0] ?? 10},${type.parameters[1] ?? 0})`;
  if (type.element) return `${duckType(type.element)}[]`;
  const name = direct[type.name];
  if (!name) throw unsupported(`Type ${type.name}`);
  return name;
}

/** As SHOW CREATE TABLE and DESC print it. */
export function typeText(type: TypeName): string {
  if (type.element) return `array<${typeText(type.element)}>`;
  switch (type.name) {
    case "DECIMAL":
      return `decimal(${type.parameters[0] ?? 10}, ${type.parameters[1] ?? 0})`;
    case "STRING":
      return "varchar(65533)";
    case "VARCHAR":
      return `varchar(${type.parameters[0] ?? 65533})`;
    case "CHAR":
      return `char(${type.parameters[0] ?? 1})`;
    case "INT":
      return "int(11)";
    case "BIGINT":
      return "bigint(20)";
    case "SMALLINT":
      return "smallint(6)";
    case "TINYINT":
      return "tinyint(4)";
    case "LARGEINT":
      return "largeint(40)";
    default:
      return type.name.toLowerCase();
  }
}

/** Byte length a string column holds, or undefined for other types. */
export function maxBytes(type: TypeName): number | undefined {
  if (type.name === "STRING") return 65533;
  if (type.name === "VARCHAR") return type.parameters[0] ?? 65533;
  if (type.name === "CHAR") return type.parameters[0] ?? 1;
  return undefined;
}
