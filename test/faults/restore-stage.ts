import { type Checksums, checksums, differences } from "../../local/walkthrough/checksums.ts";
import type { Client } from "../support/client.ts";
import { setToNoon } from "../support/noon.ts";
import { firstSnapshot, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { buildStage, type Performance, type Stage, type Strike } from "./stage.ts";

const tables = ["customers", "events", "orders", "visits"];

/**
 * A stage for restores of four tables: two from one snapshot, one of these with a schedule that is switched off meanwhile; two
 * put together from two, one of them automatic.
 */
export interface RestoreStage extends Stage {
  /** Loses the rows of all tables, then restores them. */
  restore(strike?: Strike): Promise<Performance>;
  readAftermath(): Promise<Aftermath>;
}

/** What must hold after a restore, each as what was found instead. */
export interface Aftermath {
  /** Partitions with other rows than at the restore point. */
  readonly differences: readonly string[];
  /** Slots that somebody still holds. */
  readonly held: readonly unknown[];
  /** Runs that did not end well. */
  readonly openRuns: readonly unknown[];
  /** Restored tables whose record does not say so. */
  readonly unrecorded: readonly unknown[];
  /** Tables that only the restore needed. */
  readonly leftovers: readonly string[];
  /** How often each table was replaced: once, however often the restore was run. */
  readonly replaced: Readonly<Record<string, number>>;
}

export const restored: Aftermath = {
  differences: [],
  held: [],
  openRuns: [],
  unrecorded: [],
  leftovers: [],
  replaced: { customers: 1, events: 1, orders: 1, visits: 1 },
};

/** Builds a world with a full backup and an incremental one that changed, added and dropped partitions. */
export async function buildRestoreStage(): Promise<RestoreStage> {
  const stage = await buildStage(["sales_db.*"], shop);
  const { client } = stage.world;
  succeeded((await stage.perform("backup", { group: "g", type: "full" })).outcome);
  for (const sql of business) await client.run(sql);
  const incremental = succeeded((await stage.perform("backup", { group: "g", type: "incremental" })).outcome);
  const target_label = String(firstSnapshot(incremental)["label"]);
  const expected: Checksums = await checksums(client, tables);
  return {
    ...stage,
    async restore(strike) {
      await forgetReplaced(client);
      for (const table of tables) await client.run(`TRUNCATE TABLE sales_db.${table}`);
      return await stage.perform("restore", { target_label }, strike);
    },
    async readAftermath() {
      const names = (await tableNames(client, "sales_db")).filter((name) => !tables.includes(name));
      const kept = names.filter((name) => name.includes("__replaced_"));
      return {
        differences: differences(expected, await checksums(client, tables)),
        held: await client.rows("SELECT scope, run_id FROM ops.run_status WHERE state = 'ACTIVE'"),
        openRuns: await client.rows("SELECT run_id, state FROM ops.runs WHERE state <> 'FINISHED'"),
        unrecorded: await client.rows(
          `SELECT table_name, status, replaced_kept_as FROM ops.restore_history
           WHERE status <> 'FINISHED' OR replaced_kept_as IS NULL`,
        ),
        leftovers: names.filter((name) => !kept.includes(name)),
        replaced: Object.fromEntries(
          tables.map((table) => [table, kept.filter((name) => name.startsWith(`${table}__`)).length]),
        ),
      };
    },
  };
}

async function shop(client: Client): Promise<void> {
  await setToNoon(client);
  await client.run("CREATE DATABASE sales_db");
  await client.run(`CREATE TABLE sales_db.orders (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-01-04") EVERY (INTERVAL 1 DAY))
    DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run(`CREATE TABLE sales_db.events (d DATETIME NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY date_trunc('day', d) DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run(`CREATE TABLE sales_db.customers (id BIGINT NOT NULL, name VARCHAR(20)) PRIMARY KEY (id)
    DISTRIBUTED BY HASH (id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run(`CREATE TABLE sales_db.visits (d DATE NOT NULL, n INT) DUPLICATE KEY (d) PARTITION BY RANGE (d) ()
    DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1", "dynamic_partition.enable" = "true",
      "dynamic_partition.time_unit" = "DAY", "dynamic_partition.start" = "-7", "dynamic_partition.end" = "1")`);
  await client.run("INSERT INTO sales_db.visits VALUES (current_date(), 1)");
  await client.run(
    "INSERT INTO sales_db.orders VALUES ('2025-01-01', 1), ('2025-01-02', 2), ('2025-01-03', 3)",
  );
  await client.run(
    "INSERT INTO sales_db.events VALUES ('2025-01-01', 1), ('2025-01-02', 2), ('2025-01-03', 3)",
  );
  await client.run("INSERT INTO sales_db.customers VALUES (1, 'a'), (2, 'b')");
}

const business: readonly string[] = [
  "INSERT INTO sales_db.orders VALUES ('2025-01-02', 4)",
  `ALTER TABLE sales_db.orders ADD PARTITION p20250104 VALUES [("2025-01-04"), ("2025-01-05"))`,
  "INSERT INTO sales_db.orders VALUES ('2025-01-04', 5)",
  "ALTER TABLE sales_db.orders DROP PARTITION p20250103",
  "INSERT INTO sales_db.events VALUES ('2025-01-02', 4), ('2025-01-04', 5)",
  "ALTER TABLE sales_db.events DROP PARTITION p20250103",
];

async function forgetReplaced(client: Client): Promise<void> {
  for (const name of await tableNames(client, "sales_db"))
    if (name.includes("__replaced_")) await client.run(`DROP TABLE sales_db.\`${name}\` FORCE`);
}
