import type { Client } from "./client.ts";

/** All slots that somebody still holds. */
export async function heldSlots(client: Client, opsDatabase = "ops"): Promise<readonly unknown[]> {
  return await client.rows(
    `SELECT scope, label, run_id FROM ${opsDatabase}.run_status WHERE state = 'ACTIVE'`,
  );
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
