import type { Column, Table } from "./model.ts";

const maxColumns = 3;
const maxBytes = 36;

const indexBytes: Readonly<Record<string, number>> = {
  BOOLEAN: 1,
  TINYINT: 1,
  SMALLINT: 2,
  INT: 4,
  BIGINT: 8,
  LARGEINT: 16,
  DATE: 3,
  DATETIME: 8,
  VARCHAR: 20,
  STRING: 20,
};

function bytesOf({ type }: Column): number {
  const [first] = type.parameters;
  if (type.name === "CHAR") return first ?? 1;
  if (type.name === "DECIMAL") return (first ?? 10) <= 9 ? 4 : (first ?? 10) <= 18 ? 8 : 16;
  return indexBytes[type.name] ?? 16;
}

/** What a table is sorted by: ORDER BY's columns, or else its keys. */
function sortColumns({ columns, sortKey }: Table): Column[] {
  if (sortKey.length === 0) return columns.filter((column) => column.key);
  return sortKey.flatMap(
    (name) => columns.find((column) => column.name.toLowerCase() === name.toLowerCase()) ?? [],
  );
}

/** How many of the sort columns are in the sparse index: up to three, 36 bytes and the first text (§6.4 A 5). */
export function shortKeyCount(table: Table): number {
  let [count, bytes] = [0, 0];
  for (const column of sortColumns(table).slice(0, maxColumns)) {
    bytes += bytesOf(column);
    const { name } = column.type;
    const text = name === "VARCHAR" || name === "STRING";
    if (bytes > maxBytes) return text || name === "CHAR" ? count + 1 : count;
    if (name === "FLOAT" || name === "DOUBLE" || column.type.element) return count;
    count += 1;
    if (text) return count;
  }
  return count;
}
