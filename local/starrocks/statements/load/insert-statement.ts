import { randomUUID } from "node:crypto";
import { parsePartitionNames } from "../../sql/from.ts";
import { parseQuery } from "../../sql/query.ts";
import type { Query } from "../../sql/query-ast.ts";
import type { Tokens } from "../../sql/tokens.ts";

export type Insert = Readonly<{
  overwrite: boolean;
  name: readonly string[];
  partitions?: readonly string[];
  temporary: boolean;
  label: string;
  columns?: readonly string[];
  query: Query;
}>;

export function parseInsert(tokens: Tokens): Insert {
  const overwriting = tokens.accept("OVERWRITE");
  if (!overwriting) tokens.accept("INTO");
  tokens.accept("TABLE");
  const name = tokens.qualifiedName();
  const head = parsePartitionNames(tokens);
  let label = `insert_${randomUUID()}`;
  if (tokens.accept("WITH", "LABEL")) label = tokens.identifier();
  const ofQuery =
    tokens.isOperator("(", 1) || ["SELECT", "WITH", "VALUES"].some((word) => tokens.isWord(word, 1));
  const named = tokens.isOperator("(") && !ofQuery;
  const columns = named ? tokens.parenthesised(() => tokens.list(() => tokens.identifier())) : undefined;
  if (!head.partitions && tokens.accept("WITH", "LABEL")) label = tokens.identifier();
  const query = parseQuery(tokens);
  tokens.expectEnd();
  return { overwrite: overwriting, name, label, query, ...head, ...(columns && { columns }) };
}
