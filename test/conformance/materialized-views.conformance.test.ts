import { beforeEach, describe, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, one, partitions, timestamp } from "../support/jobs.ts";

const cluster = useCluster();

let database = "";
beforeEach(async () => {
  database = await cluster.database();
  await createOrders(cluster, `${database}.orders`);
  await cluster.client.run(
    `CREATE MATERIALIZED VIEW ${database}.mv DISTRIBUTED BY HASH (id) BUCKETS 1 REFRESH DEFERRED MANUAL ${one} AS SELECT id, item FROM ${database}.orders`,
  );
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const refusal = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));
const rows = (sql: string) => cluster.client.rows(sql.replaceAll("$d", database));

describe("an asynchronous materialized view", () => {
  test("is listed as such by tables_config (§1.5)", async () => {
    expect(
      await rows(
        "SELECT TABLE_NAME AS name, TABLE_ENGINE AS engine FROM information_schema.tables_config WHERE TABLE_SCHEMA = '$d' ORDER BY 1",
      ),
    ).toEqual([
      { name: "mv", engine: "MATERIALIZED_VIEW" },
      { name: "orders", engine: "OLAP" },
    ]);
  });

  test("has rows in partitions_meta (§9.1)", async () => {
    expect(Object.keys(await partitions(cluster, database, "mv"))).toEqual(["mv"]);
  });

  test("is a VIEW to information_schema.tables and SHOW FULL TABLES", async () => {
    expect(
      await rows(
        "SELECT TABLE_TYPE AS t FROM information_schema.tables WHERE TABLE_SCHEMA = '$d' AND TABLE_NAME = 'mv'",
      ),
    ).toEqual([{ t: "VIEW" }]);
    expect(await rows("SHOW FULL TABLES FROM $d LIKE 'mv'")).toMatchObject([{ Table_type: "VIEW" }]);
  });

  test("holds rows once it is refreshed, under a new partition id (§9.5)", async () => {
    const before = (await partitions(cluster, database, "mv"))["mv"];
    expect(await rows("SELECT count(*) AS n FROM $d.mv")).toEqual([{ n: "0" }]);
    await run("REFRESH MATERIALIZED VIEW $d.mv WITH SYNC MODE");
    expect(await rows("SELECT count(*) AS n FROM $d.mv")).toEqual([{ n: "3" }]);
    expect((await partitions(cluster, database, "mv"))["mv"]?.["id"]).not.toBe(before?.["id"]);
  });

  test("is shown by SHOW MATERIALIZED VIEWS and SHOW CREATE MATERIALIZED VIEW", async () => {
    expect(await rows("SHOW MATERIALIZED VIEWS FROM $d LIKE 'mv'")).toMatchObject([
      { name: "mv", is_active: "true" },
    ]);
    const [created] = await rows("SHOW CREATE MATERIALIZED VIEW $d.mv");
    expect(String(created?.["Create Materialized View"])).toMatch(
      /^CREATE MATERIALIZED VIEW `mv` \(`id`, `item`\)/,
    );
  });

  test("cannot be written", async () => {
    expect((await refusal("INSERT INTO $d.mv VALUES (1, 'x')")).message).toMatch(/materialized view/i);
  });

  test("becomes inactive when its table is dropped", async () => {
    await run("DROP TABLE $d.orders");
    expect(
      await rows(
        "SELECT IS_ACTIVE AS a, INACTIVE_REASON AS r FROM information_schema.materialized_views WHERE TABLE_SCHEMA = '$d'",
      ),
    ).toEqual([{ a: "false", r: expect.stringContaining("base-table dropped: orders") }]);
  });

  test("can be set inactive, and is not refreshed then", async () => {
    await run("ALTER MATERIALIZED VIEW $d.mv INACTIVE");
    expect((await refusal("REFRESH MATERIALIZED VIEW $d.mv WITH SYNC MODE")).message).toMatch(/not active/i);
    await run("ALTER MATERIALIZED VIEW $d.mv ACTIVE");
    await run("REFRESH MATERIALIZED VIEW $d.mv WITH SYNC MODE");
  });

  test("is skipped silently by BACKUP of the database, and taken when named (§1.5)", async () => {
    const whole = unique("s");
    await backup(cluster, database, whole);
    const details = async (label: string) => {
      const [row] = await rows(
        `SHOW SNAPSHOT ON ${cluster.repository} WHERE SNAPSHOT = '${label}' AND TIMESTAMP = '${await timestamp(cluster, label)}'`,
      );
      return String(row?.["Details"]);
    };
    expect(await details(whole)).not.toContain('"mv"');
    if (!cluster.atLeast(3.5)) return;
    const named = unique("s");
    expect(await backup(cluster, database, named, "ON (MATERIALIZED VIEW mv)")).toMatchObject({
      State: "FINISHED",
    });
    expect(await details(named)).toContain("mv");
  });

  testEmbedded("is taken if a config says so (§1.5)", "a shared cluster keeps its configs", async () => {
    await run('ADMIN SET FRONTEND CONFIG ("enable_backup_materialized_view" = "true")');
    const objects = async (tail: string) =>
      String((await backup(cluster, database, unique("s"), tail))["BackupObjs"]);
    expect(await objects("")).toMatch(/\.mv\b/);
    expect(await objects("ON (ALL MATERIALIZED VIEWS)")).toMatch(/\.mv\b/);
    expect(await objects("ON (ALL TABLES)")).not.toMatch(/\.mv\b/);
  });

  test("is dropped by DROP MATERIALIZED VIEW", async () => {
    await run("DROP MATERIALIZED VIEW $d.mv");
    await run("DROP MATERIALIZED VIEW IF EXISTS $d.mv");
    expect(await rows("SHOW TABLES FROM $d LIKE 'mv'")).toEqual([]);
  });
});
