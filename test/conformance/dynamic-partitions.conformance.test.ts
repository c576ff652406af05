import { beforeEach, describe, expect, test } from "vitest";
import { isReal, unique, useCluster } from "../support/cluster.ts";
import { backup, partitions, restore } from "../support/jobs.ts";
import { setToNoon } from "../support/noon.ts";
import { analyzed } from "../support/refusals.ts";

/** §21.1: tables whose partitions come and go with the calendar. */
const cluster = useCluster();

const dayMs = 86_400_000;

/** The embedded cluster's clock is put to noon; a case into which a real one's midnight would fall waits for it. */
async function beginDay(): Promise<string> {
  if (!isReal) return await setToNoon(cluster.client);
  const left = dayMs - (Date.now() % dayMs);
  if (left < 30_000) await new Promise((resolve) => setTimeout(resolve, left + 1000));
  return new Date().toISOString().slice(0, 10);
}

let today = "";
let database = "";
beforeEach(async () => {
  today = await beginDay();
  database = await cluster.database();
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const failure = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));

const raw = (message: string) => ({ code: 1064, sqlState: "HY000", message });

const refused = analyzed(
  'Cannot add/drop partition on a Dynamic Partition Table, Use command `ALTER TABLE tbl_name SET ("dynamic_partition.enable" = "false")` firstly.',
);

/** A day from now in the calendar of the FE, as `yyyy-MM-dd` and as the scheduler names it. */
const day = (offset: number) => new Date(Date.parse(today) + offset * dayMs).toISOString().slice(0, 10);
const dayName = (offset: number) => `p${day(offset).replaceAll("-", "")}`;

const table = (name: string, properties: string, definitions = "") =>
  `CREATE TABLE $d.${name} (day DATE NOT NULL, v INT) DUPLICATE KEY (day) PARTITION BY RANGE (day) (${definitions})
   DISTRIBUTED BY HASH (day) BUCKETS 1 PROPERTIES ("replication_num" = "1"${properties})`;

const window = (start: number, end: number) =>
  `"dynamic_partition.time_unit" = "DAY", "dynamic_partition.start" = "${start}", "dynamic_partition.end" = "${end}"`;

const oldPartition = `PARTITION old VALUES [("2020-01-01"), ("2020-02-01"))`;

const names = async (name: string) => Object.keys(await partitions(cluster, database, name)).sort();

/** What the scheduler does by itself is there within seconds. */
async function settled(name: string, expected: readonly string[]): Promise<void> {
  await expect.poll(() => names(name), { timeout: 10_000 }).toEqual([...expected].sort());
}

const propertiesOf = async (name: string): Promise<Record<string, string>> => {
  const [row] = await cluster.client.rows(
    `SELECT PROPERTIES p FROM information_schema.tables_config WHERE TABLE_SCHEMA = '${database}' AND TABLE_NAME = '${name}'`,
  );
  return JSON.parse(String(row?.["p"]));
};

