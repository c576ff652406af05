import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { type World, world } from "../support/world.ts";

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

test("a catalog that starrocks-br made is completed in place: its rows are kept, its labels can be restored", async () => {
  const it = await world({ backends: 3 });
  try {
    await it.client.run("CREATE DATABASE ops");
    for (const statement of theirTables) await it.client.run(statement);
    await it.client.run("CREATE DATABASE shop");
    await it.client.run(`CREATE TABLE shop.t (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
      PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-01-04") EVERY (INTERVAL 1 DAY)) DISTRIBUTED BY HASH (d) BUCKETS 1`);
    await it.client.run("INSERT INTO shop.t VALUES ('2025-01-01', 1), ('2025-01-02', 2)");
    await it.client.run(
      "INSERT INTO ops.table_inventory (inventory_group, database_name, table_name) VALUES ('g', 'shop', '*')",
    );
    await theirBackup(it, {
      label: "shop_20250101_full",
      type: "full",
      finished: "2025-01-01 01:00:00",
      objects: "TABLE t",
    });
    await it.client.run("INSERT INTO shop.t VALUES ('2025-01-02', 20)");
    await theirBackup(it, {
      label: "shop_20250102_incremental",
      type: "incremental",
      finished: "2025-01-02 01:00:00",
      objects: "TABLE t PARTITION (p20250102)",
    });
    await it.client.run(`INSERT INTO ops.backup_history (label, backup_type, status, repository, started_at, finished_at)
      VALUES ('shop_20240101_full', 'full', 'FINISHED', 'repo', '2024-01-01 00:00:00', '2024-01-01 01:00:00')`);
    await it.client.run("INSERT INTO ops.run_status (scope, label) VALUES ('backup', 'shop_20250101_full')");

    expect(succeeded(await it.call("init", {}))).toMatchObject({
      status: "CREATED",
      adopted: ["shop_20250101_full", "shop_20250102_incremental"],
      skipped: [{ object: "shop_20240101_full", reason: expect.stringContaining("cannot be read") }],
    });
    expect(succeeded(await it.call("init", {}))).toMatchObject({
      status: "UP_TO_DATE",
      migrations: [],
      adopted: [],
    });
    expect(await it.client.rows("SELECT count(*) AS n FROM ops.backup_history")).toEqual([{ n: "3" }]);

    // Their backups have no fingerprints to compare with: no baseline, so a full is asked for.
    expect(failure(await it.flow("backup", { group: "g" })).code).toBe("NO_BASELINE");
    expect(firstSnapshot(succeeded(await it.flow("backup", { group: "g", type: "auto" })))["type"]).toBe(
      "full",
    );

    await it.client.run("TRUNCATE TABLE shop.t");
    succeeded(await it.flow("restore", { target_label: "shop_20250102_incremental" }));
    expect(await it.client.rows("SELECT n FROM shop.t ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }, { n: 20 }]);
    succeeded(await it.flow("restore", { target_label: "shop_20250101_full" }));
    expect(await it.client.rows("SELECT n FROM shop.t ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }]);
  } finally {
    await it.close();
  }
});

/** A backup as starrocks-br makes and records it. */
async function theirBackup(
  it: World,
  { label, type, finished, objects }: Readonly<Record<"label" | "type" | "finished" | "objects", string>>,
): Promise<void> {
  await it.client.run(`BACKUP DATABASE shop SNAPSHOT ${label} TO repo ON (${objects})`);
  for (let state = ""; state !== "FINISHED"; await sleep(20)) {
    const [job] = await it.client.rows("SHOW BACKUP FROM shop");
    state = String(job?.["State"]);
    if (state === "CANCELLED") throw new Error(String(job?.["Status"]));
  }
  await it.client.run(`INSERT INTO ops.backup_history (label, backup_type, status, repository, started_at, finished_at)
    VALUES ('${label}', '${type}', 'FINISHED', 'repo', '${finished}', '${finished}')`);
}
