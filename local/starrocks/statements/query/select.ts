import type { DuckDBResult } from "@duckdb/node-api";
import type { Result } from "../../basics/result.ts";
import { duckError } from "../../duckdb/duck-error.ts";
import { translateQuery } from "../../duckdb/translate/query.ts";
import { cellConverter, wireType } from "../../duckdb/wire-values.ts";
import type { Context } from "../../engine/context.ts";
import { parseQuery } from "../../sql/query.ts";
import type { Tokens } from "../../sql/tokens.ts";
import { translation } from "./translation.ts";

/** `SELECT …`, `WITH …`, `(SELECT …)` */
export async function select(tokens: Tokens, context: Context): Promise<Result> {
  const query = parseQuery(tokens);
  tokens.expectEnd();
  const { result, wide } = await context.cluster.look(async () => {
    const self = translation(context);
    const sql = translateQuery(query, self);
    context.session.reader ??= await context.cluster.duck.connect();
    return {
      result: await context.session.reader.stream(sql),
      wide: self.wide || /largeint/i.test(tokens.sql),
    };
  });
  const columns = result
    .columnNames()
    .map((name, index) => ({ name, ...wireType(result.columnType(index), wide) }));
  return { kind: "rows", columns, batches: batches(result, wide, context.session.id) };
}

async function* batches(result: DuckDBResult, wide: boolean, connection: number) {
  const converters = result.columnTypes().map((type) => cellConverter(type, wide));
  try {
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      const columns = converters.map((convert, index) => chunk.getColumnValues(index).map(convert));
      yield Array.from({ length: chunk.rowCount }, (_, row) => columns.map((column) => column[row] ?? null));
    }
  } catch (error) {
    throw duckError(error, connection);
  }
}
