import { SqlError, syntaxError } from "../basics/errors.ts";
import { parseCall, parseSpecial } from "./call.ts";
import { parseQuery } from "./query.ts";
import type { Expr } from "./query-ast.ts";
import type { Tokens } from "./tokens.ts";

/** Binding strength of binary operators, loosest first. `||` is OR in StarRocks' default sql_mode. */
const levels: readonly (readonly string[])[] = [
  ["OR", "||"],
  ["XOR"],
  ["AND", "&&"],
  ["NOT"],
  ["comparison"],
  ["|"],
  ["&"],
  ["^"],
  ["+", "-"],
  ["*", "/", "%", "DIV", "MOD"],
];
const mostAlternatives = 2500;
const notLevel = 3;
const comparisonLevel = 4;
const comparisons = ["<=>", "<=", ">=", "<>", "!=", "=", "<", ">"];

export function parseExpression(tokens: Tokens): Expr {
  return parseLevel(tokens, 0);
}

function parseLevel(tokens: Tokens, level: number): Expr {
  if (level === notLevel) return parseNot(tokens);
  if (level === comparisonLevel) return parsePredicate(tokens);
  const operators = levels[level];
  if (!operators) return parseUnary(tokens);
  let left = parseLevel(tokens, level + 1);
  for (let count = 1; ; count++) {
    // A chain is a tree as deep as it is long, and an FE's stack ends somewhere below 3,000 (§15).
    if (level === 0 && count > mostAlternatives) throw new SqlError("Unknown error");
    const operator = operators.find((one) =>
      /^[A-Z]/.test(one) ? tokens.accept(one) : tokens.acceptOperator(one),
    );
    if (!operator) return left;
    left = { kind: "binary", operator, left, right: parseLevel(tokens, level + 1) };
  }
}

function parseNot(tokens: Tokens): Expr {
  if (tokens.isWord("NOT") && !tokens.isWord("EXISTS", 1)) {
    tokens.next();
    return { kind: "unary", operator: "NOT", operand: parseNot(tokens) };
  }
  return parseLevel(tokens, comparisonLevel);
}

function parsePredicate(tokens: Tokens): Expr {
  let left = parseLevel(tokens, comparisonLevel + 1);
  for (;;) {
    const comparison = comparisons.find((one) => tokens.acceptOperator(one));
    if (comparison) {
      const right = parseLevel(tokens, comparisonLevel + 1);
      left = { kind: "binary", operator: comparison, left, right };
      continue;
    }
    const special = parseSpecialPredicate(tokens, left);
    if (!special) return left;
    left = special;
  }
}

/** After `IS`. */
function parseIs(tokens: Tokens, operand: Expr): Expr {
  const not = tokens.accept("NOT");
  if (tokens.accept("NULL")) return { kind: "is-null", operand, not };
  const value = tokens.acceptAny("TRUE", "FALSE");
  if (!value) throw tokens.unexpected("NULL");
  const test: Expr = {
    kind: "binary",
    operator: "<=>",
    left: operand,
    right: { kind: "boolean", value: value === "TRUE" },
  };
  return not ? { kind: "unary", operator: "NOT", operand: test } : test;
}

function parseSpecialPredicate(tokens: Tokens, operand: Expr): Expr | undefined {
  if (tokens.accept("IS")) return parseIs(tokens, operand);
  const not =
    tokens.isWord("NOT") && ["IN", "BETWEEN", "LIKE", "REGEXP", "RLIKE"].some((w) => tokens.isWord(w, 1));
  if (not) tokens.next();
  if (tokens.accept("BETWEEN")) {
    const low = parseLevel(tokens, comparisonLevel + 1);
    tokens.expect("AND");
    return { kind: "between", operand, low, high: parseLevel(tokens, comparisonLevel + 1), not };
  }
  if (tokens.accept("IN")) {
    tokens.expectOperator("(");
    const query = tokens.isWord("SELECT") || tokens.isWord("WITH");
    const list = query ? parseQuery(tokens) : tokens.list(() => parseExpression(tokens));
    tokens.expectOperator(")");
    if (!("body" in list)) checkListLength(list.length);
    return { kind: "in", operand, list, not };
  }
  const like = tokens.acceptAny("LIKE", "REGEXP", "RLIKE");
  if (!like) return undefined;
  return {
    kind: "like",
    operand,
    pattern: parseLevel(tokens, comparisonLevel + 1),
    regexp: like !== "LIKE",
    not,
  };
}

const maxExpressions = 10_000;

/** Session variable expr_children_limit (§1.6). */
function checkListLength(length: number): void {
  if (length <= maxExpressions) return;
  throw syntaxError(
    `The number of exprs are ${length} exceeded the maximum limit ${maxExpressions}, please consider modify 'expr_children_limit' in FE conf`,
  );
}

function parseUnary(tokens: Tokens): Expr {
  for (const operator of ["-", "+", "~", "!"]) {
    if (tokens.acceptOperator(operator)) {
      return { kind: "unary", operator: operator === "!" ? "NOT" : operator, operand: parseUnary(tokens) };
    }
  }
  return parsePrimary(tokens);
}

function parsePrimary(tokens: Tokens): Expr {
  const token = tokens.peek();
  if (token.kind === "number") {
    tokens.next();
    return { kind: "number", text: token.text };
  }
  if (token.kind === "string") {
    tokens.next();
    let value = token.value;
    while (tokens.peek().kind === "string") value += tokens.next().value;
    return { kind: "string", value };
  }
  if (token.kind === "variable") {
    tokens.next();
    return { kind: "variable", name: token.value };
  }
  if (tokens.acceptOperator("(")) return parseParenthesised(tokens);
  if (tokens.acceptOperator("[")) {
    const items = tokens.isOperator("]") ? [] : tokens.list(() => parseExpression(tokens));
    tokens.expectOperator("]");
    return { kind: "array", items };
  }
  const special = parseSpecial(tokens) ?? parseCall(tokens);
  if (special) return special;
  return { kind: "column", parts: tokens.qualifiedName(), token };
}

function parseParenthesised(tokens: Tokens): Expr {
  if (tokens.isWord("SELECT") || tokens.isWord("WITH")) {
    const query = parseQuery(tokens);
    tokens.expectOperator(")");
    return { kind: "subquery", query };
  }
  const items = tokens.list(() => parseExpression(tokens));
  tokens.expectOperator(")");
  const [only] = items;
  return only && items.length === 1 ? only : { kind: "row", items };
}