describe("§21.1 a table with dynamic partitions", () => {
  test("has the partitions of its window, and none before it, as soon as it is created", async () => {
    await run(table("t", `, ${window(-2, 2)}`, oldPartition));
    await settled("t", [0, 1, 2].map(dayName));
    const [row] = await cluster.client.rows(
      `SELECT PARTITION_VALUE v FROM information_schema.partitions_meta WHERE DB_NAME = '${database}' AND PARTITION_NAME = '${dayName(1)}'`,
    );
    expect(row?.["v"]).toBe(`[types: [DATE]; keys: [${day(1)}]; ..types: [DATE]; keys: [${day(2)}]; )`);
  });

  test("refuses to have partitions added or dropped, known or not", async () => {
    await run(table("t", `, ${window(-2, 2)}`));
    await settled("t", [0, 1, 2].map(dayName));
    for (const clause of [
      `ADD PARTITION mine VALUES [("2019-01-01"), ("2019-02-01"))`,
      `ADD PARTITIONS START ("2019-01-01") END ("2019-01-03") EVERY (INTERVAL 1 DAY)`,
      `DROP PARTITION ${dayName(1)}`,
      "DROP PARTITION IF EXISTS nope",
    ])
      expect(await failure(`ALTER TABLE $d.t ${clause}`)).toEqual(refused);
  });

  test("takes TRUNCATE, temporary partitions and their replacement", async () => {
    await run(table("t", `, ${window(-2, 2)}`));
    await settled("t", [0, 1, 2].map(dayName));
    const today = `[("${day(0)}"), ("${day(1)}"))`;
    await run(`INSERT INTO $d.t VALUES ('${day(0)}', 1)`);
    await run(`ALTER TABLE $d.t ADD TEMPORARY PARTITION tp VALUES ${today}`);
    await run(`INSERT INTO $d.t TEMPORARY PARTITION (tp) VALUES ('${day(0)}', 2)`);
    await run(`ALTER TABLE $d.t REPLACE PARTITION (${dayName(0)}) WITH TEMPORARY PARTITION (tp)`);
    expect(await cluster.client.rows(`SELECT v FROM ${database}.t`)).toEqual([{ v: 2 }]);
    await run(`TRUNCATE TABLE $d.t PARTITION (${dayName(0)})`);
    await run(`INSERT OVERWRITE $d.t PARTITION (${dayName(0)}) VALUES ('${day(0)}', 3)`);
    expect(await cluster.client.rows(`SELECT v FROM ${database}.t`)).toEqual([{ v: 3 }]);
  });

  test("is left alone while it is switched off, and followed again once it is switched on", async () => {
    await run(table("t", `, ${window(-2, 1)}`));
    await settled("t", [0, 1].map(dayName));
    await run(`ALTER TABLE $d.t SET ("dynamic_partition.enable" = "false")`);
    await run(`ALTER TABLE $d.t ADD ${oldPartition}`);
    await run(`ALTER TABLE $d.t DROP PARTITION ${dayName(1)}`);
    await settled("t", [dayName(0), "old"]);
    await run(`ALTER TABLE $d.t SET ("dynamic_partition.enable" = "true")`);
    await settled("t", [0, 1].map(dayName));
  });

  test("says so in its properties, defaults and all", async () => {
    await run(table("t", `, ${window(-2, 3)}, "dynamic_partition.enable" = "false"`));
    expect(await propertiesOf("t")).toMatchObject({
      "dynamic_partition.enable": "false",
      "dynamic_partition.time_unit": "DAY",
      "dynamic_partition.start": "-2",
      "dynamic_partition.end": "3",
      "dynamic_partition.prefix": "p",
      "dynamic_partition.history_partition_num": "0",
    });
    const [shown] = await cluster.client.rows(`SHOW CREATE TABLE ${database}.t`);
    expect(shown?.["Create Table"]).toContain(`"dynamic_partition.start" = "-2"`);
    await run(`ALTER TABLE $d.t SET ("dynamic_partition.end" = "5", "dynamic_partition.buckets" = "2")`);
    expect(await propertiesOf("t")).toMatchObject({
      "dynamic_partition.end": "5",
      "dynamic_partition.buckets": "2",
    });
  });

  test("gives partitions the buckets of its window", async () => {
    await run(table("t", `, ${window(-1, 1)}, "dynamic_partition.buckets" = "3"`));
    await settled("t", [0, 1].map(dayName));
    const rows = await cluster.client.rows(`SHOW PARTITIONS FROM ${database}.t`);
    expect(rows.map((row) => row["Buckets"])).toEqual(["3", "3"]);
  });

  test("makes partitions of the past too, as many as it is told", async () => {
    await run(table("t", `, ${window(-5, 1)}, "dynamic_partition.history_partition_num" = "2"`));
    await settled("t", [-2, -1, 0, 1].map(dayName));
  });
});

describe("§21.5 SET of a window", () => {
  test("on a table without one needs all of it", async () => {
    await run(table("t", "", oldPartition));
    const none = raw(`Table ${database}.t is not a dynamic partition table.`);
    for (const properties of [
      `"dynamic_partition.enable" = "false"`,
      `"dynamic_partition.enable" = "true", "dynamic_partition.end" = "3"`,
    ])
      expect(await failure(`ALTER TABLE $d.t SET (${properties})`)).toEqual(none);
    await run(`ALTER TABLE $d.t SET (${window(-1, 1)})`);
    await settled("t", [0, 1].map(dayName));
  });

  test("goes with no other property", async () => {
    await run(table("t", `, ${window(-2, 3)}, "dynamic_partition.enable" = "false"`));
    expect(
      (await failure(`ALTER TABLE $d.t SET ("dynamic_partition.end" = "3", "write_quorum" = "ONE")`)).message,
    ).toContain("Can only set one table property at a time");
  });

  test.each([
    ["dynamic_partition.time_unit", "MINUTE", "Unsupported time unit MINUTE. Expect DAY/WEEK/MONTH/YEAR."],
    ["dynamic_partition.start", "0", "Dynamic partition start must less than 0"],
    ["dynamic_partition.start", "x", "Invalid dynamic partition start x"],
    ["dynamic_partition.end", "0", "Dynamic partition end must greater than 0"],
    ["dynamic_partition.end", "", "Dynamic partition end is empty"],
    ["dynamic_partition.enable", "yes", "Invalid dynamic partition enable: yes. Expected true or false"],
    ["dynamic_partition.end", "501", "Too many dynamic partitions: 501. Limit: 500"],
  ])("refuses %s = '%s'", async (key, value, message) => {
    await run(table("t", `, ${window(-2, 3)}, "dynamic_partition.enable" = "false"`));
    expect((await failure(`ALTER TABLE $d.t SET ("${key}" = "${value}")`)).message).toBe(message);
  });
});

