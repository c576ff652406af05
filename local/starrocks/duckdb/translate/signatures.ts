import { asMoment, asNumber, asText, unified } from "./coerce.ts";
import { commonSort, type Sort, type Typed } from "./sorts.ts";

/**
 * What a function takes, a letter for each argument and the last one for all that follow: `t` text, `m` a time,
 * `n` a number, `u` values of one type, `.` anything. What it yields: a type, the first argument's, or the one common
 * to the `u`s.
 */
type Signature = readonly [parameters: string, result: Sort | "first" | "common" | undefined, names: string];

const signatures: readonly Signature[] = [
  [
    "t",
    "text",
    "lower upper lcase ucase reverse md5 to_base64 from_base64 unhex concat concat_ws trim ltrim rtrim",
  ],
  ["t", "text", "replace regexp_replace"],
  ["t.", "text", "left right repeat sha2 substr substring"],
  ["tt.", "text", "split_part"],
  ["t.t", "text", "lpad rpad"],
  [".", "text", "hex uuid version database schema user current_user session_user from_unixtime"],
  [".", "text", "get_json_string current_version catalog current_catalog current_role last_query_id"],
  ["t", "bigint", "length char_length character_length ascii instr"],
  ["tt.", "bigint", "locate"],
  ["t", "boolean", "starts_with"],
  ["t", "json", "parse_json"],
  ["t.", "datetime", "str_to_date"],
  ["m.", "text", "date_format"],
  ["m.", "datetime", "date_add adddate date_sub subdate years_add months_add days_add days_sub"],
  ["m.", "datetime", "hours_add hours_sub minutes_add minutes_sub seconds_add seconds_sub"],
  ["m", "int", "year month day hour minute second quarter dayofweek dayofyear week"],
  ["m", "date", "date to_date last_day"],
  [".m", "first", "date_trunc"],
  ["m", "bigint", "datediff unix_timestamp"],
  [".m", "bigint", "timestampdiff"],
  [".", "datetime", "now current_timestamp localtimestamp localtime utc_timestamp"],
  [".", "date", "curdate current_date"],
  [
    ".",
    "bigint",
    "count row_number rank dense_rank ntile xx_hash3_64 get_json_int json_length connection_id",
  ],
  [".", "int", "murmur_hash3_32 bit_count"],
  [".", "double", "rand percent_rank"],
  [".", "first", "min max any_value max_by min_by lag lead first_value last_value"],
  [".", "text", "group_concat"],
  ["n", undefined, "ceil ceiling floor round truncate sign"],
  ["n", "first", "abs"],
  ["n", "double", "avg stddev variance sqrt exp ln log10 pow power"],
  ["n", undefined, "sum"],
  ["u", "common", "coalesce ifnull nvl greatest least"],
  ["u", "first", "nullif"],
  [".u", "common", "if"],
];

const byName = new Map(
  signatures.flatMap(([parameters, result, names]) =>
    names.split(" ").map((name) => [name, { parameters, result }] as const),
  ),
);

/** The arguments in the types the function takes. */
export function argumentsOf(name: string, args: readonly Typed[]): readonly Typed[] {
  const parameters = byName.get(name)?.parameters ?? ".";
  const letter = (index: number): string => parameters[Math.min(index, parameters.length - 1)] ?? ".";
  const alike = unified(args.filter((_, index) => letter(index) === "u"));
  return args.map((value, index) => {
    switch (letter(index)) {
      case "t":
        return asText(value);
      case "m":
        return asMoment(value);
      case "n":
        return asNumber(value);
      case "u":
        return alike[index - parameters.indexOf("u")] ?? value;
      default:
        return value;
    }
  });
}

/** The type of the result, for arguments in the types taken. */
export function resultOf(name: string, args: readonly Typed[]): Sort | undefined {
  const signature = byName.get(name);
  const [first, second] = args;
  if (name === "sum") return sumSort(first?.sort);
  // A DATE truncated to a month is one still.
  if (name === "date_trunc") return second?.sort;
  if (signature?.result === "first") return first?.sort;
  if (signature?.result !== "common") return signature?.result;
  const alike = args.slice(signature.parameters.indexOf("u")).map(({ sort }) => sort);
  return alike.reduce((a, b) => commonSort(a, b), "null");
}

function sumSort(sort: Sort | undefined): Sort | undefined {
  if (sort === "decimal" || sort === "largeint" || sort === undefined) return sort;
  return sort === "float" || sort === "double" ? "double" : "bigint";
}
