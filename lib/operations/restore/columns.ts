import type { Catalog } from "../../catalog/catalog.ts";
import { readColumns } from "../../starrocks/observe/tables.ts";
import { name } from "../../starrocks/quote.ts";

/** A table's columns for an INSERT, quoted; generated ones are computed by it and may not be named. */
export async function insertableColumns(catalog: Catalog, database: string, table: string): Promise<string> {
  const columns = await readColumns(catalog.session, [{ database, tables: [table] }]);
  return columns
    .filter((column) => column.generation === undefined)
    .map((column) => name(column.column))
    .join(", ");
}
