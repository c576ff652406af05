import type { Client } from "./client.ts";

/** A table with one row a day in January 2025. */
export async function daily(client: Client, database: string, table: string, days = 5): Promise<void> {
  await client.run(`CREATE DATABASE IF NOT EXISTS \`${database}\``);
  const end = `2025-01-${String(days + 1).padStart(2, "0")}`;
  await client.run(`CREATE TABLE \`${database}\`.\`${table}\` (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY RANGE (d) (START ("2025-01-01") END ("${end}") EVERY (INTERVAL 1 DAY))
    DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  const rows = Array.from(
    { length: days },
    (_, day) => `('2025-01-${String(day + 1).padStart(2, "0")}', ${day})`,
  );
  await client.run(`INSERT INTO \`${database}\`.\`${table}\` VALUES ${rows.join(", ")}`);
}

export async function numbers(client: Client, table: string): Promise<readonly unknown[]> {
  return (await client.rows(`SELECT n FROM ${table} ORDER BY d, n`)).map((row) => row["n"]);
}

export async function oneTable(client: Client): Promise<void> {
  await daily(client, "shop", "orders");
}

/** All tables of a database, hidden helpers of a restore included. */
export async function tableNames(client: Client, database: string): Promise<readonly string[]> {
  const rows = await client.rows(
    `SELECT TABLE_NAME AS name FROM information_schema.tables WHERE TABLE_SCHEMA = '${database}' ORDER BY name`,
  );
  return rows.map((row) => String(row["name"]));
}
