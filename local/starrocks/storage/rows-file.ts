import { quoteName, quoteText } from "../duckdb/duck.ts";
import { duckType } from "../duckdb/translate/types.ts";
import type { Table } from "../metadata/model.ts";
import type { TypeName } from "../sql/query-ast.ts";
import { columnList, dataTable, inPartitions, partitionColumn } from "./rows.ts";
import type { StorageHost } from "./storage-host.ts";

/** Where the rows of a snapshotted physical partition go. */
type Move = Readonly<{ from: number; to: number }>;

/** Parquet knows no integer of 128 bits, and DuckDB would write one as DOUBLE: LARGEINT travels as text, as in §15. */
function fileType(type: TypeName): string {
  if (type.element) return `${fileType(type.element)}[]`;
  return type.name === "LARGEINT" ? "VARCHAR" : duckType(type);
}

/** Writes the rows of these physical partitions, each with the partition it is in. */
export async function writeRowsFile(
  cluster: StorageHost,
  table: Table,
  ids: readonly number[],
  path: string,
): Promise<void> {
  const columns = table.columns.map(({ name, type }) => {
    const own = quoteName(name);
    return `CAST(${own} AS ${fileType(type)}) AS ${own}`;
  });
  const where = ids.length === 0 ? "false" : inPartitions(ids);
  await cluster.duck.run(
    `COPY (SELECT ${[partitionColumn, ...columns].join(", ")} FROM ${dataTable(table)} WHERE ${where})
     TO ${quoteText(path)} (FORMAT parquet)`,
  );
}

/** Adds the file's rows of the partitions that move. */
export async function readRowsFile(
  cluster: StorageHost,
  table: Table,
  moves: readonly Move[],
  path: string,
): Promise<void> {
  const from = moves.map((move) => move.from).join(",");
  const to = moves.map((move) => move.to).join(",");
  const columns = table.columns.map(({ name, type }) => `CAST(${quoteName(name)} AS ${duckType(type)})`);
  await cluster.duck.run(
    `INSERT INTO ${dataTable(table)} (${partitionColumn}, ${columnList(table)}) SELECT m.__to, ${columns.join(", ")}
     FROM read_parquet(${quoteText(path)}) s
     JOIN (SELECT unnest([${from}]::BIGINT[]) AS __from, unnest([${to}]::BIGINT[]) AS __to) m ON m.__from = s.${partitionColumn}`,
  );
}
