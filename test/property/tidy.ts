import { expect } from "vitest";
import { type CatalogRows, readCatalog } from "./catalog.ts";
import type { History } from "./model.ts";

/** Whatever a run did, it leaves no slot held, no table of its own behind and no row that is neither done nor failed. */
export async function expectTidy(history: History): Promise<CatalogRows> {
  const { client } = history.cluster;
  expect(await client.rows("SELECT scope, run_id FROM ops.run_status WHERE state = 'ACTIVE'")).toEqual([]);
  const tables = await client.rows(
    `SELECT TABLE_NAME t FROM information_schema.tables WHERE TABLE_SCHEMA = '${history.database}'`,
  );
  expect(tables.map((row) => String(row["t"])).filter((table) => /__[rp]_/.test(table))).toEqual([]);
  const rows = await readCatalog(client, history.group);
  for (const row of rows.history.values()) {
    expect(["FINISHED", "NOTHING_TO_DO", "FAILED"], `status of ${row.label}`).toContain(row.status);
    const stored = row.timestamp !== undefined;
    if (row.status === "FINISHED" && row.partitions > 0)
      expect(stored, `${row.label} has a snapshot`).toBe(true);
  }
  return rows;
}
