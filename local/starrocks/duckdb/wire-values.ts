import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import { unsupported } from "../basics/errors.ts";
import type { Cell, WireType } from "../basics/result.ts";

const wire: Partial<Record<DuckDBTypeId, WireType>> = {
  [DuckDBTypeId.BOOLEAN]: "TINY",
  [DuckDBTypeId.TINYINT]: "TINY",
  [DuckDBTypeId.SMALLINT]: "SHORT",
  [DuckDBTypeId.INTEGER]: "LONG",
  [DuckDBTypeId.BIGINT]: "LONGLONG",
  [DuckDBTypeId.UBIGINT]: "LONGLONG",
  [DuckDBTypeId.FLOAT]: "FLOAT",
  [DuckDBTypeId.DOUBLE]: "DOUBLE",
  [DuckDBTypeId.DECIMAL]: "NEWDECIMAL",
  [DuckDBTypeId.DATE]: "DATE",
  [DuckDBTypeId.TIMESTAMP]: "DATETIME",
  [DuckDBTypeId.VARCHAR]: "VAR_STRING",
  [DuckDBTypeId.BLOB]: "BLOB",
  [DuckDBTypeId.SQLNULL]: "NULL",
};

/** §15: LARGEINT travels as a string; a sum of BIGINT is BIGINT in StarRocks, whatever DuckDB makes of it. */
export function wireType(type: DuckDBType, wide: boolean): { type: WireType; decimals?: number } {
  if (type.typeId === DuckDBTypeId.HUGEINT) return { type: wide ? "STRING" : "LONGLONG" };
  // JSON is a VARCHAR with an alias in DuckDB.
  if (type.alias === "JSON") return { type: "STRING" };
  if (type.typeId === DuckDBTypeId.LIST) return { type: "STRING" };
  const name = wire[type.typeId];
  if (!name) throw unsupported(`Result type ${type.toString()}`);
  return name === "NEWDECIMAL" && "scale" in type ? { type: name, decimals: type.scale } : { type: name };
}

function timestampText(value: DuckDBTimestampValue): string {
  const text = value.toString();
  const dot = text.indexOf(".");
  return dot < 0 ? text : text.slice(0, dot + 1) + text.slice(dot + 1).padEnd(6, "0");
}

/** StarRocks has NULL for most results that are no number. */
function finite(value: number): number {
  if (!Number.isFinite(value)) throw unsupported("An infinite or undefined number");
  return value;
}

/** The shortest text that is this number among those of four bytes: nine digits always are. */
function floatText(value: number): string {
  for (let digits = 6; digits < 9; digits += 1) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

/** `[1,2]`, `["a","b"]` */
function arrayText({ items }: DuckDBListValue): string {
  const parts = items.map((item) => {
    if (item === null) return "null";
    if (item instanceof DuckDBListValue) return arrayText(item);
    if (item instanceof DuckDBTimestampValue) return JSON.stringify(timestampText(item));
    if (typeof item === "boolean") return item ? "1" : "0";
    return typeof item === "string" || item instanceof DuckDBDateValue
      ? JSON.stringify(String(item))
      : String(item);
  });
  return `[${parts.join(",")}]`;
}

/** StarRocks' sum of BIGINT goes over its end, DuckDB's does not. */
function inBigint(value: bigint): string {
  if (BigInt.asIntN(64, value) !== value) throw unsupported("A sum or literal outside of BIGINT");
  return String(value);
}

/** `wide` as in `wireType`. */
export function cellConverter(type: DuckDBType, wide: boolean): (value: DuckDBValue) => Cell {
  switch (type.typeId) {
    case DuckDBTypeId.HUGEINT:
      return (value) => (typeof value !== "bigint" ? null : wide ? String(value) : inBigint(value));
    case DuckDBTypeId.BOOLEAN:
      return (value) => (value === null ? null : value ? "1" : "0");
    case DuckDBTypeId.FLOAT:
      return (value) => (typeof value === "number" ? floatText(finite(value)) : null);
    case DuckDBTypeId.DOUBLE:
      return (value) => (typeof value === "number" ? String(finite(value)) : null);
    case DuckDBTypeId.TIMESTAMP:
      return (value) => (value instanceof DuckDBTimestampValue ? timestampText(value) : null);
    case DuckDBTypeId.LIST:
      return (value) => (value instanceof DuckDBListValue ? arrayText(value) : null);
    case DuckDBTypeId.BLOB:
      return (value) => (value instanceof DuckDBBlobValue ? value.bytes : null);
    default:
      return (value) => (value === null || value === undefined ? null : String(value));
  }
}
