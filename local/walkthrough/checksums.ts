import type { Client } from "./client.ts";

/** Checksum of every partition of some tables, by `table.partition`: row count and a hash of all columns of all rows. */
export type Checksums = ReadonlyMap<string, string>;

interface Measured {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Reads every row. The order of rows does not matter; the order and the limits of columns do. */
export async function checksums(client: Client, tables: readonly string[]): Promise<Checksums> {
  const sums = new Map<string, string>();
  for (const table of tables) {
    const columns = (
      await client.rows(`SELECT COLUMN_NAME AS name FROM information_schema.columns
      WHERE TABLE_SCHEMA = 'sales_db' AND TABLE_NAME = '${table}' ORDER BY ORDINAL_POSITION`)
    ).map((row) => String(row["name"]));
    for (const partition of await partitionNames(client, table)) {
      sums.set(`${table}.${partition}`, await checksum(client, { table, columns }, partition));
    }
  }
  return sums;
}

/** The partitions of a table, without hidden ones. */
export async function partitionNames(client: Client, table: string): Promise<readonly string[]> {
  const rows =
    await client.rows(`SELECT DISTINCT PARTITION_NAME AS name FROM information_schema.partitions_meta
    WHERE DB_NAME = 'sales_db' AND TABLE_NAME = '${table}' AND IS_TEMP = 0 ORDER BY name`);
  return rows.map((row) => String(row["name"])).filter((name) => !name.startsWith("$"));
}

async function checksum(client: Client, { table, columns }: Measured, partition: string): Promise<string> {
  // A separator tells ('ab', 'c') from ('a', 'bc'), a marker tells NULL from an empty text.
  const parts = columns.map((column) => `ifnull(cast(\`${column}\` AS string), '\\\\N'), '|'`);
  const [row] =
    await client.rows(`SELECT count(*) AS n, sum(cast(xx_hash3_64(${parts.join(", ")}) AS largeint)) AS h
    FROM sales_db.\`${table}\` PARTITION (\`${partition}\`)`);
  return `${row?.["n"]} rows, ${row?.["h"]}`;
}

/** What differs, one sentence each; empty when everything is equal. */
export function differences(expected: Checksums, actual: Checksums): readonly string[] {
  const changed = [...expected].flatMap(([partition, sum]) => {
    const now = actual.get(partition);
    if (now === undefined) return [`${partition} is missing`];
    return now === sum ? [] : [`${partition} has ${now} instead of ${sum}`];
  });
  const extra = [...actual.keys()].filter((partition) => !expected.has(partition));
  return [...changed, ...extra.map((partition) => `${partition} should not be there`)];
}
