import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { schedulePartitions } from "../../../local/starrocks/jobs/partition-scheduler.ts";
import { createRepository, type Embedded, startEmbedded } from "../../support/embedded.ts";
import { backup, restore, restoreText } from "../../support/jobs.ts";

/** The pass over all tables that the real FE makes every ten minutes. */
let lab: Embedded;

/** A Wednesday; the clock stands as good as still. */
const now = Date.parse("2025-02-05T10:30:00Z");
const days = 86_400_000;

beforeAll(async () => {
  lab = await startEmbedded();
  await lab.client.run(createRepository("repo"));
});
afterAll(() => lab.close());
beforeEach(async () => {
  at(now);
  // Passes are made by hand.
  lab.server.cluster.frontendConfig.clear();
  lab.server.cluster.frontendConfig.set("dynamic_partition_check_interval_seconds", "999999999");
  await lab.client.run("DROP DATABASE IF EXISTS sales FORCE");
  await lab.client.run("CREATE DATABASE sales");
});

const at = (instant: number) => {
  lab.server.cluster.knobs.clockOffsetMs = instant - Date.now();
};
const run = (sql: string) => lab.client.run(sql);
const host = () => ({ client: lab.client, repository: "repo" });
const pass = () => schedulePartitions(lab.server.cluster);

const create = (type: string, properties: string, definitions = "") =>
  run(
    `CREATE TABLE sales.t (d ${type} NOT NULL, v INT) DUPLICATE KEY (d) PARTITION BY RANGE (d) (${definitions})
     DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1", ${properties})`,
  );

const ranges = async (table = "t") =>
  (await lab.client.rows(`SHOW PARTITIONS FROM sales.${table}`)).map((row) => {
    const [, lower, upper] = /keys: \[([^\]]*)\].*keys: \[([^\]]*)\]/.exec(String(row["Range"])) ?? [];
    return `${row["PartitionName"]} ${lower} ${upper}`;
  });
const names = async (table = "t") => (await ranges(table)).map((one) => one.split(" ")[0]);

describe("a window", () => {
  test.each([
    ["DATE", "DAY", "", ["p20250205 2025-02-05 2025-02-06", "p20250206 2025-02-06 2025-02-07"]],
    ["INT", "DAY", "", ["p20250205 20250205 20250206", "p20250206 20250206 20250207"]],
    [
      "DATETIME",
      "HOUR",
      "",
      [
        "p2025020510 2025-02-05 10:00:00 2025-02-05 11:00:00",
        "p2025020511 2025-02-05 11:00:00 2025-02-05 12:00:00",
      ],
    ],
    ["DATE", "WEEK", "", ["p2025_06 2025-02-03 2025-02-10", "p2025_07 2025-02-10 2025-02-17"]],
    [
      "DATE",
      "WEEK",
      `, "dynamic_partition.start_day_of_week" = "4"`,
      ["p2025_05 2025-01-30 2025-02-06", "p2025_06 2025-02-06 2025-02-13"],
    ],
    ["DATE", "MONTH", "", ["p202502 2025-02-01 2025-03-01", "p202503 2025-03-01 2025-04-01"]],
    [
      "DATE",
      "MONTH",
      `, "dynamic_partition.start_day_of_month" = "10"`,
      ["p202501 2025-01-10 2025-02-10", "p202502 2025-02-10 2025-03-10"],
    ],
    ["DATE", "YEAR", "", ["p2025 2025-01-01 2026-01-01", "p2026 2026-01-01 2027-01-01"]],
    [
      "DATETIME",
      "DAY",
      `, "dynamic_partition.time_zone" = "Pacific/Auckland", "dynamic_partition.prefix" = "nz"`,
      [
        "nz20250205 2025-02-05 00:00:00 2025-02-06 00:00:00",
        "nz20250206 2025-02-06 00:00:00 2025-02-07 00:00:00",
      ],
    ],
  ])("of %s by %s%s", async (type, unit, more, expected) => {
    await create(type, `"dynamic_partition.time_unit" = "${unit}", "dynamic_partition.end" = "1"${more}`);
    expect(await ranges()).toEqual(expected);
  });

  test("moves with the clock: what falls out of it is gone for good, with its rows", async () => {
    await create(
      "DATE",
      `"dynamic_partition.time_unit" = "DAY", "dynamic_partition.start" = "-1", "dynamic_partition.end" = "1"`,
    );
    await run("INSERT INTO sales.t VALUES ('2025-02-05', 1), ('2025-02-06', 2)");
    at(now + days);
    await pass();
    expect(await names()).toEqual(["p20250205", "p20250206", "p20250207"]);
    at(now + 2 * days);
    await pass();
    expect(await names()).toEqual(["p20250206", "p20250207", "p20250208"]);
    expect(await lab.client.rows("SELECT v FROM sales.t")).toEqual([{ v: 2 }]);
    await run(`ALTER TABLE sales.t SET ("dynamic_partition.enable" = "false")`);
    expect((await lab.client.refusal("RECOVER PARTITION p20250205 FROM sales.t")).message).toContain(
      "p20250205",
    );
  });

  test("without a start never drops", async () => {
    await create(
      "DATE",
      `"dynamic_partition.time_unit" = "DAY", "dynamic_partition.end" = "1"`,
      `PARTITION old VALUES LESS THAN ("2020-01-01")`,
    );
    expect(await names()).toEqual(["old", "p20250205", "p20250206"]);
  });

  test("leaves out what overlaps a partition that is there", async () => {
    await create(
      "DATE",
      `"dynamic_partition.time_unit" = "DAY", "dynamic_partition.end" = "2"`,
      `PARTITION mine VALUES [("2025-02-06"), ("2025-02-07"))`,
    );
    expect(await names()).toEqual(["p20250205", "mine", "p20250207"]);
  });
});

