import { unsupported } from "../../basics/errors.ts";
import type { TypeName } from "../../sql/query-ast.ts";
import { isInteger, isMoment, type Typed } from "./sorts.ts";
import { duckType } from "./types.ts";

/** Ends a statement from within its SQL, for values of which only the engine knows that they cannot be answered. */
export const refuse = (what: string): string => `error('${unsupported(what).message}')`;

/** Text of a value as StarRocks prints it. */
export function asText({ sql, sort }: Typed): Typed {
  const text = `CAST(${sql} AS VARCHAR)`;
  if (sort === "text") return { sql, sort };
  if (sort === "boolean") return { sql: `CAST(CAST(${sql} AS TINYINT) AS VARCHAR)`, sort: "text" };
  if (sort === "double" || sort === "float")
    return { sql: `regexp_replace(${text}, '\\.0$', '')`, sort: "text" };
  if (sort === "datetime")
    return {
      sql: `regexp_replace(strftime(${sql}, '%Y-%m-%d %H:%M:%S.%f'), '\\.000000$', '')`,
      sort: "text",
    };
  return { sql: text, sort: "text" };
}

/** What DuckDB reads as StarRocks does; it also knows `infinity`, `epoch`, zones and more. */
const usualTime = "[-\\d/:.]+([ T][\\d:.]+)?";

/** A time in any form StarRocks takes: `20240102` is a date as text and as a number. NULL if it is none. */
export function asMoment({ sql, sort }: Typed): Typed {
  if (isMoment(sort)) return { sql, sort };
  if (sort !== "text" && !isInteger(sort)) return { sql: `TRY_CAST(${sql} AS TIMESTAMP)`, sort: "datetime" };
  const text = `CAST(${sql} AS VARCHAR)`;
  const matches = (pattern: string): string => `regexp_full_match(${text}, '${pattern}')`;
  const cases = [
    `WHEN ${matches("\\d{8}|\\d{14}")} THEN try_strptime(${text}, ['%Y%m%d', '%Y%m%d%H%M%S'])`,
    `WHEN ${matches("\\d{6}|\\d{12}")} THEN ${refuse("A date with a year of two digits")}`,
    `WHEN ${matches(usualTime)} THEN TRY_CAST(${text} AS TIMESTAMP)`,
    `WHEN regexp_matches(${text}, '\\d') THEN ${refuse("A time in this form")}`,
  ];
  return { sql: `CASE ${cases.join(" ")} END`, sort: "datetime" };
}

/** In a load, what is no time fails. Whether it is one already is found out by DuckDB. */
function loadMoment(sql: string, type: string): string {
  const moment = asMoment({ sql, sort: "text" }).sql;
  const cases = [
    `WHEN typeof(${sql}) IN ('DATE', 'TIMESTAMP') THEN TRY_CAST(${sql} AS ${type})`,
    `WHEN ${sql} IS NOT NULL AND ${moment} IS NULL THEN CAST(error('no time') AS ${type})`,
  ];
  return `CASE ${cases.join(" ")} ELSE CAST(${moment} AS ${type}) END`;
}

/** Text and BOOLEAN as operands of arithmetic and of sums. */
export function asNumber({ sql, sort }: Typed): Typed {
  if (sort === "text") return { sql: `TRY_CAST(${sql} AS DOUBLE)`, sort: "double" };
  if (sort === "boolean") return { sql: `CAST(${sql} AS TINYINT)`, sort: "tinyint" };
  return { sql, sort };
}

/** StarRocks computes with FLOAT, and compares it with other numbers, as DOUBLE. */
export const precise = (value: Typed): Typed =>
  value.sort === "float" ? { sql: `CAST(${value.sql} AS DOUBLE)`, sort: "double" } : value;

const wholes = new Set(["TINYINT", "SMALLINT", "INT", "BIGINT", "LARGEINT"]);

/** How StarRocks reads such text is not known here. */
const fractional = (text: string): string =>
  `regexp_matches(${text}, '[.eE]') AND TRY_CAST(${text} AS DOUBLE) IS NOT NULL THEN ${refuse("CAST of text with a fraction to an integer")}`;

