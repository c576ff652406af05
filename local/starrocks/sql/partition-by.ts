import { nameList } from "./create-table.ts";
import type { Tokens } from "./tokens.ts";

export type RangeDefinition =
  | Readonly<{ kind: "less-than"; name: string; ifNotExists: boolean; upper: Bound }>
  | Readonly<{ kind: "fixed"; name: string; ifNotExists: boolean; lower: Bound; upper: Bound }>
  | Readonly<{ kind: "batch"; start: string; end: string; every: number; unit: string | undefined }>;

export type ListDefinition = Readonly<{
  kind: "in";
  name: string;
  ifNotExists: boolean;
  items: readonly (readonly (string | null)[])[];
  multi: boolean;
}>;

export type PartitionDefinition = RangeDefinition | ListDefinition;

export type PartitionBy =
  | Readonly<{ kind: "range"; columns: readonly string[]; partitions: readonly PartitionDefinition[] }>
  | Readonly<{ kind: "list"; columns: readonly string[]; partitions: readonly PartitionDefinition[] }>
  | Readonly<{ kind: "automatic-list"; keys: readonly PartitionKey[] }>
  | (PartitionExpression & Readonly<{ partitions: readonly PartitionDefinition[] }>);

export type PartitionExpression = Readonly<{
  kind: "expression";
  fn: string;
  unit: string;
  column: string;
  text: string;
  every?: number;
}>;

/** What values of an automatic list table are made of. */
export type PartitionKey = Readonly<{ kind: "column"; name: string }> | PartitionExpression;

/** After `PARTITION BY`. */
export function parsePartitionBy(tokens: Tokens): PartitionBy {
  if (tokens.accept("RANGE")) {
    if (tokens.isOperator("(") && tokens.isOperator("(", 2)) {
      const key = tokens.parenthesised(() => parseExpressionKey(tokens));
      return { ...key, partitions: parseDefinitions(tokens) };
    }
    return { kind: "range", columns: nameList(tokens), partitions: parseDefinitions(tokens) };
  }
  if (tokens.accept("LIST"))
    return { kind: "list", columns: nameList(tokens), partitions: parseDefinitions(tokens) };
  if (tokens.isOperator("("))
    return { kind: "automatic-list", keys: tokens.parenthesised(() => parseKeys(tokens)) };
  const keys = parseKeys(tokens);
  const [only] = keys;
  if (keys.length === 1 && only?.kind === "expression")
    return { ...only, partitions: parseDefinitions(tokens) };
  return { kind: "automatic-list", keys };
}

const parseKeys = (tokens: Tokens): PartitionKey[] =>
  tokens.list(() =>
    tokens.isOperator("(", 1) ? parseExpressionKey(tokens) : { kind: "column", name: tokens.identifier() },
  );

/** `date_trunc('day', c)` or `time_slice(c, INTERVAL n unit)`. */
function parseExpressionKey(tokens: Tokens): PartitionExpression {
  const first = tokens.peek();
  const fn = tokens.identifier().toLowerCase();
  if (fn !== "date_trunc" && fn !== "time_slice") throw tokens.unexpected("date_trunc");
  const args = tokens.parenthesised(() =>
    fn === "date_trunc" ? parseTruncation(tokens) : parseSlice(tokens),
  );
  return { kind: "expression", fn, ...args, text: tokens.textSince(first) };
}

function parseTruncation(tokens: Tokens): { unit: string; column: string } {
  const unit = tokens.string().toLowerCase();
  tokens.expectOperator(",");
  return { unit, column: tokens.identifier() };
}

function parseSlice(tokens: Tokens): { unit: string; column: string; every: number } {
  const column = tokens.identifier();
  tokens.expectOperator(",");
  tokens.expect("INTERVAL");
  const every = tokens.integer();
  return { column, every, unit: tokens.next().value.toLowerCase() };
}

function parseDefinitions(tokens: Tokens): PartitionDefinition[] {
  if (!tokens.acceptOperator("(")) return [];
  if (tokens.acceptOperator(")")) return [];
  const definitions = tokens.list(() => parsePartitionDefinition(tokens));
  tokens.expectOperator(")");
  return definitions;
}

/** `PARTITION p VALUES …` or `START (…) END (…) EVERY (…)`. */
export function parsePartitionDefinition(tokens: Tokens): PartitionDefinition {
  if (tokens.isWord("START")) return parseBatch(tokens);
  tokens.expect("PARTITION");
  const ifNotExists = tokens.accept("IF", "NOT", "EXISTS");
  const name = tokens.identifierOrString();
  tokens.expect("VALUES");
  if (tokens.accept("LESS", "THAN")) {
    const upper: Bound = tokens.accept("MAXVALUE") ? "MAX" : parseBound(tokens);
    return { kind: "less-than", name, ifNotExists, upper };
  }
  if (tokens.accept("IN")) return parseIn(tokens, name, ifNotExists);
  tokens.expectOperator("[");
  const lower = parseBound(tokens);
  tokens.expectOperator(",");
  const upper = parseBound(tokens);
  tokens.expectOperator(")");
  return { kind: "fixed", name, ifNotExists, lower, upper };
}

function parseBound(tokens: Tokens): Bound {
  const values = tokens.parenthesised(() => tokens.list(() => parseValue(tokens)));
  return values.length > 0 && values.every((value) => value === "MAXVALUE") ? "MAX" : values;
}

function parseValue(tokens: Tokens): string | null {
  if (tokens.accept("MAXVALUE")) return "MAXVALUE";
  if (tokens.accept("NULL")) return null;
  const minus = tokens.acceptOperator("-") ? "-" : "";
  const token = tokens.peek();
  if (token.kind !== "string" && token.kind !== "number") throw tokens.unexpected("a partition value");
  tokens.next();
  return minus + token.value;
}

function parseIn(tokens: Tokens, name: string, ifNotExists: boolean): ListDefinition {
  tokens.expectOperator("(");
  const multi = tokens.isOperator("(");
  const items = tokens.list(() =>
    multi ? tokens.parenthesised(() => tokens.list(() => parseValue(tokens))) : [parseValue(tokens)],
  );
  tokens.expectOperator(")");
  return { kind: "in", name, ifNotExists, items, multi };
}

function parseBatch(tokens: Tokens): PartitionDefinition {
  tokens.expect("START");
  const start = tokens.parenthesised(() => tokens.string());
  tokens.expect("END");
  const end = tokens.parenthesised(() => tokens.string());
  tokens.expect("EVERY");
  tokens.expectOperator("(");
  const interval = tokens.accept("INTERVAL");
  const every = tokens.integer();
  const unit = interval ? tokens.next().value.toUpperCase() : undefined;
  tokens.expectOperator(")");
  return { kind: "batch", start, end, every, unit };
}

/** One bound of a range: values per column, MIN or MAX. */
export type Bound = readonly (string | null)[] | "MIN" | "MAX";
