import { name, qualified } from "../quote.ts";
import { count, optionalText } from "../row.ts";
import type { Session } from "../session.ts";

/** Rows of a table, or of some of its partitions. */
export async function countRows(
  session: Session,
  database: string,
  table: string,
  partitions?: readonly string[],
): Promise<number> {
  const clause = partitions === undefined ? "" : ` PARTITION (${partitions.map(name).join(", ")})`;
  const [row] = await session.query(
    `SELECT count(*) AS row_count FROM ${qualified(database, table)}${clause}`,
    `count the rows of ${database}.${table}`,
  );
  return row === undefined ? 0 : count(row, "row_count");
}

/** The highest value of a column of whole numbers; undefined for a table without rows. */
export async function readHighest(
  session: Session,
  database: string,
  table: string,
  column: string,
): Promise<bigint | undefined> {
  const [row] = await session.query(
    `SELECT CAST(max(${name(column)}) AS STRING) AS highest FROM ${qualified(database, table)}`,
    `find the highest ${column} of ${database}.${table}`,
  );
  const highest = row === undefined ? undefined : optionalText(row, "highest");
  return highest === undefined ? undefined : BigInt(highest);
}
