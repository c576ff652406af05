import { fromZoneSql, nowText, toZoneSql } from "../../basics/clock.ts";
import { analysisError, unsupported } from "../../basics/errors.ts";
import { quoteText } from "../duck.ts";
import { castTo } from "./coerce.ts";
import type { TranslateContext } from "./context.ts";
import { dateFormat } from "./date-format.ts";
import { binary } from "./operators.ts";
import { argumentsOf, resultOf } from "./signatures.ts";
import type { Typed } from "./sorts.ts";
import { unmodelledFunctions } from "./unmodelled-functions.ts";

/** Of arguments already in the types the function takes. */
type Translation = (args: readonly string[], context: TranslateContext) => string;

const same =
  (name: string): Translation =>
  (args) =>
    `${name}(${args.join(", ")})`;
const arg = (args: readonly string[], index: number): string => args[index] ?? "NULL";
const text = (sql: string): string => `CAST(${sql} AS VARCHAR)`;
const timestamp = (sql: string): string => `CAST(${sql} AS TIMESTAMP)`;

const now: Translation = (args, { session, now }) =>
  `TIMESTAMP '${nowText(now, session.zone, args.length > 0)}'`;
const today: Translation = (_args, { session, now }) =>
  `DATE '${nowText(now, session.zone, false).slice(0, 10)}'`;

const unixTimestamp: Translation = (args, { session, now }) =>
  args.length === 0
    ? `CAST(${Math.floor(now / 1000)} AS BIGINT)`
    : `CAST(floor(epoch(${fromZoneSql(session.zone, timestamp(arg(args, 0)))})) AS BIGINT)`;

const fromUnixtime: Translation = (args, { session }) => {
  const local = toZoneSql(session.zone, `make_timestamp(CAST(${arg(args, 0)} AS BIGINT) * 1000000)`);
  return `strftime(${local}, ${args.length > 1 ? dateFormat(arg(args, 1)) : "'%Y-%m-%d %H:%M:%S'"})`;
};

const addUnits =
  (unit: string, sign: "+" | "-"): Translation =>
  (args) =>
    `(${timestamp(arg(args, 0))} ${sign} INTERVAL (${arg(args, 1)}) ${unit})`;

/** `date_add(d, INTERVAL n DAY)`; a bare number means days. */
const dateAdd =
  (sign: "+" | "-"): Translation =>
  (args) => {
    const amount = arg(args, 1);
    return `(${timestamp(arg(args, 0))} ${sign} ${/^INTERVAL /.test(amount) ? amount : `INTERVAL (${amount}) DAY`})`;
  };

/** NULL in, NULL out, as StarRocks' hash functions (starrocks.md §17). The values are not StarRocks' own. */
const hash =
  (type: "BIGINT" | "INTEGER"): Translation =>
  (args) => {
    const nulls = args.map((one) => `${one} IS NULL`).join(" OR ");
    const value = `hash(${args.map(text).join(", ")})`;
    const signed =
      type === "BIGINT"
        ? `CAST(CAST(${value} AS HUGEINT) - 9223372036854775808 AS BIGINT)`
        : `CAST(CAST(${value} % 4294967296 AS BIGINT) - 2147483648 AS INTEGER)`;
    return `CASE WHEN ${nulls} THEN NULL ELSE ${signed} END`;
  };

/** In StarRocks the result is NULL as soon as one value is; DuckDB passes over NULLs. */
const unlessNull =
  (name: string): Translation =>
  (args) =>
    `CASE WHEN ${args.map((one) => `${one} IS NULL`).join(" OR ")} THEN NULL ELSE ${name}(${args.join(", ")}) END`;

/** Positions count from 1, or from the end; there is nothing at 0, before the start, or of no length. */
const substr: Translation = (args) => {
  const [value = "NULL", from = "NULL", count] = args;
  const none = [`${from} = 0`, `-(${from}) > length(${value})`, ...(count ? [`${count} <= 0`] : [])];
  return `CASE WHEN (${none.join(" OR ")}) AND ${value} IS NOT NULL THEN '' ELSE substring(${args.join(", ")}) END`;
};

