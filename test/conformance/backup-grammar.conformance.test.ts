import { describe, expect, test } from "vitest";
import { describeEmbedded, type TestCluster, unique, useCluster } from "../support/cluster.ts";
import { createOrders, ended, one } from "../support/jobs.ts";
import { syntax } from "../support/refusals.ts";

const cluster = useCluster();

/** A database with a range table `orders`, a table `t`, and a view `v`. */
async function shop(on: TestCluster): Promise<string> {
  const database = await on.database();
  await createOrders(on, `${database}.orders`);
  await on.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
  await on.client.run(`CREATE VIEW ${database}.v AS SELECT id FROM ${database}.t`);
  return database;
}

describe("§1.1 the form every version has: BACKUP SNAPSHOT db.label TO repo", () => {
  test.each([
    ["everything, without ON", ""],
    ["a table", "ON (orders)"],
    ["several tables", "ON (orders, t)"],
    ["partitions by identifier", "ON (orders PARTITION (p1, p2))"],
    ["partitions in back quotes", "ON (orders PARTITION (`p1`))"],
    ["partitions as double-quoted strings", 'ON (orders PARTITION ("p1"))'],
    ["partitions as single-quoted strings", "ON (orders PARTITION ('p1'))"],
    ["PARTITIONS for PARTITION", "ON (orders PARTITIONS (p1))"],
    ["properties", 'ON (t) PROPERTIES ("type" = "full", "timeout" = "3600")'],
  ])("takes %s", async (_what, tail) => {
    const database = await shop(cluster);
    await cluster.client.run(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository} ${tail}`);
    expect(await ended(cluster, "BACKUP", database)).toMatchObject({ State: "FINISHED", Status: "[OK]" });
  });

  test("needs the database, although the session has one", async () => {
    const [database, session] = [await shop(cluster), await cluster.connect()];
    expect(await session.refusal(`BACKUP SNAPSHOT s TO ${cluster.repository}`)).toMatchObject({
      message: expect.stringMatching(/[Dd]atabase/),
    });
    await session.run(`USE ${database}`);
    for (const tail of ["", "ON (t)"])
      expect(
        await session.refusal(`BACKUP SNAPSHOT ${unique("s")} TO ${cluster.repository} ${tail}`),
      ).toMatchObject({
        message: expect.stringMatching(/null/),
      });
    expect(await session.refusal(`BACKUP SNAPSHOT s TO ${cluster.repository} ON (nope)`)).toMatchObject({
      message: expect.stringMatching(/Incorrect table name 'nope'/),
    });
  });

  test("forbids an alias", async () => {
    const database = await shop(cluster);
    expect(
      await cluster.client.refusal(
        `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository} ON (orders AS o)`,
      ),
    ).toEqual(syntax("Specifying alias for backup object is forbidden in BACKUP stmt"));
  });

  test("has no place for nonsense: a syntax error, 1064", async () => {
    const database = await shop(cluster);
    for (const sql of [
      `BACKUP SNAPSHOT ${database}.s ${cluster.repository}`,
      `BACKUP SNAPSHOT ${database}.s TO ${cluster.repository} ON ()`,
      `BACKUP SNAPSHOT ${database}.s TO ${cluster.repository} ON (orders PARTITION ())`,
      `BACKUP SNAPSHOT ${database}.s TO ${cluster.repository} WHERE 1 = 1`,
    ])
      expect(await cluster.client.refusal(sql)).toMatchObject({
        code: 1064,
        message: expect.stringMatching(/^Getting syntax error at line 1, column \d+\. Detail message: .*\.$/),
      });
  });
});

describe("§1.1 BACKUP DATABASE and object kinds, since 3.4", () => {
  const cases: [what: string, tail: string, objects: string[]][] = [
    ["a database without ON, its views too", "", ["orders", "t", "v"]],
    ["ON (ALL TABLES)", "ON (ALL TABLES)", ["orders", "t"]],
    ["ON (ALL VIEWS)", "ON (ALL VIEWS)", ["v"]],
    ["ON (TABLE …)", "ON (TABLE orders)", ["orders"]],
    ["ON (TABLES …)", "ON (TABLES t)", ["t"]],
    ["ON (VIEW …)", "ON (VIEW v)", ["v"]],
    ["ON (TABLE … PARTITION, VIEW …)", "ON (TABLE orders PARTITION (p1), VIEW v)", ["orders", "v"]],
    ["ON (ALL TABLES, ALL VIEWS)", "ON (ALL TABLES, ALL VIEWS)", ["orders", "t", "v"]],
  ];
  test.each(cases)("takes %s", async (_what, tail, objects) => {
    const database = await shop(cluster);
    await cluster.client.run(
      `BACKUP DATABASE ${database} SNAPSHOT ${unique("s")} TO ${cluster.repository} ${tail}`,
    );
    const row = await ended(cluster, "BACKUP", database);
    expect(row).toMatchObject({ State: "FINISHED", Status: "[OK]" });
    for (const name of ["orders", "t", "v"])
      expect(new RegExp(`\\.${name}(?:PARTITIONS|\\]| AS)`).test(String(row["BackupObjs"]))).toBe(
        objects.includes(name),
      );
  });

  test("forbids the database in both places", async () => {
    const database = await shop(cluster);
    expect(
      await cluster.client.refusal(
        `BACKUP DATABASE ${database} SNAPSHOT ${database}.s TO ${cluster.repository}`,
      ),
    ).toEqual(
      syntax(
        "Specifying dbName before snapshot name is forbidden if the DbName is specified explicitly in BACKUP/RESTORE",
      ),
    );
  });

  test("forbids a database, and ON, beside external catalogs", async () => {
    const { repository, client } = cluster;
    expect(
      await client.refusal(`BACKUP ALL EXTERNAL CATALOGS DATABASE d SNAPSHOT s TO ${repository}`),
    ).toEqual(syntax("Can not sepcify database name for external catalog Backup/Restore"));
    expect(await client.refusal(`BACKUP EXTERNAL CATALOG (c) SNAPSHOT d.s TO ${repository}`)).toEqual(
      syntax("Can not sepcify database name for external catalog Backup/Restore"),
    );
    expect(await client.refusal(`BACKUP EXTERNAL CATALOGS (c) SNAPSHOT s TO ${repository} ON (t)`)).toEqual(
      syntax("Can not sepcify `ON` clause for external catalog Backup/Restore"),
    );
  });
});

describeEmbedded("§1.1 up to 3.3", "needs that version", () => {
  const old = useCluster({ version: "3.3" });

  test("has only the first form", async () => {
    const database = await shop(old);
    for (const sql of [
      `BACKUP DATABASE ${database} SNAPSHOT s TO ${old.repository}`,
      `BACKUP SNAPSHOT ${database}.s TO ${old.repository} ON (TABLE orders)`,
      `BACKUP SNAPSHOT ${database}.s TO ${old.repository} ON (ALL TABLES)`,
      `BACKUP ALL EXTERNAL CATALOGS SNAPSHOT s TO ${old.repository}`,
    ])
      expect(await old.client.refusal(sql)).toMatchObject({
        code: 1064,
        message: expect.stringMatching(/^Getting syntax error at line 1, column \d+\./),
      });
    await old.client.run(`BACKUP SNAPSHOT ${database}.s TO ${old.repository} ON (orders PARTITION (p1), t)`);
    expect(await ended(old, "BACKUP", database)).toMatchObject({ State: "FINISHED" });
  });
});
