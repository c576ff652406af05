import { describe, expect, test } from "vitest";
import { describeEmbedded, type TestCluster, testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, ended, one, restore } from "../support/jobs.ts";
import { common } from "../support/refusals.ts";

const cluster = useCluster();

/** Makes a table of the embedded server one of another type, as no statement of a shared-nothing cluster can. */
function retype(
  { embedded }: TestCluster,
  database: string,
  name: string,
  engine: "OLAP" | "CLOUD_NATIVE",
): void {
  const { catalog } = embedded.cluster;
  const found = catalog
    .allTables()
    .find((table) => table.name === name && table.dbId === catalog.database(database)?.id);
  if (!found) throw new Error(`no table ${database}.${name}`);
  found.engine = engine;
}

describe("§1.5 what is eligible", () => {
  testEmbedded("never shared-data tables, by name or within a database", "makes such tables", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    await cluster.client.run(`CREATE TABLE ${database}.other (id INT) ${one}`);
    retype(cluster, database, "other", "CLOUD_NATIVE");
    const refusal = common("Table: other can not support backup restore, type: CLOUD_NATIVE");
    for (const on of ["", "ON (other)", "ON (orders, other)"])
      expect(
        await cluster.client.refusal(
          `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository} ${on}`,
        ),
      ).toEqual(refusal);
    expect(await backup(cluster, database, unique("s"), "ON (orders)")).toMatchObject({
      State: "FINISHED",
    });
    retype(cluster, database, "other", "OLAP");
  });

  test.each([
    ["PRIMARY KEY", "id INT NOT NULL, n INT", "PRIMARY KEY (id) DISTRIBUTED BY HASH (id)"],
    ["AGGREGATE KEY", "id INT, n INT SUM", "AGGREGATE KEY (id) DISTRIBUTED BY HASH (id)"],
    ["UNIQUE KEY", "id INT, n INT", "UNIQUE KEY (id) DISTRIBUTED BY HASH (id)"],
    ["random distribution", "id INT, n INT", "DUPLICATE KEY (id) DISTRIBUTED BY RANDOM"],
    ["list partitions", "id INT NOT NULL, n INT", "PARTITION BY LIST (id) (PARTITION a VALUES IN ('1'))"],
    ["automatic partitions", "d DATETIME NOT NULL, n INT", "PARTITION BY date_trunc('day', d)"],
  ])("a table with %s", async (_what, columns, clauses) => {
    const [database, label] = [await cluster.database(), unique("s")];
    await cluster.client.run(`CREATE TABLE ${database}.t (${columns}) ${clauses} ${one}`);
    expect(await backup(cluster, database, label)).toMatchObject({ State: "FINISHED" });
    expect(await restore(cluster, { into: database, label, on: "t AS copy" })).toMatchObject({
      State: "FINISHED",
    });
  });

  test("partition names of BACKUP match in any case", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    const row = await backup(cluster, database, unique("s"), "ON (orders PARTITION (P1))");
    expect(row).toMatchObject({ State: "FINISHED" });
  });

  test("a view: since 3.4", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await cluster.client.run(`CREATE VIEW ${database}.v AS SELECT id FROM ${database}.t`);
    await cluster.client.run(
      `BACKUP DATABASE ${database} SNAPSHOT ${label} TO ${cluster.repository} ON (VIEW v)`,
    );
    expect(await ended(cluster, "BACKUP", database)).toMatchObject({ State: "FINISHED" });
    await cluster.client.run(`DROP VIEW ${database}.v`);
    await restore(cluster, { into: database, label });
    expect(await cluster.client.rows(`SHOW TABLES FROM ${database} LIKE 'v'`)).toHaveLength(1);
  });
});

describeEmbedded("§1.5 views up to 3.3", "needs that version", () => {
  const old = useCluster({ version: "3.3" });

  test("are no object of a backup: left out of a database, refused by name", async () => {
    const database = await old.database();
    await old.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await old.client.run(`CREATE VIEW ${database}.v AS SELECT id FROM ${database}.t`);
    expect(
      await old.client.refusal(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${old.repository} ON (v)`),
    ).toEqual(common("Table: v can not support backup restore, type: VIEW"));
  });
});

describe("§10 the hidden partition of automatic tables", () => {
  test("an automatic table without data can be backed up whole", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    await cluster.client.run(
      `CREATE TABLE ${database}.t (d DATETIME NOT NULL, n INT) PARTITION BY date_trunc('day', d) ${one}`,
    );
    expect(await backup(cluster, database, label)).toMatchObject({ State: "FINISHED" });
  });

  test("travels with a backup without a PARTITION list, and stays away from one with it", async () => {
    const [database, whole, list] = [await cluster.database(), unique("s"), unique("s")];
    await cluster.client.run(
      `CREATE TABLE ${database}.t (d DATETIME NOT NULL, n INT) PARTITION BY date_trunc('day', d) ${one}`,
    );
    await cluster.client.run(`INSERT INTO ${database}.t VALUES ('2025-03-04 05:06:07', 1)`);
    await backup(cluster, database, whole);
    await backup(cluster, database, list, "ON (t PARTITION (p20250304))");
    await restore(cluster, { into: database, label: whole, on: "t AS a" });
    await restore(cluster, { into: database, label: list, on: "t AS b" });
    const shadows = async (table: string) =>
      (
        await cluster.client.rows(
          `SELECT PARTITION_NAME FROM information_schema.partitions_meta
           WHERE DB_NAME = '${database}' AND TABLE_NAME = '${table}' AND PARTITION_NAME LIKE '$shadow%'`,
        )
      ).length;
    expect([await shadows("a"), await shadows("b")]).toEqual([1, 0]);
  });
});