describe("CREATE TABLE refuses a window", () => {
  test.each([
    [
      "without a unit",
      table("t", `, "dynamic_partition.end" = "3"`),
      "Must assign dynamic_partition.time_unit properties",
    ],
    [
      "without an end",
      table("t", `, "dynamic_partition.time_unit" = "DAY"`),
      "Must assign dynamic_partition.end properties",
    ],
    [
      "of hours over days",
      table("t", `, "dynamic_partition.time_unit" = "HOUR", "dynamic_partition.end" = "3"`),
      "Date type partition does not support dynamic partitioning granularity of hour",
    ],
    [
      "of an unpartitioned table",
      `CREATE TABLE $d.t (k INT) DISTRIBUTED BY HASH (k) PROPERTIES ("replication_num" = "1", ${window(-1, 1)})`,
      "Only support dynamic partition properties on range partition table",
    ],
    [
      "of lists",
      `CREATE TABLE $d.t (k INT NOT NULL) PARTITION BY LIST (k) (PARTITION a VALUES IN ("1")) DISTRIBUTED BY HASH (k) PROPERTIES ("replication_num" = "1", ${window(-1, 1)})`,
      "Dynamic partition only support single-column range partition",
    ],
    [
      "of an automatic table",
      `CREATE TABLE $d.t (d DATE NOT NULL) PARTITION BY date_trunc('day', d) DISTRIBUTED BY HASH (d) PROPERTIES ("replication_num" = "1", ${window(-1, 1)}, "dynamic_partition.enable" = "true")`,
      "Expression partitioning does not support properties of dynamic partitioning",
    ],
  ])("%s", async (_name, sql, message) => {
    expect(await failure(sql)).toMatchObject({ code: 1064, message: expect.stringContaining(message) });
  });
});

describe("§21.1 a table that is restored", () => {
  test("has its window again, and keeps old partitions only if that is off", async () => {
    await run(table("t", `, ${window(-2, 1)}, "dynamic_partition.enable" = "false"`, oldPartition));
    await run("INSERT INTO $d.t VALUES ('2020-01-05', 1)");
    const label = unique("l");
    await backup(cluster, database, label, "ON (t)");
    await restore(cluster, { into: database, label, on: "t AS r" });
    expect(await propertiesOf("r")).toMatchObject({
      "dynamic_partition.enable": "false",
      "dynamic_partition.start": "-2",
    });
    await settled("r", ["old"]);
    await run(`ALTER TABLE $d.r SET ("dynamic_partition.enable" = "true")`);
    await settled("r", [0, 1].map(dayName));
  });
});

describe("§21.1 partition_live_number and partition_ttl", () => {
  test("are kept, and can be taken away", async () => {
    await run(table("t", `, "partition_live_number" = "3"`, oldPartition));
    await run(`ALTER TABLE $d.t SET ("partition_live_number" = "-1")`);
    await run(`ALTER TABLE $d.t SET ("partition_ttl" = "90000 days")`);
    expect(await propertiesOf("t")).toMatchObject({
      partition_live_number: "-1",
      partition_ttl: "90000 days",
    });
    expect(await failure(`ALTER TABLE $d.t SET ("partition_ttl" = "")`)).toEqual(
      raw("Cannot parse text to Duration"),
    );
    expect(await failure(`ALTER TABLE $d.t SET ("partition_live_number" = "0")`)).toEqual(
      analyzed("Illegal Partition Live Number: 0"),
    );
  });

  test("are for ranges", async () => {
    await run(`CREATE TABLE $d.u (k INT) DISTRIBUTED BY HASH (k) PROPERTIES ("replication_num" = "1")`);
    expect(await failure(`ALTER TABLE $d.u SET ("partition_live_number" = "3")`)).toEqual(
      raw("Table[u] is not range partitioned. no need to set partition live number."),
    );
  });
});
