import { SqlError, unsupported } from "../basics/errors.ts";
import type { StarRocksVersion } from "../basics/versions.ts";
import { atLeast } from "../basics/versions.ts";
import { Lexer, type Token } from "./lexer.ts";

/**
 * Statements and clauses StarRocks knows and the parser here does not, in the shape of `shapeOf`. They are looked up
 * only after a statement was refused: what is no StarRocks at all stays a syntax error. `since`: a version modelled.
 */
const unmodelled: readonly (readonly [shape: RegExp, what: string, since?: StarRocksVersion])[] = [
  [/^UPDATE .* FROM /, "UPDATE … FROM"],
  [/^DELETE FROM .* USING /, "DELETE … USING"],
  [/^CREATE TABLE .* AS \(? ?(SELECT|WITH) /, "CREATE TABLE AS SELECT"],
  [/^CREATE TABLE .*[(,] INDEX .* USING (GIN|VECTOR)/, "An inverted or vector index"],
  [/^CREATE TABLE .* PARTITION \S+ VALUES .*\) \( \? = /, "Properties of a partition in CREATE TABLE"],
  [/^ALTER TABLE .* (ADD|DROP) ROLLUP /, "ALTER TABLE for a rollup"],
  [/^CREATE (BITMAP )?INDEX |^DROP INDEX /, "An index"],
  [/^SET PASSWORD /, "SET PASSWORD"],
  [/^SHOW (BACKUP|RESTORE) .*(WHERE|LIKE) /, "A condition in SHOW BACKUP or SHOW RESTORE", "4.1"],
  [/^CANCEL (BACKUP|RESTORE) FOR EXTERNAL CATALOG /, "CANCEL FOR EXTERNAL CATALOG", "3.5"],
  [/^WITH RECURSIVE /, "WITH RECURSIVE"],
  [/ INTO OUTFILE /, "INTO OUTFILE"],
  [/ (ANY|SOME|ALL) \( SELECT /, "ANY and ALL of a subquery"],
  [/ X \? /, "A hexadecimal literal"],
  [/ QUALIFY /, "QUALIFY"],
  [/ NATURAL .*JOIN /, "NATURAL JOIN"],
  [/ GROUPING SETS /, "GROUPING SETS"],
  [/ RIGHT (SEMI|ANTI) JOIN /, "RIGHT SEMI or ANTI JOIN"],
  [/ (FROM|JOIN|,) (UNNEST|LATERAL|TABLE|FILES|JSON_EACH) \(| LATERAL /, "A table function"],
  [/ SUBSTR(ING)? \( [^()]* FROM /, "substr(… FROM …)"],
  [/ (EXTRACT|TRIM|POSITION) \( [^()]* (FROM|IN) /, "A function with words among its arguments"],
  [/ AS UNSIGNED | , UNSIGNED \)/, "A cast to UNSIGNED"],
  [/^(SELECT|WITH|UPDATE|DELETE|INSERT) .* -> /, "->"],
  [/^(SELECT|WITH|UPDATE|DELETE|INSERT) .*[\])\w] \[ /, "Access by [index]"],
  [/ (MAP|STRUCT|NAMED_STRUCT) ?[{(<] /, "MAP and STRUCT"],
];

/** The refusal of a statement the parser did not understand. */
export function refusalOf(error: unknown, sql: string, version: StarRocksVersion): unknown {
  if (!(error instanceof SqlError) || !error.message.startsWith("Getting syntax error")) return error;
  const shape = shapeOf(sql);
  const found = unmodelled.find(
    ([pattern, , since = "3.3"]) => atLeast(version, since) && pattern.test(shape),
  );
  return found ? unsupported(found[1]) : error;
}

/** Tokens apart from each other, words in capitals, `?` for texts. */
function shapeOf(sql: string): string {
  try {
    return `${new Lexer(sql).all().map(shown).join(" ")} `;
  } catch {
    return "";
  }
}

function shown(token: Token): string {
  if (token.kind === "string") return "?";
  return token.kind === "word" ? token.value : token.text;
}
