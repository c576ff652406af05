import { analysisError, unsupported } from "../basics/errors.ts";
import { type DistributedBy, nameList, parseDistributedBy, parseProperties } from "./create-table.ts";
import { parseQuery } from "./query.ts";
import type { Query } from "./query-ast.ts";
import type { Tokens } from "./tokens.ts";

export type CreateMaterializedView = Readonly<{
  ifNotExists: boolean;
  name: readonly string[];
  columns?: readonly string[];
  comment: string;
  distributedBy?: DistributedBy;
  refresh: string;
  properties: Readonly<Record<string, string>>;
  query: Query;
  sql: string;
}>;

/** After `CREATE MATERIALIZED VIEW`; the clauses between the name and AS come in any order. */
export function parseCreateMaterializedView(tokens: Tokens): CreateMaterializedView {
  const ifNotExists = tokens.accept("IF", "NOT", "EXISTS");
  const name = tokens.qualifiedName();
  const columns = tokens.isOperator("(") ? nameList(tokens) : undefined;
  const comment = tokens.accept("COMMENT") ? tokens.string() : "";
  let distributedBy: DistributedBy | undefined;
  let refresh: string | undefined;
  let properties: Record<string, string> = {};
  while (!tokens.accept("AS")) {
    if (tokens.areWords("DISTRIBUTED", "BY")) distributedBy = parseDistributedBy(tokens);
    else if (tokens.accept("REFRESH")) refresh = parseRefresh(tokens);
    else if (tokens.accept("PROPERTIES")) properties = parseProperties(tokens);
    else throw unknownClause(tokens);
  }
  // Without a refresh scheme it is a synchronous one, part of its table.
  if (refresh === undefined) throw unsupported("A synchronous materialized view");
  const first = tokens.peek();
  const query = parseQuery(tokens);
  const sql = tokens.textSince(first);
  tokens.expectEnd();
  return {
    ifNotExists,
    name,
    comment,
    refresh,
    properties,
    query,
    sql,
    ...(columns && { columns }),
    ...(distributedBy && { distributedBy }),
  };
}

function unknownClause(tokens: Tokens): Error {
  return tokens.isWord("PARTITION") || tokens.isWord("ORDER")
    ? unsupported(`CREATE MATERIALIZED VIEW … ${tokens.peek().text} BY`)
    : tokens.unexpected("AS");
}

/** Nothing here refreshes by itself, so only MANUAL is taken. */
function parseRefresh(tokens: Tokens): string {
  const moment = tokens.acceptAny("IMMEDIATE", "DEFERRED");
  if (!tokens.accept("MANUAL")) throw unsupported(`REFRESH ${tokens.peek().text}`);
  return moment === "DEFERRED" ? "DEFERRED MANUAL" : "MANUAL";
}

export function notAlterable(name: string): Error {
  return analysisError(
    `The '${name}' cannot be alter by 'ALTER TABLE', because it is a materialized view,you can use 'ALTER MATERIALIZED VIEW' to alter it`,
  );
}
