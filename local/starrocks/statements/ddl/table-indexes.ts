import { analysisError, ddlError } from "../../basics/errors.ts";
import type { Context } from "../../engine/context.ts";
import { checkNormal } from "../../engine/table-state.ts";
import type { Column, Table } from "../../metadata/model.ts";
import { parseTableIndex, type TableIndex } from "../../sql/table-index.ts";
import type { Tokens } from "../../sql/tokens.ts";

/** Of CREATE TABLE. */
export function checkIndexes(indexes: readonly TableIndex[], columns: readonly Column[]): TableIndex[] {
  const names = new Set<string>();
  for (const index of indexes) {
    if (names.has(index.name)) throw analysisError("index name must be unique");
    names.add(index.name);
    checkColumns(index, columns);
  }
  return [...indexes];
}

function checkColumns(index: TableIndex, columns: readonly Column[]): void {
  const unknown = index.columns.find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined)
    throw analysisError(`a column does not exist in table. invalid column: ${unknown}`);
}

type Clause = (context: Context, table: Table) => Promise<void>;

/** After `ADD INDEX`: a schema change. */
export function addIndex(tokens: Tokens): Clause {
  const index = parseTableIndex(tokens);
  return async ({ cluster }, table) => {
    checkNormal(table);
    checkColumns(index, table.columns);
    const present = table.indexes ?? [];
    if (present.some((each) => each.name === index.name))
      throw ddlError(`index \`${index.name}\` already exist.`);
    cluster.catalog.touch("relation", table.id);
    table.indexes = [...present, index];
  };
}

/** After `DROP INDEX`. */
export function dropIndex(tokens: Tokens): Clause {
  const name = tokens.identifier();
  return async ({ cluster }, table) => {
    checkNormal(table);
    const present = table.indexes ?? [];
    if (!present.some((each) => each.name === name)) throw ddlError(`index ${name} does not exist`);
    cluster.catalog.touch("relation", table.id);
    table.indexes = present.filter((each) => each.name !== name);
  };
}
