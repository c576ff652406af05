import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBScalarFunction,
  type DuckDBVector,
  VARCHAR,
} from "@duckdb/node-api";

const token = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g;

/**
 * Valid JSON as StarRocks prints it: a space after `,` and `:`, and keys in order, as its binary form keeps them.
 * Integers keep all their digits.
 */
export function normalJson(text: string): string {
  const tokens = text.match(token) ?? [];
  let at = 0;
  const list = <T>(close: string, item: () => T): T[] => {
    const items: T[] = [];
    while (at < tokens.length && tokens[at] !== close) {
      items.push(item());
      if (tokens[at] === ",") at += 1;
    }
    at += 1;
    return items;
  };
  const member = (): readonly [key: string, value: string] => {
    const key = value();
    at += 1;
    return [key, value()];
  };
  const value = (): string => {
    const start = tokens[at] ?? "null";
    at += 1;
    if (start === "[") return `[${list("]", value).join(", ")}]`;
    if (start !== "{") return scalar(start);
    const members = list("}", member).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${members.map(([key, one]) => `${key}: ${one}`).join(", ")}}`;
  };
  return value();
}

const scalar = (text: string): string =>
  /^-?\d+$/.test(text) ? text : JSON.stringify(JSON.parse(text) as unknown);

/** The function of this name in SQL. */
export function registerNormalJson(connection: DuckDBConnection): void {
  const mainFunction = (_info: unknown, input: DuckDBDataChunk, output: DuckDBVector): void => {
    const texts = input.getColumnVector(0);
    for (let row = 0; row < input.rowCount; row += 1) {
      const text = texts.getItem(row);
      output.setItem(row, text === null ? null : normalJson(String(text)));
    }
    output.flush();
  };
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: "normal_json",
      parameterTypes: [VARCHAR],
      returnType: VARCHAR,
      mainFunction,
    }),
  );
}
