import type { TypeName } from "./query-ast.ts";
import type { Tokens } from "./tokens.ts";

const plain = new Set([
  "BOOLEAN",
  "TINYINT",
  "SMALLINT",
  "INT",
  "BIGINT",
  "LARGEINT",
  "FLOAT",
  "DOUBLE",
  "DECIMAL",
  "DATE",
  "DATETIME",
  "CHAR",
  "VARCHAR",
  "STRING",
  "JSON",
  "VARBINARY",
  "BITMAP",
  "HLL",
  "PERCENTILE",
  "ARRAY",
  "MAP",
  "STRUCT",
  "SIGNED",
]);

const synonyms: Record<string, string> = {
  INTEGER: "INT",
  TEXT: "STRING",
  BOOL: "BOOLEAN",
  BINARY: "VARBINARY",
  DECIMALV2: "DECIMAL",
  DECIMAL32: "DECIMAL",
  DECIMAL64: "DECIMAL",
  DECIMAL128: "DECIMAL",
  NUMERIC: "DECIMAL",
  SIGNED: "BIGINT",
};

/** A column or cast type; element types of MAP and STRUCT are skipped, as they are refused later anyway. */
export function parseType(tokens: Tokens): TypeName {
  const token = tokens.next();
  const name = synonyms[token.value] ?? token.value;
  if (token.kind !== "word" || !plain.has(name)) {
    tokens.rewind(tokens.position - 1);
    throw tokens.unexpected("a data type");
  }
  const parameters: number[] = [];
  if (name === "ARRAY") {
    tokens.expectOperator("<");
    const element = parseType(tokens);
    tokens.expectOperator(">");
    return { name, parameters, element };
  }
  if (tokens.acceptOperator("<")) skipElementType(tokens);
  if (tokens.acceptOperator("(")) {
    if (!tokens.acceptOperator("*")) parameters.push(...tokens.list(() => tokens.integer()));
    tokens.expectOperator(")");
  }
  tokens.accept("SIGNED") || tokens.accept("INTEGER");
  return { name, parameters };
}

function skipElementType(tokens: Tokens): void {
  for (let depth = 1; depth > 0; ) {
    const token = tokens.next();
    if (token.kind === "end") throw tokens.unexpected("'>'");
    if (token.text === "<") depth += 1;
    if (token.text === ">") depth -= 1;
    if (token.text === ">>") depth -= 2;
  }
}