describe("the scheduler", () => {
  const old = `PARTITION old VALUES [("2025-01-20"), ("2025-01-21"))`;
  const window = `"dynamic_partition.time_unit" = "DAY", "dynamic_partition.start" = "-3", "dynamic_partition.end" = "1"`;

  test("drops the old partitions of a restored table at its next pass", async () => {
    at(Date.parse("2025-01-21T00:00:00Z"));
    await create("DATE", window, old);
    await run("INSERT INTO sales.t VALUES ('2025-01-20', 1), ('2025-01-21', 2)");
    await backup(host(), "sales", "ten_days_ago", "ON (t)");
    at(now);
    await restore(host(), { into: "sales", label: "ten_days_ago", on: "t AS r" });
    expect(await lab.client.rows("SELECT v FROM sales.r ORDER BY v")).toEqual([{ v: 1 }, { v: 2 }]);
    await pass();
    expect(await names("r")).toEqual(["p20250205", "p20250206"]);
    expect(await lab.client.rows("SELECT v FROM sales.r")).toEqual([]);
  });

  test("leaves a restored table alone once its window is switched off", async () => {
    at(Date.parse("2025-01-21T00:00:00Z"));
    await create("DATE", window, old);
    await run("INSERT INTO sales.t VALUES ('2025-01-20', 1), ('2025-01-21', 2)");
    await backup(host(), "sales", "switched_off", "ON (t)");
    at(now);
    await restore(host(), { into: "sales", label: "switched_off", on: "t AS r" });
    await run(`ALTER TABLE sales.r SET ("dynamic_partition.enable" = "false")`);
    await pass();
    expect(await names("r")).toEqual(["old", "p20250121", "p20250122"]);
  });

  test("drops nothing of a table while it is being restored", async () => {
    at(Date.parse("2025-01-21T00:00:00Z"));
    await create("DATE", window, old);
    await backup(host(), "sales", "held", "ON (t)");
    at(now);
    const state = () => lab.server.cluster.catalog.allTables().find(({ name }) => name === "t")?.state;
    const sql = await restoreText(host(), { into: "sales", label: "held", on: "t" });
    await lab.server.ticker.pause();
    await run(sql);
    await lab.server.ticker.tick();
    expect(state()).toBe("RESTORE");
    await pass();
    expect(await names()).toContain("old");
    lab.server.ticker.start();
    await expect.poll(state).toBe("NORMAL");
    await pass();
    expect(await names()).not.toContain("old");
  });

  test("passes by itself at the interval it is told", async () => {
    await create("DATE", window);
    at(now + days);
    await lab.server.ticker.tick();
    expect(await names()).toEqual(["p20250205", "p20250206"]);
    await run(`ADMIN SET FRONTEND CONFIG ("dynamic_partition_check_interval_seconds" = "3600")`);
    await lab.server.ticker.tick();
    expect(await names()).toEqual(["p20250205", "p20250206", "p20250207"]);
  });

  test("can be switched off as a whole", async () => {
    await run(`ADMIN SET FRONTEND CONFIG ("dynamic_partition_enable" = "false")`);
    await create("DATE", window, old);
    await pass();
    expect(await names()).toEqual(["old"]);
  });
});

describe("partitions to live", () => {
  const four = [1, 2, 3, 4].map((day) => `PARTITION p${day} VALUES LESS THAN ("2025-02-0${day + 1}")`).join();

  test("partition_live_number counts from now back, and the future not at all", async () => {
    await create(
      "DATE",
      `"partition_live_number" = "2"`,
      `${four}, PARTITION f VALUES LESS THAN ("2030-01-01"),
       PARTITION g VALUES LESS THAN ("2031-01-01")`,
    );
    expect(await names()).toHaveLength(6);
    await pass();
    expect(await names()).toEqual(["p4", "f", "g"]);
    await run(`ALTER TABLE sales.t SET ("partition_live_number" = "-1")`);
    await run(`ALTER TABLE sales.t ADD PARTITION old VALUES [("2020-01-01"), ("2020-01-02"))`);
    await pass();
    expect(await names()).toContain("old");
  });

  test("partition_ttl goes by the end of a partition, before any number", async () => {
    await create("DATE", `"partition_ttl" = "2 days", "partition_live_number" = "1"`, four);
    await pass();
    expect(await names()).toEqual(["p3", "p4"]);
  });
});
