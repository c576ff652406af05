import { parseExpression } from "./expression.ts";
import { type PartitionBy, parsePartitionBy } from "./partition-by.ts";
import type { TypeName } from "./query-ast.ts";
import { parseTableIndex, type TableIndex } from "./table-index.ts";
import type { Tokens } from "./tokens.ts";
import { parseType } from "./types.ts";

export type ColumnDefinition = Readonly<{
  name: string;
  type: TypeName;
  key: boolean;
  aggregation?: string;
  nullable?: boolean;
  autoIncrement: boolean;
  default?: ColumnDefault;
  generated?: string;
  comment: string;
}>;

export type DistributedBy = Readonly<{
  kind: "HASH" | "RANDOM";
  columns: readonly string[];
  buckets?: number;
}>;

export type CreateTable = Readonly<{
  ifNotExists: boolean;
  name: readonly string[];
  columns: readonly ColumnDefinition[];
  indexes: readonly TableIndex[];
  keys?: Readonly<{ type: KeysType; columns: readonly string[] }>;
  partitionBy?: PartitionBy;
  distributedBy?: DistributedBy;
  orderBy?: readonly string[];
  comment: string;
  properties: Readonly<Record<string, string>>;
}>;

/** After `CREATE TABLE`. */
export function parseCreateTable(tokens: Tokens): CreateTable {
  const ifNotExists = tokens.accept("IF", "NOT", "EXISTS");
  const name = tokens.qualifiedName();
  const items = tokens.parenthesised(() => tokens.list(() => parseItem(tokens)));
  const columns = items.flatMap(({ column }) => column ?? []);
  const indexes = items.flatMap(({ index }) => index ?? []);
  if (tokens.acceptOperator("=") || tokens.accept("ENGINE")) {
    tokens.acceptOperator("=");
    tokens.expect("OLAP");
  }
  const keys = parseKeys(tokens);
  let comment = parseComment(tokens);
  const partitionBy = tokens.accept("PARTITION", "BY") ? parsePartitionBy(tokens) : undefined;
  const distributedBy = parseDistributedBy(tokens);
  const orderBy = tokens.accept("ORDER", "BY") ? nameList(tokens) : undefined;
  comment = parseComment(tokens) || comment;
  const properties = tokens.accept("PROPERTIES") ? parseProperties(tokens) : {};
  return {
    ifNotExists,
    name,
    columns,
    indexes,
    comment,
    properties,
    ...(keys && { keys }),
    ...(partitionBy && { partitionBy }),
    ...(distributedBy && { distributedBy }),
    ...(orderBy && { orderBy }),
  };
}

/** A column, or an index (which is no name without quotes). */
function parseItem(tokens: Tokens): { column?: ColumnDefinition; index?: TableIndex } {
  return tokens.accept("INDEX") ? { index: parseTableIndex(tokens) } : { column: parseColumn(tokens) };
}

export const nameList = (tokens: Tokens): string[] =>
  tokens.parenthesised(() => tokens.list(() => tokens.identifier()));

const parseComment = (tokens: Tokens): string => (tokens.accept("COMMENT") ? tokens.string() : "");

function parseKeys(tokens: Tokens): CreateTable["keys"] {
  const type = (["DUPLICATE", "AGGREGATE", "UNIQUE", "PRIMARY"] as const).find((word) =>
    tokens.accept(word, "KEY"),
  );
  return type ? { type, columns: nameList(tokens) } : undefined;
}

export function parseDistributedBy(tokens: Tokens): DistributedBy | undefined {
  if (!tokens.accept("DISTRIBUTED", "BY")) return undefined;
  const random = tokens.accept("RANDOM");
  if (!random) tokens.expect("HASH");
  const columns = random ? [] : nameList(tokens);
  const buckets = tokens.accept("BUCKETS") ? tokens.integer() : undefined;
  return { kind: random ? "RANDOM" : "HASH", columns, ...(buckets !== undefined && { buckets }) };
}

/** `PROPERTIES` was read: `("k" = "v", ...)`. */
export function parseProperties(tokens: Tokens): Record<string, string> {
  const pairs = tokens.parenthesised(() =>
    tokens.list(() => {
      const key = tokens.string();
      tokens.expectOperator("=");
      return [key, tokens.string()] as const;
    }),
  );
  return Object.fromEntries(pairs);
}

const aggregations = [
  "SUM",
  "MIN",
  "MAX",
  "REPLACE",
  "REPLACE_IF_NOT_NULL",
  "BITMAP_UNION",
  "HLL_UNION",
  "PERCENTILE_UNION",
];

export function parseColumn(tokens: Tokens): ColumnDefinition {
  const name = tokens.identifier();
  const type = parseType(tokens);
  if (tokens.accept("CHARSET") || tokens.accept("CHARACTER", "SET")) tokens.identifier();
  const key = tokens.accept("KEY");
  const aggregation = tokens.acceptAny(...aggregations);
  return {
    name,
    type,
    key,
    ...(aggregation && { aggregation }),
    ...parseColumnOptions(tokens),
  };
}

type ColumnOptions = Omit<ColumnDefinition, "name" | "type" | "key" | "aggregation">;

/** In any order; the last of a kind counts. */
function parseColumnOptions(tokens: Tokens): ColumnOptions {
  let options: ColumnOptions = { autoIncrement: false, comment: "" };
  for (;;) {
    const option = parseColumnOption(tokens);
    if (!option) return options;
    options = { ...options, ...option };
  }
}

function parseColumnOption(tokens: Tokens): Partial<ColumnOptions> | undefined {
  if (tokens.accept("NOT", "NULL")) return { nullable: false };
  if (tokens.accept("NULL")) return { nullable: true };
  if (tokens.accept("AUTO_INCREMENT")) return { autoIncrement: true };
  if (tokens.accept("DEFAULT")) return { default: parseDefault(tokens) };
  if (tokens.accept("COMMENT")) return { comment: tokens.string() };
  if (tokens.accept("AS")) return { generated: parseGenerated(tokens) };
  return undefined;
}

/** The text of the expression after AS. */
function parseGenerated(tokens: Tokens): string {
  const first = tokens.peek();
  parseExpression(tokens);
  return tokens.textSince(first);
}

function parseDefault(tokens: Tokens): ColumnDefault {
  if (tokens.accept("NULL")) return { kind: "literal", value: null };
  if (tokens.accept("CURRENT_TIMESTAMP")) {
    if (tokens.acceptOperator("(")) tokens.expectOperator(")");
    return { kind: "now" };
  }
  if (tokens.acceptOperator("(")) {
    tokens.expect("UUID");
    tokens.expectOperator("(");
    tokens.expectOperator(")");
    tokens.expectOperator(")");
    return { kind: "uuid" };
  }
  return { kind: "literal", value: tokens.string() };
}

export type KeysType = "DUPLICATE" | "AGGREGATE" | "UNIQUE" | "PRIMARY";

export type ColumnDefault = Readonly<
  { kind: "literal"; value: string | null } | { kind: "now" } | { kind: "uuid" }
>;
