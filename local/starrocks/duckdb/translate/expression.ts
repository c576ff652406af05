import { unsupported } from "../../basics/errors.ts";
import type { Call, Expr, OrderItem } from "../../sql/query-ast.ts";
import { quoteName, quoteText } from "../duck.ts";
import { asMoment, asNumber, asText, castTo, precise, unified } from "./coerce.ts";
import type { TranslateContext } from "./context.ts";
import { aggregateName, translateFunction } from "./functions.ts";
import { binary, compare } from "./operators.ts";
import { columnSort, type Scope } from "./scope.ts";
import { argumentsOf, resultOf } from "./signatures.ts";
import { commonSort, isMoment, literalSort, sortOf, type Typed } from "./sorts.ts";

const units = new Set([
  "MICROSECOND",
  "MILLISECOND",
  "SECOND",
  "MINUTE",
  "HOUR",
  "DAY",
  "WEEK",
  "MONTH",
  "QUARTER",
  "YEAR",
]);

export const translateExpression = (expr: Expr, context: TranslateContext, scope: Scope): string =>
  typedExpression(expr, context, scope).sql;

/** The expression in DuckDB's SQL, and what is known of its type. */
export function typedExpression(expr: Expr, context: TranslateContext, scope: Scope): Typed {
  const go = (one: Expr): Typed => typedExpression(one, context, scope);
  const all = (list: readonly Expr[]): string => list.map((one) => go(one).sql).join(", ");
  const test = (sql: string): Typed => ({ sql, sort: "boolean" });
  switch (expr.kind) {
    case "string":
      return { sql: quoteText(expr.value), sort: "text" };
    case "number":
      return numberLiteral(expr.text);
    case "null":
      return { sql: "NULL", sort: "null" };
    case "boolean":
      return test(expr.value ? "true" : "false");
    case "temporal":
      return {
        sql: `${expr.type === "DATE" ? "DATE" : "TIMESTAMP"} ${quoteText(expr.value)}`,
        sort: expr.type === "DATE" ? "date" : "datetime",
      };
    case "default":
      throw unsupported("DEFAULT here");
    case "column":
      // DuckDB sees one relation per alias, so `db.t.c` is `t.c`.
      return { sql: expr.parts.slice(-2).map(quoteName).join("."), sort: columnSort(expr.parts, scope) };
    case "variable":
      return go(context.variable(expr.name));
    case "call":
      return translateCall(expr, context, scope);
    case "unary":
      return translateUnary(expr.operator, go(expr.operand));
    case "binary":
      return translateBinary(expr, go);
    case "between":
      return test(translateBetween(expr, go));
    case "in":
      return test(translateIn(expr, context, scope));
    case "like":
      return test(translateLike(expr, go));
    case "is-null":
      return test(`(${go(expr.operand).sql} IS ${expr.not ? "NOT " : ""}NULL)`);
    case "case":
      return translateCase(expr, go);
    case "cast":
      return {
        sql: castTo(go(expr.operand), expr.type),
        sort: expr.type.element ? undefined : sortOf(expr.type.name),
      };
    case "exists":
      return test(`EXISTS (${context.query(expr.query, scope).sql})`);
    case "subquery": {
      const { sql, columns } = context.query(expr.query, scope);
      return { sql: `(${sql})`, sort: columns?.[0]?.sort };
    }
    case "array":
      return { sql: `[${all(expr.items)}]`, sort: undefined };
    case "row":
      return { sql: `(${all(expr.items)})`, sort: undefined };
    case "interval":
      if (!units.has(expr.unit)) throw unsupported(`INTERVAL unit ${expr.unit}`);
      return { sql: `INTERVAL (${go(expr.amount).sql}) ${expr.unit}`, sort: undefined };
  }
}

function numberLiteral(text: string): Typed {
  if (/^0x/i.test(text)) throw unsupported("A hexadecimal literal");
  return { sql: text, sort: literalSort(text) };
}

function translateBetween(expr: Extract<Expr, { kind: "between" }>, go: (one: Expr) => Typed): string {
  const [value, low, high] = [go(expr.operand), go(expr.low), go(expr.high)];
  const within = `(${compare(">=", value, low)} AND ${compare("<=", value, high)})`;
  return expr.not ? `(NOT ${within})` : within;
}

function translateLike(expr: Extract<Expr, { kind: "like" }>, go: (one: Expr) => Typed): string {
  const [value, pattern] = [asText(go(expr.operand)).sql, asText(go(expr.pattern)).sql];
  const matches = expr.regexp
    ? `regexp_matches(${value}, ${pattern})`
    : `(${value} LIKE ${pattern} ESCAPE '\\')`;
  return expr.not ? `(NOT ${matches})` : matches;
}

function translateUnary(operator: string, operand: Typed): Typed {
  if (operator === "NOT") return { sql: `(NOT ${operand.sql})`, sort: "boolean" };
  const value = asNumber(operand);
  return { sql: `(${operator}${value.sql})`, sort: value.sort };
}

