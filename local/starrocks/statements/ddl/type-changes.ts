import { ddlError } from "../../basics/errors.ts";
import { maxBytes } from "../../duckdb/translate/types.ts";
import { plainTypeText } from "../../metadata/type-names.ts";
import type { TypeName } from "../../sql/query-ast.ts";

/** SchemaChangeTypeCompatibility: what a column's type may become, besides the type it has. */
const successors: Readonly<Record<string, readonly string[]>> = {
  TINYINT: ["SMALLINT", "INT", "BIGINT", "LARGEINT", "DOUBLE", "VARCHAR"],
  SMALLINT: ["INT", "BIGINT", "LARGEINT", "DOUBLE", "VARCHAR"],
  INT: ["BIGINT", "LARGEINT", "DOUBLE", "DATE", "VARCHAR"],
  BIGINT: ["LARGEINT", "DOUBLE", "VARCHAR"],
  LARGEINT: ["VARCHAR"],
  FLOAT: ["DOUBLE", "VARCHAR"],
  DOUBLE: ["VARCHAR"],
  CHAR: ["VARCHAR"],
  JSON: ["VARCHAR"],
  VARCHAR: "JSON TINYINT SMALLINT INT BIGINT LARGEINT FLOAT DOUBLE DATE DECIMAL".split(" "),
  DATETIME: ["DATE"],
  DATE: ["DATETIME"],
};

const primitive = ({ name }: TypeName): string => (name === "STRING" ? "VARCHAR" : name);

/** Neither whole digits nor decimals may get lost; a text must hold the digits, the sign and the point. */
function decimalMayBecome(from: TypeName, to: TypeName): boolean {
  const [precision = 10, scale = 0] = from.parameters;
  if (primitive(to) === "VARCHAR") return precision + (scale > 0 ? 2 : 1) <= (maxBytes(to) ?? 0);
  const [newPrecision = 10, newScale = 0] = to.parameters;
  return to.name === "DECIMAL" && scale <= newScale && precision - scale <= newPrecision - newScale;
}

function mayBecome(from: TypeName, to: TypeName): boolean {
  if (from.name === "DECIMAL") return decimalMayBecome(from, to);
  if (from.element || to.element) return plainTypeText(from) === plainTypeText(to);
  return primitive(from) === primitive(to) || (successors[primitive(from)]?.includes(primitive(to)) ?? false);
}

export function checkTypeChange(from: TypeName, to: TypeName): void {
  if (!mayBecome(from, to)) throw ddlError(`Can not change ${plainTypeText(from)} to ${plainTypeText(to)}`);
}

/** Checked last of all changes a column may undergo. */
export function checkLengthChange(from: TypeName, to: TypeName): void {
  const [before, after] = [maxBytes(from), maxBytes(to)];
  if (before !== undefined && after !== undefined && before > after)
    throw ddlError("Cannot shorten string length");
}
