import type { Catalog } from "../../catalog/catalog.ts";
import { type PhysicalPartition, readPartitions } from "../../starrocks/observe/partitions.ts";
import { name, qualified } from "../../starrocks/quote.ts";
import { count } from "../../starrocks/row.ts";

/** The partitions of a table without hidden and temporary ones. */
export async function realPartitions(
  catalog: Catalog,
  database: string,
  table: string,
): Promise<readonly PhysicalPartition[]> {
  const listed = await readPartitions(catalog.session, [{ database, tables: [table] }]);
  return listed.filter((partition) => !partition.temporary && !partition.partition.startsWith("$"));
}

/** Rows of a table, or of some of its partitions. */
export async function countRows(
  catalog: Catalog,
  database: string,
  table: string,
  partitions?: readonly string[],
): Promise<number> {
  const clause = partitions === undefined ? "" : ` PARTITION (${partitions.map(name).join(", ")})`;
  const [row] = await catalog.session.query(
    `SELECT count(*) AS row_count FROM ${qualified(database, table)}${clause}`,
    `count the rows of ${database}.${table}`,
  );
  return row === undefined ? 0 : count(row, "row_count");
}
