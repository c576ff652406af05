import { unsupported } from "../basics/errors.ts";
import { parseExpression } from "./expression.ts";
import { parseFrom } from "./from.ts";
import type { Body, Expr, OrderItem, Query, Select, SelectItem } from "./query-ast.ts";
import type { Tokens } from "./tokens.ts";

export function parseQuery(tokens: Tokens): Query {
  const ctes = tokens.accept("WITH") ? tokens.list(() => parseCte(tokens)) : [];
  const body = parseBody(tokens);
  const orderBy = parseOrderBy(tokens);
  return { with: ctes, body, orderBy, ...parseLimit(tokens) };
}

function parseCte(tokens: Tokens) {
  const name = tokens.identifier();
  const columns = tokens.isOperator("(")
    ? tokens.parenthesised(() => tokens.list(() => tokens.identifier()))
    : undefined;
  tokens.expect("AS");
  const query = tokens.parenthesised(() => parseQuery(tokens));
  return { name, query, ...(columns && { columns }) };
}

function parseLimit(tokens: Tokens): { limit?: string; offset?: string } {
  if (!tokens.accept("LIMIT")) return {};
  const first = rowCount(tokens);
  if (tokens.acceptOperator(",")) return { offset: first, limit: rowCount(tokens) };
  if (tokens.accept("OFFSET")) return { limit: first, offset: rowCount(tokens) };
  return { limit: first };
}

/** The FE reads it as a BIGINT. */
function rowCount(tokens: Tokens): string {
  const { text } = tokens.peek();
  tokens.integer();
  if (BigInt(text) >= 2n ** 63n) throw unsupported(`LIMIT ${text}`);
  return text;
}

export function parseOrderBy(tokens: Tokens): OrderItem[] {
  if (!tokens.accept("ORDER", "BY")) return [];
  return tokens.list(() => {
    const expr = parseExpression(tokens);
    const descending = tokens.acceptAny("ASC", "DESC") === "DESC";
    const nulls = tokens.accept("NULLS") ? tokens.acceptAny("FIRST", "LAST") : undefined;
    return { expr, descending, ...(nulls === "FIRST" || nulls === "LAST" ? { nulls } : {}) };
  });
}

function parseBody(tokens: Tokens): Body {
  let left = parseTerm(tokens);
  for (;;) {
    const operator = tokens.acceptAny("UNION", "EXCEPT", "MINUS", "INTERSECT");
    if (!operator) return left;
    const all = tokens.acceptAny("ALL", "DISTINCT") === "ALL";
    const name = operator === "MINUS" ? "EXCEPT" : operator;
    left = { kind: "set", operator: all ? `${name} ALL` : name, left, right: parseTerm(tokens) };
  }
}

function parseTerm(tokens: Tokens): Body {
  if (tokens.acceptOperator("(")) {
    const query = parseQuery(tokens);
    tokens.expectOperator(")");
    return { kind: "nested", query };
  }
  if (tokens.accept("VALUES")) return { kind: "values", rows: tokens.list(() => parseRow(tokens)) };
  return parseSelect(tokens);
}

export function parseRow(tokens: Tokens): Expr[] {
  return tokens.parenthesised(() => tokens.list(() => parseExpression(tokens)));
}

function parseSelect(tokens: Tokens): Select {
  tokens.expect("SELECT");
  const distinct = tokens.acceptAny("DISTINCT", "ALL") === "DISTINCT";
  const items = tokens.list(() => parseItem(tokens));
  const from = tokens.accept("FROM") ? (tokens.accept("DUAL") ? undefined : parseFrom(tokens)) : undefined;
  const where = tokens.accept("WHERE") ? parseExpression(tokens) : undefined;
  const groupBy = tokens.accept("GROUP", "BY") ? parseGroupBy(tokens) : [];
  const having = tokens.accept("HAVING") ? parseExpression(tokens) : undefined;
  return {
    kind: "select",
    distinct,
    items,
    groupBy,
    ...(from && { from }),
    ...(where && { where }),
    ...(having && { having }),
  };
}

function parseGroupBy(tokens: Tokens): Expr[] {
  // They would pass for functions.
  for (const word of ["CUBE", "ROLLUP"])
    if (tokens.isWord(word) && tokens.isOperator("(", 1)) throw unsupported(`GROUP BY ${word}`);
  return tokens.list(() => parseExpression(tokens));
}

/** `t.*` or `db.t.*`: what stands before the star; without a star nothing is read. */
function parseStarQualifier(tokens: Tokens): string[] | undefined {
  if (!tokens.isIdentifier()) return undefined;
  const start = tokens.position;
  const qualifier = [tokens.identifier()];
  while (tokens.acceptOperator(".")) {
    if (tokens.acceptOperator("*")) return qualifier;
    if (!tokens.isIdentifier()) break;
    qualifier.push(tokens.identifier());
  }
  tokens.rewind(start);
  return undefined;
}

function parseItem(tokens: Tokens): SelectItem {
  if (tokens.acceptOperator("*")) return { kind: "star", qualifier: [] };
  const qualifier = parseStarQualifier(tokens);
  if (qualifier) return { kind: "star", qualifier };
  const first = tokens.peek();
  const expr = parseExpression(tokens);
  const text = tokens.textSince(first);
  if (tokens.accept("AS")) return { kind: "expr", expr, name: tokens.identifierOrString(), aliased: true };
  if (tokens.isIdentifier()) return { kind: "expr", expr, name: tokens.identifier(), aliased: true };
  // Without alias the header is the column's own name or the expression's text.
  const name =
    expr.kind === "column" ? (expr.parts.at(-1) ?? text) : expr.kind === "string" ? `'${expr.value}'` : text;
  return { kind: "expr", expr, name, aliased: false };
}