function translateBinary(expr: Extract<Expr, { kind: "binary" }>, go: (one: Expr) => Typed): Typed {
  const { operator, left, right } = expr;
  if (left.kind === "interval" || right.kind === "interval") {
    const [a, b] = [left, right].map((one) => (one.kind === "interval" ? go(one) : asMoment(go(one))));
    return { sql: `(${a?.sql} ${operator} ${b?.sql})`, sort: "datetime" };
  }
  const [first, second, ...others] = chain(expr).map(go);
  if (first && second && others.length === 0) return binary(operator, first, second);
  const word = operator === "AND" || operator === "&&" ? "AND" : "OR";
  return {
    sql: `(${chain(expr)
      .map((one) => go(one).sql)
      .join(` ${word} `)})`,
    sort: "boolean",
  };
}

function translateIn(expr: Extract<Expr, { kind: "in" }>, context: TranslateContext, scope: Scope): string {
  const operand = precise(typedExpression(expr.operand, context, scope));
  const list =
    "body" in expr.list
      ? context.query(expr.list, scope).sql
      : expr.list
          .map((one) => {
            const item = typedExpression(one, context, scope);
            return isMoment(operand.sort) && item.sort !== "null" ? asMoment(item).sql : item.sql;
          })
          .join(", ");
  return `(${operand.sql} ${expr.not ? "NOT " : ""}IN (${list}))`;
}

/** With an operand, each WHEN is a comparison; the results have one type. */
function translateCase(expr: Extract<Expr, { kind: "case" }>, go: (one: Expr) => Typed): Typed {
  const operand = expr.operand && go(expr.operand);
  const results = unified(
    [...expr.whens.map(([, then]) => then), ...(expr.otherwise ? [expr.otherwise] : [])].map(go),
  );
  const whens = expr.whens.map(([when], index) => {
    const condition = operand ? compare("=", operand, go(when)) : go(when).sql;
    return `WHEN ${condition} THEN ${results[index]?.sql}`;
  });
  const otherwise = expr.otherwise ? ` ELSE ${results.at(-1)?.sql}` : "";
  return {
    sql: `(CASE ${whens.join(" ")}${otherwise} END)`,
    sort: results.map(({ sort }) => sort).reduce((a, b) => commonSort(a, b), "null"),
  };
}

/** A long AND or OR is one flat list: nesting it would meet the engine's limit on depth. */
function chain(expr: Extract<Expr, { kind: "binary" }>): Expr[] {
  const items: Expr[] = [expr.right];
  let left = expr.left;
  const flat = ["AND", "OR", "&&", "||"].includes(expr.operator);
  while (flat && left.kind === "binary" && left.operator === expr.operator) {
    items.push(left.right);
    left = left.left;
  }
  items.push(left);
  return items.reverse();
}

export function translateOrder(items: readonly OrderItem[], context: TranslateContext, scope: Scope): string {
  if (items.length === 0) return "";
  const list = items.map((item) => {
    const nulls = item.nulls ? ` NULLS ${item.nulls}` : "";
    return `${translateExpression(item.expr, context, scope)}${item.descending ? " DESC" : ""}${nulls}`;
  });
  return ` ORDER BY ${list.join(", ")}`;
}

function translateCall(call: Call, context: TranslateContext, scope: Scope): Typed {
  const args = call.args.map((one) => typedExpression(one, context, scope));
  const value = aggregateName(call.name)
    ? translateAggregate(call, args, context, scope)
    : translatePlain(call, args, context);
  if (!call.over) return value;
  const partition = call.over.partitionBy.map((one) => translateExpression(one, context, scope)).join(", ");
  const order = translateOrder(call.over.orderBy, context, scope);
  const frame = call.over.frame ? ` ${call.over.frame}` : "";
  const over = `OVER (${partition === "" ? "" : `PARTITION BY ${partition}`}${order}${frame})`;
  return { sql: `${value.sql} ${over}`, sort: value.sort };
}

function translatePlain(call: Call, args: readonly Typed[], context: TranslateContext): Typed {
  if (call.distinct || call.star) throw unsupported(`${call.name}(${call.star ? "*" : "DISTINCT"})`);
  return translateFunction(call.name, args, context);
}

function translateAggregate(
  call: Call,
  given: readonly Typed[],
  context: TranslateContext,
  scope: Scope,
): Typed {
  const args = argumentsOf(call.name, given);
  if (call.name === "avg" && args[0]?.sort === "decimal") throw unsupported("avg of a DECIMAL");
  const order = translateOrder(call.orderBy, context, scope);
  const sql = `${aggregateName(call.name)}(${call.distinct ? "DISTINCT " : ""}${aggregated(call, args, context, scope)}${order})`;
  return { sql: `${sql}${withoutNulls(call, args)}`, sort: resultOf(call.name, args) };
}

function aggregated(call: Call, args: readonly Typed[], context: TranslateContext, scope: Scope): string {
  const list = args.map(({ sql }) => sql).join(", ");
  if (call.star) return "*";
  if (call.name === "group_concat") {
    const separator = call.separator ? translateExpression(call.separator, context, scope) : "', '";
    return `CAST(${args.map((one) => asText(one).sql).join(" || ")} AS VARCHAR), ${separator}`;
  }
  if (call.name !== "count" || args.length < 2) return list;
  if (!call.distinct) throw unsupported("count of several columns without DISTINCT");
  return `(${list})`;
}

/** A combination with a NULL in it is not counted. */
function withoutNulls(call: Call, args: readonly Typed[]): string {
  if (call.name !== "count" || args.length < 2) return "";
  return ` FILTER (WHERE ${args.map(({ sql }) => `${sql} IS NOT NULL`).join(" AND ")})`;
}