/** DuckDB counts a negative length from the other end. */
const atEnd =
  (side: "left" | "right"): Translation =>
  (args) =>
    `${side}(${arg(args, 0)}, CASE WHEN ${arg(args, 1)} < 0 THEN 0 ELSE ${arg(args, 1)} END)`;

const locate: Translation = (args) => {
  const [part = "NULL", value = "NULL", from] = args;
  if (from === undefined) return `instr(${value}, ${part})`;
  const rest = `instr(substring(${value}, ${from}), ${part})`;
  return `CASE WHEN ${from} <= 0 OR ${rest} = 0 THEN 0 ELSE ${rest} + ${from} - 1 END`;
};

const sha2: Translation = (args) => {
  if (!["256", "0"].includes(arg(args, 1))) throw unsupported("sha2 of other than 256 bits");
  return `sha256(${arg(args, 0)})`;
};

/** MySQL's mode 0, StarRocks' default: weeks start on Sunday, days before the first one are week 0. */
const week: Translation = (args) => {
  if (args.length > 1) throw unsupported("week with a mode");
  return `CAST(strftime(${arg(args, 0)}, '%U') AS INTEGER)`;
};

/** What is at a path, a text without its quotes; NULL if that is no JSON. */
function jsonText(args: readonly string[]): string {
  const place = `TRY_CAST(${arg(args, 0)} AS JSON), ${arg(args, 1)}`;
  const normal = `normal_json(CAST(json_extract(${place}) AS VARCHAR))`;
  return `CASE WHEN json_type(${place}) IN ('OBJECT', 'ARRAY') THEN ${normal} ELSE json_extract_string(${place}) END`;
}

const jsonLength: Translation = (args) => {
  if (args.length > 1) throw unsupported("json_length with a path");
  const value = `TRY_CAST(${arg(args, 0)} AS JSON)`;
  return `CASE json_type(${value}) WHEN 'OBJECT' THEN len(json_keys(${value})) WHEN 'ARRAY' THEN json_array_length(${value}) ELSE CASE WHEN ${value} IS NOT NULL THEN 1 END END`;
};

const constant =
  (value: (context: TranslateContext) => string | null): Translation =>
  (_args, context) => {
    const result = value(context);
    return result === null ? "CAST(NULL AS VARCHAR)" : quoteText(result);
  };

