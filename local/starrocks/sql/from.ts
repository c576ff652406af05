import { parseExpression } from "./expression.ts";
import { parseQuery } from "./query.ts";
import type { From, TableRef } from "./query-ast.ts";
import type { Tokens } from "./tokens.ts";

export function parseFrom(tokens: Tokens): From {
  let left = parseJoined(tokens);
  while (tokens.acceptOperator(","))
    left = { kind: "join", join: "CROSS JOIN", left, right: parseJoined(tokens) };
  return left;
}

function parseJoined(tokens: Tokens): From {
  let left = parseRelation(tokens);
  for (;;) {
    const join = parseJoinWord(tokens);
    if (!join) return left;
    const right = parseRelation(tokens);
    const on = tokens.accept("ON") ? parseExpression(tokens) : undefined;
    const using = tokens.accept("USING")
      ? tokens.parenthesised(() => tokens.list(() => tokens.identifier()))
      : undefined;
    left = { kind: "join", join, left, right, ...(on && { on }), ...(using && { using }) };
  }
}

function parseJoinWord(tokens: Tokens): string | undefined {
  if (tokens.accept("CROSS", "JOIN")) return "CROSS JOIN";
  if (tokens.accept("INNER", "JOIN") || tokens.accept("JOIN")) return "JOIN";
  for (const side of ["LEFT", "RIGHT", "FULL"]) {
    if (tokens.accept(side, "OUTER", "JOIN") || tokens.accept(side, "JOIN")) return `${side} JOIN`;
    if (tokens.accept(side, "SEMI", "JOIN") && side === "LEFT") return "SEMI JOIN";
    if (tokens.accept(side, "ANTI", "JOIN") && side === "LEFT") return "ANTI JOIN";
  }
  return undefined;
}

function parseRelation(tokens: Tokens): From {
  if (tokens.acceptOperator("(")) {
    const query = parseQuery(tokens);
    tokens.expectOperator(")");
    const alias = parseAlias(tokens);
    // The FE refuses a derived table without a name.
    if (alias === undefined) throw tokens.unexpected("an alias");
    const columns = tokens.isOperator("(")
      ? tokens.parenthesised(() => tokens.list(() => tokens.identifier()))
      : undefined;
    return { kind: "derived", query, alias, ...(columns && { columns }) };
  }
  if (tokens.areWords("TABLE") && tokens.isOperator("(", 1)) return parseTableFunction(tokens);
  const table = parseTableRef(tokens);
  const alias = parseAlias(tokens);
  return alias === undefined ? table : { ...table, alias };
}

function parseTableFunction(tokens: Tokens): From {
  tokens.expect("TABLE");
  tokens.expectOperator("(");
  tokens.expect("GENERATE_SERIES");
  const args = tokens.parenthesised(() => tokens.list(() => parseExpression(tokens)));
  tokens.expectOperator(")");
  const alias = parseAlias(tokens);
  return { kind: "series", args, ...(alias !== undefined && { alias }) };
}

/** `db.t [[TEMPORARY] PARTITION[S] (p, ...)]` */
export function parseTableRef(tokens: Tokens): TableRef {
  const token = tokens.peek();
  const name = tokens.qualifiedName();
  return { kind: "table", name, token, ...parsePartitionNames(tokens) };
}

/** Partition names may be identifiers, backquoted, or string literals (starrocks.md §1.1). */
export function parsePartitionNames(tokens: Tokens): { partitions?: string[]; temporary: boolean } {
  const temporary = tokens.areWords("TEMPORARY", "PARTITION") || tokens.areWords("TEMPORARY", "PARTITIONS");
  if (temporary) tokens.next();
  if (!temporary && !tokens.isWord("PARTITION") && !tokens.isWord("PARTITIONS")) return { temporary: false };
  tokens.next();
  if (!tokens.isOperator("(")) return { temporary, partitions: [tokens.identifierOrString()] };
  return {
    temporary,
    partitions: tokens.parenthesised(() => tokens.list(() => tokens.identifierOrString())),
  };
}

function parseAlias(tokens: Tokens): string | undefined {
  if (tokens.accept("AS")) return tokens.identifierOrString();
  return tokens.isIdentifier() && !joinWords.has(tokens.peek().value) ? tokens.identifier() : undefined;
}

/** Words that may follow a table and are no aliases although they are not reserved. */
const joinWords = new Set(["TEMPORARY", "PARTITIONS", "OFFSET", "SEMI", "ANTI", "NATURAL"]);
