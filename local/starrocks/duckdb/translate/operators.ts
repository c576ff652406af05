import { unsupported } from "../../basics/errors.ts";
import { asMoment, asNumber, precise, refuse } from "./coerce.ts";
import { commonSort, isInteger, isMoment, type Sort, type Typed, wider } from "./sorts.ts";

const duckOperators: Record<string, string> = {
  "!=": "<>",
  "<=>": "IS NOT DISTINCT FROM",
  "||": "OR",
  "&&": "AND",
  MOD: "%",
  XOR: "<>",
};

const arithmetic = new Set(["+", "-", "*", "/", "%", "MOD", "DIV"]);
const comparisons = new Set(["=", "!=", "<>", "<", ">", "<=", ">="]);

/** Two operands joined as StarRocks joins values of their types. */
export function binary(operator: string, left: Typed, right: Typed): Typed {
  if (arithmetic.has(operator)) return calculate(operator, left, right);
  if (comparisons.has(operator)) return { sql: compare(operator, left, right), sort: "boolean" };
  if (operator === "^") return { sql: `xor(${left.sql}, ${right.sql})`, sort: "bigint" };
  const sort = /^[|&]$|<<|>>/.test(operator) ? "bigint" : "boolean";
  return { sql: plain(operator, left.sql, right.sql), sort };
}

const plain = (operator: string, left: string, right: string): string =>
  `(${left} ${duckOperators[operator] ?? operator} ${right})`;

function calculate(operator: string, leftValue: Typed, rightValue: Typed): Typed {
  if (isMoment(leftValue.sort) || isMoment(rightValue.sort)) throw unsupported("Arithmetic on a date");
  const left = precise(asNumber(leftValue));
  const right = precise(asNumber(rightValue));
  const sort = commonSort(left.sort, right.sort);
  if (operator === "DIV") return { sql: wholeQuotient(sort, left.sql, right.sql), sort: "bigint" };
  if (operator === "/") {
    // A quotient of DECIMALs is a DECIMAL of more digits in StarRocks, a DOUBLE in DuckDB.
    if (sort === "decimal") throw unsupported("/ on a DECIMAL");
    return { sql: plain("/", left.sql, right.sql), sort: "double" };
  }
  if (!isInteger(sort) || sort === undefined || operator === "%" || operator === "MOD")
    return { sql: plain(operator, left.sql, right.sql), sort };
  const result = wider(sort);
  return { sql: plain(operator, widened(left, result), right.sql), sort: result };
}

const duckIntegers: Partial<Record<Sort, string>> = {
  smallint: "SMALLINT",
  int: "INTEGER",
  bigint: "BIGINT",
};

/** The left operand in the result's type, so that DuckDB computes in it. */
function widened({ sql, sort }: Typed, result: Sort): string {
  const type = duckIntegers[result];
  return sort === result || !type ? sql : `CAST(${sql} AS ${type})`;
}

function wholeQuotient(sort: Sort | undefined, left: string, right: string): string {
  if (isInteger(sort)) return plain("//", left, right);
  if (sort === "decimal") return `CAST(trunc(${left} / ${right}) AS BIGINT)`;
  if (sort === "double" || sort === "float")
    return `(CAST(trunc(${left}) AS BIGINT) // CAST(trunc(${right}) AS BIGINT))`;
  throw unsupported("DIV on operands of unknown type");
}

const number = (sort: Sort | undefined): boolean =>
  isInteger(sort) || sort === "decimal" || sort === "float" || sort === "double";

export function compare(operator: string, left: Typed, right: Typed): string {
  const time = (a: Typed, b: Typed): boolean => isMoment(a.sort) && (b.sort === "text" || isInteger(b.sort));
  if (time(left, right)) return plain(operator, left.sql, asMoment(right).sql);
  if (time(right, left)) return plain(operator, asMoment(left).sql, right.sql);
  if (left.sort === "text" && number(right.sort)) return compareText(operator, left, right, true);
  if (number(left.sort) && right.sort === "text") return compareText(operator, right, left, false);
  if (left.sort === right.sort) return plain(operator, left.sql, right.sql);
  return plain(operator, precise(left).sql, precise(right).sql);
}

/**
 * Text against a number: by order StarRocks compares them as DOUBLE. Equality depends on session variables: on the
 * number's text, or on its value; an answer is given where both agree.
 */
function compareText(operator: string, text: Typed, value: Typed, textFirst: boolean): string {
  const asDouble = asNumber(text).sql;
  const order = textFirst ? plain(operator, asDouble, value.sql) : plain(operator, value.sql, asDouble);
  if (!["=", "!=", "<>"].includes(operator) || !isInteger(value.sort)) return order;
  const same = `${text.sql} = CAST(${value.sql} AS VARCHAR)`;
  const refusal = refuse("Comparing a number with text that spells it otherwise");
  const equal = `CASE WHEN ${same} THEN true WHEN ${asDouble} = ${value.sql} THEN ${refusal} WHEN ${text.sql} IS NOT NULL AND ${value.sql} IS NOT NULL THEN false END`;
  return operator === "=" ? `(${equal})` : `(NOT (${equal}))`;
}