const translations: Record<string, Translation> = {
  now,
  current_timestamp: now,
  localtimestamp: now,
  localtime: now,
  curdate: today,
  current_date: today,
  utc_timestamp: (_args, { now: instant }) => `TIMESTAMP '${nowText(instant, "+00:00", false)}'`,
  unix_timestamp: unixTimestamp,
  from_unixtime: fromUnixtime,
  date: (args) => `CAST(${arg(args, 0)} AS DATE)`,
  to_date: (args) => `CAST(${arg(args, 0)} AS DATE)`,
  date_add: dateAdd("+"),
  adddate: dateAdd("+"),
  date_sub: dateAdd("-"),
  subdate: dateAdd("-"),
  years_add: addUnits("YEAR", "+"),
  months_add: addUnits("MONTH", "+"),
  days_add: addUnits("DAY", "+"),
  days_sub: addUnits("DAY", "-"),
  hours_add: addUnits("HOUR", "+"),
  hours_sub: addUnits("HOUR", "-"),
  minutes_add: addUnits("MINUTE", "+"),
  minutes_sub: addUnits("MINUTE", "-"),
  seconds_add: addUnits("SECOND", "+"),
  seconds_sub: addUnits("SECOND", "-"),
  datediff: (args) => `date_diff('day', CAST(${arg(args, 1)} AS DATE), CAST(${arg(args, 0)} AS DATE))`,
  timestampdiff: (args) =>
    `date_sub(${arg(args, 0)}, ${timestamp(arg(args, 1))}, ${timestamp(arg(args, 2))})`,
  date_trunc: same("date_trunc"),
  dayofweek: (args) => `(dayofweek(${arg(args, 0)}) + 1)`,
  week,
  date_format: (args) => `strftime(${timestamp(arg(args, 0))}, ${dateFormat(arg(args, 1))})`,
  str_to_date: (args) => `try_strptime(${arg(args, 0)}, ${dateFormat(arg(args, 1))})`,
  concat: (args) => (args.length === 0 ? "''" : `(${args.join(" || ")})`),
  concat_ws: same("concat_ws"),
  if: (args) => `CASE WHEN ${arg(args, 0)} THEN ${arg(args, 1)} ELSE ${arg(args, 2)} END`,
  ifnull: same("coalesce"),
  nvl: same("coalesce"),
  length: same("strlen"),
  char_length: same("length"),
  character_length: same("length"),
  locate,
  substr,
  substring: substr,
  left: atEnd("left"),
  right: atEnd("right"),
  regexp_replace: (args) => `regexp_replace(${args.join(", ")}, 'g')`,
  greatest: unlessNull("greatest"),
  least: unlessNull("least"),
  sha2,
  md5: same("md5"),
  uuid: () => "CAST(gen_random_uuid() AS VARCHAR)",
  rand: () => "random()",
  pow: same("pow"),
  power: same("pow"),
  truncate: (args) => `trunc(${arg(args, 0)}, ${arg(args, 1)})`,
  xx_hash3_64: hash("BIGINT"),
  murmur_hash3_32: hash("INTEGER"),
  parse_json: (args) => castTo({ sql: arg(args, 0), sort: undefined }, { name: "JSON", parameters: [] }),
  get_json_string: jsonText,
  get_json_int: (args) => castTo({ sql: jsonText(args), sort: "text" }, { name: "BIGINT", parameters: [] }),
  json_length: jsonLength,
  unhex: (args) => `decode(unhex(${arg(args, 0)}))`,
  from_base64: (args) => `decode(from_base64(${arg(args, 0)}))`,
  current_version: constant((context) => context.buildVersion),
  version: constant(() => "8.0.33"),
  database: constant(({ session }) => session.database ?? null),
  schema: constant(({ session }) => session.database ?? null),
  catalog: constant(() => "default_catalog"),
  current_catalog: constant(() => "default_catalog"),
  user: constant(({ session }) => `'${session.user}'@'%'`),
  current_user: constant(({ session }) => `'${session.user}'@'%'`),
  session_user: constant(({ session }) => `'${session.user}'@'%'`),
  current_role: constant(({ session }) => (session.roles.length === 0 ? "NONE" : session.roles.join(", "))),
  connection_id: (_args, { session }) => String(session.id),
  last_query_id: constant(() => null),
};

/** Functions that mean the same in DuckDB. */
const identical = `abs ceil ceiling floor round sqrt exp ln log10 sign coalesce nullif lower upper lcase
  ucase trim ltrim rtrim replace lpad rpad instr split_part reverse repeat hex ascii
  year month day hour minute second quarter dayofyear last_day starts_with
  row_number rank dense_rank percent_rank ntile lag lead first_value last_value bit_count`
  .split(/\s+/)
  .filter((name) => name !== "");
for (const name of identical) translations[name] = same(name);
translations["ucase"] = same("upper");
translations["lcase"] = same("lower");
translations["to_base64"] = (args) => `base64(CAST(${arg(args, 0)} AS BLOB))`;

const aggregates: Record<string, string> = {
  count: "count",
  sum: "sum",
  min: "min",
  max: "max",
  avg: "avg",
  any_value: "any_value",
  stddev: "stddev_pop",
  variance: "var_pop",
  group_concat: "string_agg",
  max_by: "arg_max",
  min_by: "arg_min",
};

export const aggregateName = (name: string): string | undefined => aggregates[name];

export function translateFunction(name: string, given: readonly Typed[], context: TranslateContext): Typed {
  const [left, right] = given;
  if (name === "mod" && left && right) return binary("%", left, right);
  const translation = translations[name];
  // DuckDB knows many functions StarRocks does not: only listed ones pass.
  if (!translation && unmodelledFunctions.has(name)) throw unsupported(`Function ${name}`);
  if (!translation)
    throw analysisError(`No matching function with signature: ${name}(${given.length} arguments)`);
  const args = argumentsOf(name, given);
  const sql = translation(
    args.map((one) => one.sql),
    context,
  );
  const sort = resultOf(name, args);
  return { sql: sort === "date" ? `CAST(${sql} AS DATE)` : sql, sort };
}
