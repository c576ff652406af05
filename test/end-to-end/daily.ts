import type { Client } from "../../local/walkthrough/client.ts";

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

export async function history(client: Client, columns: string): Promise<readonly unknown[]> {
  return await client.rows(`SELECT ${columns} FROM ops.backup_history ORDER BY created_at, label`);
}

/** Manifests nobody will ever read. */
export async function manifestsOfFailed(client: Client): Promise<readonly unknown[]> {
  return await client.rows(
    "SELECT label FROM ops.backup_tables WHERE label IN (SELECT label FROM ops.backup_history WHERE status = 'FAILED')",
  );
}

export async function oneTable(client: Client): Promise<void> {
  await daily(client, "shop", "orders");
}
