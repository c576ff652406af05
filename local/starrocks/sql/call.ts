import { parseExpression } from "./expression.ts";
import { parseOrderBy, parseQuery } from "./query.ts";
import type { Call, Expr, OrderItem, Window } from "./query-ast.ts";
import type { Tokens } from "./tokens.ts";
import { parseType } from "./types.ts";

/** Words with a syntax of their own: literals, CASE, CAST, EXISTS, INTERVAL, CURRENT_TIMESTAMP. */
export function parseSpecial(tokens: Tokens): Expr | undefined {
  if (tokens.peek().kind !== "word") return undefined;
  if (tokens.accept("CASE")) return parseCase(tokens);
  const literal = parseWordLiteral(tokens);
  if (literal) return literal;
  if (tokens.isWord("EXISTS") || tokens.areWords("NOT", "EXISTS")) {
    const not = tokens.accept("NOT");
    tokens.expect("EXISTS");
    const exists: Expr = { kind: "exists", query: tokens.parenthesised(() => parseQuery(tokens)) };
    return not ? { kind: "unary", operator: "NOT", operand: exists } : exists;
  }
  if (tokens.isWord("INTERVAL") && !tokens.isOperator("(", 1)) {
    tokens.next();
    const amount = parseExpression(tokens);
    return { kind: "interval", amount, unit: tokens.next().value };
  }
  if ((tokens.isWord("CAST") || tokens.isWord("CONVERT")) && tokens.isOperator("(", 1))
    return parseCast(tokens);
  const now = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "LOCALTIMESTAMP", "CURRENT_USER"].find((word) =>
    tokens.isWord(word),
  );
  if (now && !tokens.isOperator("(", 1)) {
    tokens.next();
    return call(now.toLowerCase(), []);
  }
  return undefined;
}

/** `NULL`, `TRUE`, `FALSE`, `DEFAULT`, `DATE '…'` and its like. */
function parseWordLiteral(tokens: Tokens): Expr | undefined {
  if (tokens.accept("NULL")) return { kind: "null" };
  if (tokens.accept("TRUE")) return { kind: "boolean", value: true };
  if (tokens.accept("FALSE")) return { kind: "boolean", value: false };
  if (tokens.isWord("DEFAULT") && !tokens.isOperator("(", 1)) {
    tokens.next();
    return { kind: "default" };
  }
  if (!["DATE", "DATETIME", "TIMESTAMP"].some((word) => tokens.isWord(word))) return undefined;
  if (tokens.peek(1).kind !== "string") return undefined;
  const type = tokens.next().value === "DATE" ? "DATE" : "DATETIME";
  return { kind: "temporal", type, value: tokens.string() };
}

const call = (name: string, args: readonly Expr[]): Call => ({
  kind: "call",
  name,
  args,
  distinct: false,
  star: false,
  orderBy: [],
});

function parseCase(tokens: Tokens): Expr {
  const operand = tokens.isWord("WHEN") ? undefined : parseExpression(tokens);
  const whens: [Expr, Expr][] = [];
  while (tokens.accept("WHEN")) {
    const when = parseExpression(tokens);
    tokens.expect("THEN");
    whens.push([when, parseExpression(tokens)]);
  }
  if (whens.length === 0) throw tokens.unexpected("WHEN");
  const otherwise = tokens.accept("ELSE") ? parseExpression(tokens) : undefined;
  tokens.expect("END");
  return { kind: "case", whens, ...(operand && { operand }), ...(otherwise && { otherwise }) };
}

function parseCast(tokens: Tokens): Expr {
  const convert = tokens.isWord("CONVERT");
  tokens.next();
  tokens.expectOperator("(");
  const operand = parseExpression(tokens);
  if (convert) tokens.expectOperator(",");
  else tokens.expect("AS");
  const type = parseType(tokens);
  tokens.expectOperator(")");
  return { kind: "cast", operand, type };
}

/** `name(args)`; reserved words such as LEFT or REPLACE are functions when a parenthesis follows. */
export function parseCall(tokens: Tokens): Expr | undefined {
  const token = tokens.peek();
  if ((token.kind !== "word" && token.kind !== "quoted") || !tokens.isOperator("(", 1)) return undefined;
  if (["SELECT", "IN", "NOT", "AND", "OR", "VALUES"].includes(token.value)) return undefined;
  tokens.next();
  tokens.expectOperator("(");
  const name = (token.kind === "quoted" ? token.value : token.text).toLowerCase();
  const distinct = tokens.accept("DISTINCT");
  const star = tokens.acceptOperator("*");
  const unit =
    /^timestamp(diff|add)$/.test(name) && tokens.peek().kind === "word" && tokens.isOperator(",", 1);
  const args = star || tokens.isOperator(")") ? [] : parseArguments(tokens, unit);
  const orderBy: readonly OrderItem[] = parseOrderBy(tokens);
  const separator = tokens.accept("SEPARATOR") ? parseExpression(tokens) : undefined;
  tokens.expectOperator(")");
  const over = tokens.accept("OVER") ? tokens.parenthesised(() => parseWindow(tokens)) : undefined;
  return {
    kind: "call",
    name,
    args,
    distinct,
    star,
    orderBy,
    ...(separator && { separator }),
    ...(over && { over }),
  };
}

/** `timestampdiff(SECOND, a, b)` takes a bare unit first. */
function parseArguments(tokens: Tokens, unit: boolean): Expr[] {
  if (!unit) return tokens.list(() => parseExpression(tokens));
  const first: Expr = { kind: "string", value: tokens.next().value };
  tokens.expectOperator(",");
  return [first, ...tokens.list(() => parseExpression(tokens))];
}

function parseWindow(tokens: Tokens): Window {
  const partitionBy = tokens.accept("PARTITION", "BY") ? tokens.list(() => parseExpression(tokens)) : [];
  const orderBy = parseOrderBy(tokens);
  const start = tokens.peek();
  if (!tokens.isWord("ROWS") && !tokens.isWord("RANGE")) return { partitionBy, orderBy };
  while (!tokens.isOperator(")") && tokens.peek().kind !== "end") tokens.next();
  return { partitionBy, orderBy, frame: tokens.textSince(start) };
}
