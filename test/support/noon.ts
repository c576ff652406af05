import type { Client } from "./client.ts";

/**
 * Sets a fresh cluster's clock to noon: what partitions come and go by their schedules depends on the day, and a test is not
 * to see it change.
 *
 * @returns the cluster's day, `yyyy-MM-dd`, UTC
 */
export async function setToNoon(client: Client): Promise<string> {
  const now = new Date();
  const day = now.toISOString().slice(0, 10);
  const offset = Date.parse(`${day}T12:00:00Z`) - now.getTime();
  await client.run(`ADMIN SET FRONTEND CONFIG ("embedded.clock_offset_ms" = "${offset}")`);
  return day;
}
