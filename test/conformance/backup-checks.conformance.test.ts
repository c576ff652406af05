import { describe, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, ended, one, restore } from "../support/jobs.ts";
import { analyzed, analyzedAt, analyzedCommon, common, unknownDatabase } from "../support/refusals.ts";

const cluster = useCluster();

async function orders(): Promise<string> {
  const database = await cluster.database();
  await createOrders(cluster, `${database}.orders`);
  return database;
}

describe("§1.4 phase A, the analyzer", () => {
  test("1: an unknown database, before the repository", async () => {
    const name = unique("none");
    expect(await cluster.client.refusal(`BACKUP SNAPSHOT ${name}.s TO no_such_repository`)).toEqual(
      unknownDatabase(name),
    );
  });

  test("2: an unknown repository, before the tables", async () => {
    const database = await orders();
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.s TO no_such_repository ON (none)`),
    ).toEqual(analyzedCommon("Repository [no_such_repository] does not exist"));
  });

  test("3: an unknown table in the ON list: the text of 1104 under 1064", async () => {
    const database = await orders();
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.s TO ${cluster.repository} ON (none)`),
    ).toEqual(analyzed("Incorrect table name 'none'"));
  });

  test("3: table names are case-sensitive", async () => {
    const database = await orders();
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.s TO ${cluster.repository} ON (ORDERS)`),
    ).toEqual(analyzed("Incorrect table name 'ORDERS'"));
  });

  test("4: an unknown partition: with its position, two blanks, and the table glued to the word", async () => {
    const database = await orders();
    const sql = `BACKUP SNAPSHOT ${database}.s TO ${cluster.repository} ON (orders PARTITION (p1, zz))`;
    expect(await cluster.client.refusal(sql)).toEqual(
      analyzedAt(sql, "PARTITION", "))", "partition[zz] does not exist  in tableorders"),
    );
  });

  test("5: a table twice", async () => {
    const database = await orders();
    const sql = `BACKUP SNAPSHOT ${database}.s TO ${cluster.repository} ON (orders, orders)`;
    expect(await cluster.client.refusal(sql)).toEqual(
      analyzedAt(sql, "orders)", "orders)", "Duplicated table: orders"),
    );
  });

  test("an empty database has nothing to back up", async () => {
    const database = await cluster.database();
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.s TO ${cluster.repository}`),
    ).toMatchObject({
      message: expect.stringContaining(`Database: ${database} is empty`),
    });
  });
});

describe("§1.4 phase C, the handler", () => {
  const temporary = (database: string): string =>
    `ALTER TABLE ${database}.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`;

  testEmbedded(
    "9: one job per database, backup or restore; another database is free",
    "stops the tick",
    async () => {
      const [first, second, label] = [await orders(), await orders(), unique("s")];
      await backup(cluster, first, label);
      await cluster.embedded.ticker.pause();
      const busy = common("Can only run one backup or restore job of a database at same time");
      const submit = (database: string) =>
        `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository}`;
      await cluster.client.run(submit(first));
      expect(await cluster.client.refusal(submit(first))).toEqual(busy);
      await cluster.client.run(submit(second));
      cluster.embedded.ticker.start();
      await ended(cluster, "BACKUP", first);
      await ended(cluster, "BACKUP", second);
      await cluster.embedded.ticker.pause();
      const running = restore(cluster, { into: first, label, on: "orders AS copy" });
      await expect.poll(async () => cluster.client.rows(`SHOW RESTORE FROM ${first}`)).toHaveLength(1);
      expect(await cluster.client.refusal(submit(first))).toEqual(busy);
      cluster.embedded.ticker.start();
      await running;
    },
  );

  testEmbedded("9 goes before 10 and 13", "stops the tick", async () => {
    const database = await orders();
    await cluster.embedded.ticker.pause();
    await cluster.client.run(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository}`);
    await cluster.client.run(temporary(database));
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository}`),
    ).toEqual(common("Can only run one backup or restore job of a database at same time"));
  });

  test("13: temporary partitions on a table chosen by name or by default", async () => {
    const database = await orders();
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await cluster.client.run(temporary(database));
    const refusal = common("Do not support backing up table with temp partitions");
    for (const on of ["", "ON (orders)", "ON (orders PARTITION (p2))"])
      expect(
        await cluster.client.refusal(
          `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository} ${on}`,
        ),
      ).toEqual(refusal);
    expect(await backup(cluster, database, unique("s"), "ON (t)")).toMatchObject({ State: "FINISHED" });
    await cluster.client.run(`ALTER TABLE ${database}.orders DROP TEMPORARY PARTITION tp`);
    expect(await backup(cluster, database, unique("s"))).toMatchObject({ State: "FINISHED" });
  });

  test("13: TEMPORARY PARTITION in the ON list, although the names are looked up among the normal ones", async () => {
    const database = await orders();
    expect(
      await cluster.client.refusal(
        `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository} ON (orders TEMPORARY PARTITION (p1))`,
      ),
    ).toEqual(common("Do not support backing up temp partitions"));
  });

  test("16: a label that exists, after the tables", async () => {
    const [database, label] = [await orders(), unique("s")];
    await backup(cluster, database, label);
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`),
    ).toEqual(common(`Snapshot with name '${label}' already exist in repository`));
    await cluster.client.run(temporary(database));
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`),
    ).toEqual(common("Do not support backing up table with temp partitions"));
  });
});
