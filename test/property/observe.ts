import type { Client } from "../support/client.ts";
import { keyOf } from "./shapes.ts";

/** One partition as it is at an instant, read past the product. */
export interface SeenPartition {
  /** Everything StarRocks says of its version. */
  readonly version: string;
  /** All rows, sorted. */
  readonly content: string;
  readonly key: number;
}

export interface SeenTable {
  readonly columns: string;
  readonly comment: string;
  /** By name; hidden ones left out. */
  readonly partitions: ReadonlyMap<string, SeenPartition>;
}

/** All tables of a database, by name. */
export type Seen = ReadonlyMap<string, SeenTable>;

export async function observe(client: Client, database: string): Promise<Seen> {
  const columns = await client.rows(
    `SELECT TABLE_NAME t, group_concat(concat(COLUMN_NAME, ' ', COLUMN_TYPE, ' ', COLUMN_KEY) ORDER BY ORDINAL_POSITION SEPARATOR ',') c
     FROM information_schema.columns WHERE TABLE_SCHEMA = '${database}' GROUP BY TABLE_NAME`,
  );
  const comments = await client.rows(
    `SELECT TABLE_NAME t, TABLE_COMMENT c FROM information_schema.tables WHERE TABLE_SCHEMA = '${database}'`,
  );
  const versions = await partitionVersions(client, database);
  const seen = new Map<string, SeenTable>();
  for (const row of columns) {
    const table = String(row["t"]);
    const found = versions.get(table) ?? new Map<string, Version>();
    const rows = await sortedRows(client, `${database}.${table}`);
    const partitions = new Map(
      [...found].map(([partition, { version, key }]) => [
        partition,
        {
          version,
          key,
          content: (rows.get(found.size === 1 && key === 0 ? undefined : key) ?? []).join("\n"),
        },
      ]),
    );
    const comment = comments.find((each) => each["t"] === table)?.["c"];
    seen.set(table, { columns: String(row["c"]), comment: String(comment), partitions });
  }
  return seen;
}

type Version = Pick<SeenPartition, "version" | "key">;

/** By table and partition. Temporary and hidden partitions are left out. */
export async function partitionVersions(
  client: Client,
  database: string,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Version>>> {
  const rows = await client.rows(
    `SELECT TABLE_NAME t, PARTITION_NAME p, PARTITION_VALUE val,
            concat_ws(':', PARTITION_ID, VISIBLE_VERSION, unix_timestamp(VISIBLE_VERSION_TIME), VERSION_EPOCH) v
     FROM information_schema.partitions_meta
     WHERE DB_NAME = '${database}' AND IS_TEMP = 0 ORDER BY t, p, v`,
  );
  const tables = new Map<string, Map<string, Version>>();
  for (const row of rows) {
    const [table, partition] = [String(row["t"]), String(row["p"])];
    if (partition.startsWith("$")) continue;
    const partitions = tables.get(table) ?? new Map<string, Version>();
    tables.set(table, partitions);
    partitions.set(partition, { version: String(row["v"]), key: keyOf(String(row["val"])) });
  }
  return tables;
}

/** All rows of a table as sorted texts, by the key of the partition they belong to; under `undefined` all of them. */
async function sortedRows(
  client: Client,
  table: string,
): Promise<ReadonlyMap<number | undefined, readonly string[]>> {
  const rows = await client.rows(`SELECT * FROM ${table}`);
  const texts = rows
    .map((row) => ({ key: keyOf(String(row["d"])), text: JSON.stringify(Object.values(row)) }))
    .sort((one, other) => (one.text < other.text ? -1 : 1));
  const byKey = new Map<number | undefined, string[]>([[undefined, texts.map(({ text }) => text)]]);
  for (const { key, text } of texts) byKey.set(key, [...(byKey.get(key) ?? []), text]);
  return byKey;
}
