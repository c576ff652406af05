import type { Client } from "./client.ts";

/** All rows of the tables of a database, sorted, by table, with their columns. What restores keep is left out. */
export type Contents = Readonly<Record<string, readonly string[]>>;

export async function contentsOf(client: Client, database: string): Promise<Contents> {
  const columns = await client.rows(
    `SELECT TABLE_NAME t, group_concat(concat(COLUMN_NAME, ' ', COLUMN_TYPE) ORDER BY ORDINAL_POSITION SEPARATOR ', ') c
     FROM information_schema.columns WHERE TABLE_SCHEMA = '${database}' GROUP BY TABLE_NAME ORDER BY t`,
  );
  const contents: Record<string, readonly string[]> = {};
  for (const row of columns) {
    const table = String(row["t"]);
    if (/__replaced_/.test(table)) continue;
    const rows = await client.rows(`SELECT * FROM \`${database}\`.\`${table}\``);
    contents[table] = [String(row["c"]), ...rows.map((each) => JSON.stringify(Object.values(each))).sort()];
  }
  return contents;
}