/** A number without its fraction: StarRocks cuts where DuckDB rounds. What the type is is found out by DuckDB. */
function toWhole(cast: "CAST" | "TRY_CAST", sql: string, type: string): string {
  const text = `CAST(${sql} AS VARCHAR)`;
  return `CASE WHEN typeof(${sql}) = 'VARCHAR' AND ${fractional(text)} WHEN typeof(${sql}) IN ('DOUBLE', 'FLOAT') THEN ${cast}(trunc(TRY_CAST(${sql} AS DOUBLE)) AS ${type}) WHEN starts_with(typeof(${sql}), 'DECIMAL') THEN ${cast}(trunc(TRY_CAST(${sql} AS DECIMAL(38, 9))) AS ${type}) ELSE ${cast}(${sql} AS ${type}) END`;
}

/** CAST in a statement: what cannot be done is NULL in StarRocks. */
export function castTo(value: Typed, type: TypeName): string {
  const { sql, sort } = value;
  const target = duckType(type);
  switch (type.name) {
    case "DATE":
      return sort === "date" ? sql : `CAST(${asMoment(value).sql} AS DATE)`;
    case "DATETIME":
      return `CAST(${asMoment(value).sql} AS TIMESTAMP)`;
    case "CHAR":
    case "VARCHAR":
    case "STRING":
      return asText(value).sql;
    case "BOOLEAN":
      return sort === "text" ? textToBoolean(sql) : `TRY_CAST(${sql} AS BOOLEAN)`;
    case "JSON":
      return normalJson(`TRY_CAST(${sql} AS JSON)`);
    default:
      return wholes.has(type.name) ? wholeCast(value, target) : `TRY_CAST(${sql} AS ${target})`;
  }
}

/** A whole number, or the words `true` and `false`. */
const textToBoolean = (sql: string): string =>
  `coalesce(TRY_CAST(${sql} AS INTEGER) <> 0, CASE lower(trim(${sql})) WHEN 'true' THEN true WHEN 'false' THEN false END)`;

function wholeCast({ sql, sort }: Typed, type: string): string {
  if (isMoment(sort)) throw unsupported("CAST of a date to a number");
  if (sort === undefined) return toWhole("TRY_CAST", sql, type);
  if (["double", "float", "decimal"].includes(sort)) return `TRY_CAST(trunc(${sql}) AS ${type})`;
  const plain = `TRY_CAST(${sql} AS ${type})`;
  return sort === "text" ? `CASE WHEN ${fractional(sql)} ELSE ${plain} END` : plain;
}

/** The cast of a load into a column: a value that does not fit fails. */
export function loadCast(sql: string, type: TypeName): string {
  if (wholes.has(type.name)) return toWhole("CAST", sql, duckType(type));
  if (duckType(type) === "VARCHAR") return loadText(sql);
  if (type.name === "DATE" || type.name === "DATETIME") return loadMoment(sql, duckType(type));
  const cast = `CAST(${sql} AS ${duckType(type)})`;
  return type.name === "JSON" ? normalJson(cast) : cast;
}

/** As `asText`; what the type is is found out by DuckDB. */
function loadText(sql: string): string {
  const text = `CAST(${sql} AS VARCHAR)`;
  return `CASE typeof(${sql}) WHEN 'BOOLEAN' THEN CAST(${text} = 'true' AS TINYINT)::VARCHAR WHEN 'DOUBLE' THEN regexp_replace(${text}, '\\.0$', '') WHEN 'FLOAT' THEN regexp_replace(${text}, '\\.0$', '') WHEN 'TIMESTAMP' THEN regexp_replace(strftime(TRY_CAST(${text} AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%f'), '\\.000000$', '') ELSE ${text} END`;
}

/** StarRocks keeps JSON in binary form and prints it anew (§17). */
const normalJson = (sql: string): string => `CAST(normal_json(${sql}) AS JSON)`;

/** Values that meet in one column, as the branches of CASE do: beside text all of them are text. */
export function unified(values: readonly Typed[]): readonly Typed[] {
  const mixed =
    values.some(({ sort }) => sort === "text") &&
    values.some(({ sort }) => sort !== "text" && sort !== "null");
  if (mixed)
    return values.map((value) => (value.sort === "null" || value.sort === undefined ? value : asText(value)));
  return values.every(({ sort }) => sort === "float" || sort === "null") ? values : values.map(precise);
}
