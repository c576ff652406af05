import { unsupported } from "../errors.ts";
import type { Call, Expr, OrderItem } from "../sql/query-ast.ts";
import { quoteName, quoteText } from "../storage/duck.ts";
import type { TranslateContext } from "./context.ts";
import { aggregateName, translateFunction } from "./functions.ts";
import { type Scope, translateQuery } from "./query.ts";
import { duckType } from "./types.ts";

const binary: Record<string, string> = {
  "!=": "<>",
  "<=>": "IS NOT DISTINCT FROM",
  "||": "OR",
  "&&": "AND",
  DIV: "//",
  MOD: "%",
  XOR: "<>",
};

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

export function translateExpression(expr: Expr, context: TranslateContext, scope: Scope): string {
  const go = (one: Expr): string => translateExpression(one, context, scope);
  const all = (list: readonly Expr[]): string => list.map(go).join(", ");
  switch (expr.kind) {
    case "string":
      return quoteText(expr.value);
    case "number":
      return expr.text;
    case "null":
      return "NULL";
    case "boolean":
      return expr.value ? "true" : "false";
    case "temporal":
      return `${expr.type === "DATE" ? "DATE" : "TIMESTAMP"} ${quoteText(expr.value)}`;
    case "default":
      throw unsupported("DEFAULT here");
    case "column":
      // DuckDB sees one relation per alias, so `db.t.c` is `t.c`.
      return expr.parts.slice(-2).map(quoteName).join(".");
    case "variable":
      return go(context.variable(expr.name));
    case "call":
      return translateCall(expr, context, scope);
    case "unary":
      return expr.operator === "NOT" ? `(NOT ${go(expr.operand)})` : `(${expr.operator}${go(expr.operand)})`;
    case "binary":
      if (expr.operator === "^") return `xor(${go(expr.left)}, ${go(expr.right)})`;
      return `(${chain(expr)
        .map(go)
        .join(` ${binary[expr.operator] ?? expr.operator} `)})`;
    case "between":
      return `(${go(expr.operand)} ${expr.not ? "NOT " : ""}BETWEEN ${go(expr.low)} AND ${go(expr.high)})`;
    case "in": {
      const list = "body" in expr.list ? translateQuery(expr.list, context, scope) : all(expr.list);
      return `(${go(expr.operand)} ${expr.not ? "NOT " : ""}IN (${list}))`;
    }
    case "like": {
      const test = expr.regexp
        ? `regexp_matches(${go(expr.operand)}, ${go(expr.pattern)})`
        : `(${go(expr.operand)} LIKE ${go(expr.pattern)} ESCAPE '\\')`;
      return expr.not ? `(NOT ${test})` : test;
    }
    case "is-null":
      return `(${go(expr.operand)} IS ${expr.not ? "NOT " : ""}NULL)`;
    case "case": {
      const whens = expr.whens.map(([when, then]) => `WHEN ${go(when)} THEN ${go(then)}`).join(" ");
      const otherwise = expr.otherwise ? ` ELSE ${go(expr.otherwise)}` : "";
      return `(CASE ${expr.operand ? `${go(expr.operand)} ` : ""}${whens}${otherwise} END)`;
    }
    case "cast":
      // A cast that cannot be done is NULL in StarRocks.
      return `TRY_CAST(${go(expr.operand)} AS ${duckType(expr.type)})`;
    case "exists":
      return `EXISTS (${translateQuery(expr.query, context, scope)})`;
    case "subquery":
      return `(${translateQuery(expr.query, context, scope)})`;
    case "array":
      return `[${all(expr.items)}]`;
    case "row":
      return `(${all(expr.items)})`;
    case "interval":
      if (!units.has(expr.unit)) throw unsupported(`INTERVAL unit ${expr.unit}`);
      return `INTERVAL (${go(expr.amount)}) ${expr.unit}`;
  }
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

function translateCall(call: Call, context: TranslateContext, scope: Scope): string {
  const args = call.args.map((one) => translateExpression(one, context, scope));
  const aggregate = aggregateName(call.name);
  let sql: string;
  if (!aggregate) {
    if (call.distinct || call.star) throw unsupported(`${call.name}(${call.star ? "*" : "DISTINCT"})`);
    sql = translateFunction(call.name, args, context);
  } else {
    if (call.name === "group_concat") {
      const separator = call.separator ? translateExpression(call.separator, context, scope) : "', '";
      args.splice(0, args.length, `CAST(${args.join(" || ")} AS VARCHAR)`, separator);
    }
    const list = call.star
      ? "*"
      : call.distinct && args.length > 1
        ? `(${args.join(", ")})`
        : args.join(", ");
    const order = translateOrder(call.orderBy, context, scope);
    sql = `${aggregate}(${call.distinct ? "DISTINCT " : ""}${list}${order})`;
  }
  if (!call.over) return sql;
  const partition = call.over.partitionBy.map((one) => translateExpression(one, context, scope)).join(", ");
  const order = translateOrder(call.over.orderBy, context, scope);
  const frame = call.over.frame ? ` ${call.over.frame}` : "";
  return `${sql} OVER (${partition === "" ? "" : `PARTITION BY ${partition}`}${order}${frame})`;
}
