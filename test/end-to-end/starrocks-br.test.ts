import { expect, test } from "vitest";
import { succeeded, world } from "./world.ts";

/** The tables as starrocks-br 0.7 creates them, without replication_num: they need three backends. */
const theirTables = [
  `CREATE TABLE IF NOT EXISTS ops.table_inventory (
     inventory_group STRING NOT NULL, database_name STRING NOT NULL, table_name STRING NOT NULL,
     created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP)
   UNIQUE KEY (inventory_group, database_name, table_name) DISTRIBUTED BY HASH(inventory_group)`,
  `CREATE TABLE IF NOT EXISTS ops.backup_history (
     label STRING NOT NULL, backup_type STRING NOT NULL, status STRING NOT NULL, repository STRING NOT NULL,
     started_at DATETIME NOT NULL, finished_at DATETIME, error_message STRING, created_at DATETIME DEFAULT CURRENT_TIMESTAMP)
   PRIMARY KEY (label)`,
  `CREATE TABLE IF NOT EXISTS ops.restore_history (
     job_id STRING NOT NULL, backup_label STRING NOT NULL, restore_type STRING NOT NULL, status STRING NOT NULL,
     repository STRING NOT NULL, started_at DATETIME NOT NULL, finished_at DATETIME, error_message STRING,
     verification_checksum STRING, created_at DATETIME DEFAULT CURRENT_TIMESTAMP)
   PRIMARY KEY (job_id)`,
  `CREATE TABLE IF NOT EXISTS ops.run_status (
     scope STRING NOT NULL, label STRING NOT NULL, state STRING NOT NULL DEFAULT "ACTIVE",
     started_at DATETIME DEFAULT CURRENT_TIMESTAMP, finished_at DATETIME)
   PRIMARY KEY (scope, label)`,
  `CREATE TABLE IF NOT EXISTS ops.backup_partitions (
     key_hash STRING NOT NULL, label STRING NOT NULL, database_name STRING NOT NULL, table_name STRING NOT NULL,
     partition_name STRING NOT NULL, created_at DATETIME DEFAULT CURRENT_TIMESTAMP)
   PRIMARY KEY (key_hash) DISTRIBUTED BY HASH(key_hash)`,
];

test("a catalog that starrocks-br made is completed in place, its rows are kept, and backups go on", async () => {
  const it = await world({ backends: 3 });
  try {
    await it.client.run("CREATE DATABASE ops");
    for (const statement of theirTables) await it.client.run(statement);
    await it.client.run("CREATE DATABASE shop");
    await it.client.run("CREATE TABLE shop.t (a INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1");
    await it.client.run("INSERT INTO shop.t VALUES (1)");
    await it.client.run(
      "INSERT INTO ops.table_inventory (inventory_group, database_name, table_name) VALUES ('g', 'shop', '*')",
    );
    await it.client.run(`INSERT INTO ops.backup_history (label, backup_type, status, repository, started_at, finished_at)
      VALUES ('shop_20250101_full', 'full', 'FINISHED', 'repo', '2025-01-01 00:00:00', '2025-01-01 01:00:00')`);
    await it.client.run("INSERT INTO ops.run_status (scope, label) VALUES ('backup', 'shop_20250101_full')");

    expect(succeeded(await it.script("init", {}))).toMatchObject({ status: "CREATED" });
    expect(succeeded(await it.script("init", {}))).toMatchObject({ status: "UP_TO_DATE", migrations: [] });
    expect(await it.client.rows("SELECT label, status, run_id FROM ops.backup_history")).toEqual([
      { label: "shop_20250101_full", status: "FINISHED", run_id: null },
    ]);
    // Their full has no fingerprints to compare with, so it is no baseline.
    const full = succeeded(await it.flow("backup", { group: "g", type: "full" }));
    expect(full["status"]).toBe("FINISHED");
    expect(succeeded(await it.flow("backup", { group: "g" }))["status"]).toBe("NOTHING_TO_DO");
  } finally {
    await it.close();
  }
});
