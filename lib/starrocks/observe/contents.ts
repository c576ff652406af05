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

/** Rows to be counted: those of a table, or of some of its partitions. */
export interface Counted {
  readonly table: string;
  /** Undefined: all; of none there is nothing to ask. */
  readonly partitions?: readonly string[] | undefined;
}

/** Counts the rows of several tables of a database, in one statement. @returns the counts in the order of what is counted */
export async function countEach(
  session: Session,
  database: string,
  counted: readonly Counted[],
): Promise<readonly number[]> {
  const asked = counted.flatMap(({ table, partitions }, index) => {
    if (partitions?.length === 0) return [];
    const clause = partitions === undefined ? "" : ` PARTITION (${partitions.map(name).join(", ")})`;
    return [`SELECT ${index} AS counted, count(*) AS row_count FROM ${qualified(database, table)}${clause}`];
  });
  const counts = counted.map(() => 0);
  if (asked.length === 0) return counts;
  const tables = [...new Set(counted.map(({ table }) => `${database}.${table}`))].join(", ");
  for (const row of await session.query(asked.join(" UNION ALL "), `count the rows of ${tables}`))
    counts[count(row, "counted")] = count(row, "row_count");
  return counts;
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
