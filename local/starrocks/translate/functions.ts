import { analysisError } from "../errors.ts";
import { fromZoneSql, nowText, toZoneSql } from "../execute/clock.ts";
import { quoteText } from "../storage/duck.ts";
import type { TranslateContext } from "./context.ts";
import { dateFormat } from "./date-format.ts";

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
  date_trunc: (args) => `date_trunc(${arg(args, 0)}, ${arg(args, 1)})`,
  date_format: (args) => `strftime(${timestamp(arg(args, 0))}, ${dateFormat(arg(args, 1))})`,
  str_to_date: (args) => `try_strptime(${arg(args, 0)}, ${dateFormat(arg(args, 1))})`,
  concat: (args) => (args.length === 0 ? "''" : `(${args.map(text).join(" || ")})`),
  concat_ws: (args) => `concat_ws(${args.map(text).join(", ")})`,
  if: (args) => `CASE WHEN ${arg(args, 0)} THEN ${arg(args, 1)} ELSE ${arg(args, 2)} END`,
  ifnull: same("coalesce"),
  nvl: same("coalesce"),
  length: (args) => `strlen(${text(arg(args, 0))})`,
  char_length: same("length"),
  character_length: same("length"),
  locate: (args) => `instr(${arg(args, 1)}, ${arg(args, 0)})`,
  sha2: (args) => `sha256(${arg(args, 0)})`,
  md5: (args) => `md5(${text(arg(args, 0))})`,
  uuid: () => "CAST(gen_random_uuid() AS VARCHAR)",
  rand: () => "random()",
  pow: same("pow"),
  power: same("pow"),
  truncate: (args) => `trunc(${arg(args, 0)}, ${arg(args, 1)})`,
  mod: (args) => `(${arg(args, 0)} % ${arg(args, 1)})`,
  xx_hash3_64: hash("BIGINT"),
  murmur_hash3_32: hash("INTEGER"),
  parse_json: (args) => `TRY_CAST(${arg(args, 0)} AS JSON)`,
  get_json_string: same("json_extract_string"),
  get_json_int: (args) => `CAST(json_extract_string(${args.join(", ")}) AS BIGINT)`,
  json_length: same("json_array_length"),
  current_version: constant((context) => context.buildVersion),
  version: constant(() => "8.0.33"),
  database: constant(({ session }) => session.database ?? null),
  schema: constant(({ session }) => session.database ?? null),
  catalog: constant(() => "default_catalog"),
  current_catalog: constant(() => "default_catalog"),
  user: constant(({ session }) => `'${session.user}'@'%'`),
  current_user: constant(({ session }) => `'${session.user}'@'%'`),
  session_user: constant(({ session }) => `'${session.user}'@'%'`),
  current_role: constant(() => "root"),
  connection_id: (_args, { session }) => String(session.id),
  last_query_id: constant(() => null),
};

/** Functions that mean the same in DuckDB. */
const identical =
  `abs ceil ceiling floor round sqrt exp ln log10 sign greatest least coalesce nullif lower upper lcase
  ucase trim ltrim rtrim replace lpad rpad instr substr substring left right split_part reverse repeat hex unhex ascii
  year month day hour minute second quarter dayofweek dayofyear week last_day starts_with regexp_replace
  row_number rank dense_rank percent_rank ntile lag lead first_value last_value bit_count to_base64 from_base64`
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

export function translateFunction(name: string, args: readonly string[], context: TranslateContext): string {
  const translation = translations[name];
  // DuckDB knows many functions StarRocks does not: only listed ones pass.
  if (!translation)
    throw analysisError(`No matching function with signature: ${name}(${args.length} arguments)`);
  return translation(args, context);
}
