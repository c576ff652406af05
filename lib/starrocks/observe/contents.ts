import { name, qualified } from "../quote.ts";
import { count, text } from "../row.ts";
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

/** What SHOW CREATE TABLE prints. */
export async function readCreateTable(session: Session, database: string, table: string): Promise<string> {
  const [row] = await session.query(
    `SHOW CREATE TABLE ${qualified(database, table)}`,
    `read the partitions of ${table}`,
  );
  return row === undefined ? "" : text(row, "Create Table");
}
