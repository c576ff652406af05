import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { firstSnapshot, succeeded } from "../support/outcomes.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
afterEach(() => it.close());

const days = 360;

/** A table of 360 days, of which those have rows that a statement gives them. */
async function shop(load: string): Promise<void> {
  it = await worldWithGroups({ g: ["shop.t"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    await client.run(
      `CREATE TABLE shop.t (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
       PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-12-27") EVERY (INTERVAL 1 DAY))
       DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`,
    );
    await client.run(load);
  });
}

/** Restores the table after it was lost; gives the statements that made a partition. */
async function partitionsMadeFor(label: string): Promise<readonly string[]> {
  await it.client.run("DROP TABLE shop.t FORCE");
  const made: string[] = [];
  const disarm = it.starrocks.faults.add({
    match: /ADD PARTITION/,
    times: Number.POSITIVE_INFINITY,
    before: async (sql) => void made.push(sql),
  });
  const result = await it.restore({ target_label: label });
  disarm();
  expect(result["restored"]).toMatchObject([{ strategy: "merge" }]);
  return made;
}

async function partitions(): Promise<number> {
  const [row] = await it.client.rows(
    "SELECT count(*) AS n FROM information_schema.partitions_meta WHERE DB_NAME = 'shop' AND TABLE_NAME = 't'",
  );
  return Number(row?.["n"]);
}

/** A backup as starrocks-br makes and records it. */
async function theirBackup(label: string, type: "full" | "incremental", objects: string): Promise<void> {
  await it.client.run(`BACKUP DATABASE shop SNAPSHOT ${label} TO repo ON (${objects})`);
  for (let state = ""; state !== "FINISHED"; await sleep(20)) {
    const [job] = await it.client.rows("SHOW BACKUP FROM shop");
    state = String(job?.["State"]);
    if (state === "CANCELLED") throw new Error(String(job?.["Status"]));
  }
  const finished = type === "full" ? "2025-01-01 01:00:00" : "2025-01-02 01:00:00";
  await it.client.run(`INSERT INTO ops.backup_history (label, backup_type, status, repository, started_at, finished_at)
    VALUES ('${label}', '${type}', 'FINISHED', 'repo', '${finished}', '${finished}')`);
}

test("a merge of an adopted backup, whose sizes nobody knows, makes the partitions of the smaller part", async () => {
  await shop("INSERT INTO shop.t VALUES ('2025-01-01', 1), ('2025-01-02', 2)");
  await theirBackup("theirs_full", "full", "TABLE t");
  await it.client.run("INSERT INTO shop.t VALUES ('2025-01-02', 20), ('2025-01-03', 30)");
  await theirBackup("theirs_incremental", "incremental", "TABLE t PARTITION (p20250102, p20250103)");
  expect(succeeded(await it.call("init", {}))["adopted"]).toEqual(["theirs_full", "theirs_incremental"]);

  expect(await partitionsMadeFor("theirs_incremental")).toHaveLength(2);
  expect(await partitions()).toBe(days);
  expect(await it.client.rows("SELECT n FROM shop.t ORDER BY n")).toEqual([
    { n: 1 },
    { n: 2 },
    { n: 20 },
    { n: 30 },
  ]);
});

test("359 empty days are not made again to spare the rows of one", async () => {
  await shop("INSERT INTO shop.t VALUES ('2025-01-01', 1)");
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.t VALUES ('2025-01-01', 2), ('2025-01-01', 3)");
  const { label } = firstSnapshot(await it.backUp({ group: "g", type: "incremental" }));

  expect(await partitionsMadeFor(String(label))).toHaveLength(1);
  expect(await partitions()).toBe(days);
  expect(await it.client.rows("SELECT n FROM shop.t ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});
