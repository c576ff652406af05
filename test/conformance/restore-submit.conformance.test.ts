import { describe, expect, test } from "vitest";
import { describeEmbedded, type TestCluster, testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, ended, one, restore, restoreText, timestamp } from "../support/jobs.ts";
import { analyzedCommon, common, syntax, unknownDatabase } from "../support/refusals.ts";

const cluster = useCluster();

/** A snapshot of `orders` (p1, p2, p3) and `t`. */
async function snapshot(on: TestCluster = cluster): Promise<{ database: string; label: string }> {
  const [database, label] = [await on.database(), unique("s")];
  await createOrders(on, `${database}.orders`);
  await on.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
  await backup(on, database, label);
  return { database, label };
}

const tables = async (on: TestCluster, database: string): Promise<unknown[]> =>
  (await on.client.rows(`SHOW TABLES FROM ${database}`)).map((row) => Object.values(row)[0]);

const exists = async (database: string): Promise<boolean> =>
  (await cluster.client.rows(`SHOW DATABASES LIKE '${database}'`)).length === 1;

/** The properties every RESTORE here needs. */
const needed = async (on: TestCluster, label: string): Promise<string> =>
  `PROPERTIES ("backup_timestamp" = "${await timestamp(on, label)}", "replication_num" = "1")`;

describe("§6.1 grammar", () => {
  test("db.label names the target, whatever database the snapshot is of", async () => {
    const [{ label }, scratch] = [await snapshot(), await cluster.database()];
    await restore(cluster, { into: scratch, label, on: "orders, t" });
    expect(await tables(cluster, scratch)).toEqual(["orders", "t"]);
  });

  test("several tables, each with partitions and alias, in one statement", async () => {
    const { database, label } = await snapshot();
    const row = await restore(cluster, {
      into: database,
      label,
      on: "orders PARTITION (p1, p3) AS some, t AS u",
    });
    expect(row).toMatchObject({ State: "FINISHED" });
    expect(await cluster.client.rows(`SELECT id FROM ${database}.some ORDER BY id`)).toEqual([
      { id: "1" },
      { id: "3" },
    ]);
    expect(await tables(cluster, database)).toEqual(["orders", "some", "t", "u"]);
  });

  test("DATABASE src AS dst makes dst (3.4 and later)", async () => {
    const [{ database, label }, target] = [await snapshot(), cluster.dropLater(unique("db"))];
    const { client, repository } = cluster;
    await client.run(
      `RESTORE SNAPSHOT ${label} FROM ${repository} DATABASE ${database} AS ${target} ON (TABLE orders PARTITION (p2)) ${await needed(cluster, label)}`,
    );
    expect(await ended(cluster, "RESTORE", target)).toMatchObject({ State: "FINISHED" });
    expect(await tables(cluster, target)).toEqual(["orders"]);
  });

  test("without any database the snapshot's own is used, and made when missing", async () => {
    const { database, label } = await snapshot();
    const { client, repository } = cluster;
    await client.run(`DROP DATABASE ${database} FORCE`);
    await client.run(`RESTORE SNAPSHOT ${label} FROM ${repository} ${await needed(cluster, label)}`);
    expect(await ended(cluster, "RESTORE", database)).toMatchObject({ State: "FINISHED" });
    expect(await tables(cluster, database)).toEqual(["orders", "t"]);
  });

  test("ON needs a database, and a database stands in one place only", async () => {
    const { client, repository } = cluster;
    expect(await client.refusal(`RESTORE SNAPSHOT s FROM ${repository} ON (t)`)).toEqual(
      syntax("`ON` clause is forbidden if no Database explicitly specified in Restore stmt"),
    );
    expect(await client.refusal(`RESTORE SNAPSHOT d.s FROM ${repository} DATABASE d ON (t)`)).toEqual(
      syntax(
        "Specifying dbName before snapshot name is forbidden if the DbName is specified explicitly in BACKUP/RESTORE",
      ),
    );
  });

  test.each([
    ["a table twice", "t, t", "Duplicated table: t"],
    ["an alias twice", "t AS a, orders AS a", "Duplicated alias name: a"],
    ["another table's name as alias", "t AS orders, orders", "Duplicated alias name: orders"],
    ["the table's own name as alias", "t AS t", "Duplicated alias name: t"],
  ])("refuses %s", async (_what, on, text) => {
    const { database, label } = await snapshot();
    expect(
      await cluster.client.refusal(await restoreText(cluster, { into: database, label, on })),
    ).toMatchObject({
      code: 1064,
      message: expect.stringMatching(new RegExp(`^Getting analyzing error.*\\. Detail message: ${text}\\.$`)),
    });
  });
});

describeEmbedded("§6.1 up to 3.3", "needs that version", () => {
  const old = useCluster({ version: "3.3" });

  test("has no DATABASE clause, and the target must exist", async () => {
    const { database, label } = await snapshot(old);
    expect(
      await old.client.refusal(
        `RESTORE SNAPSHOT ${label} FROM ${old.repository} DATABASE ${database} ON (t) ${await needed(old, label)}`,
      ),
    ).toMatchObject({
      code: 1064,
      message: expect.stringMatching(/^Getting syntax error at line 1, column \d+\./),
    });
    const missing = unique("none");
    expect(await old.client.refusal(await restoreText(old, { into: missing, label, on: "t" }))).toEqual(
      unknownDatabase(missing),
    );
    expect(await restore(old, { into: database, label, on: "t AS u" })).toMatchObject({ State: "FINISHED" });
  });
});

describe("§6.2 PROPERTIES of RESTORE", () => {
  const stamp = '"backup_timestamp" = "2018-05-04-16-45-08-123"';
  test.each([
    ['"replication_num" = "1"', "Missing backup_timestamp property"],
    ['"colour" = "red"', "Missing backup_timestamp property"],
    [`${stamp}, "replication_num" = "one"`, "Invalid meta version format: one"],
    [`${stamp}, "allow_load" = "perhaps"`, "Invalid allow load value: perhaps"],
    [`${stamp}, "timeout" = "soon"`, "Invalid timeout format: soon"],
    [`${stamp}, "timeout" = "599"`, "timeout must be at least 10 min"],
    [`${stamp}, "meta_version" = "x"`, "Invalid meta version format: x"],
    [`${stamp}, "starrocks_meta_version" = "x"`, "Invalid meta version format: x"],
    [`${stamp}, "colour" = "red"`, "Unknown restore job properties: [colour]"],
  ])("%s is refused: %s", async (properties, text) => {
    const database = await cluster.database();
    expect(
      await cluster.client.refusal(
        `RESTORE SNAPSHOT ${database}.s FROM ${cluster.repository} ON (t) PROPERTIES (${properties})`,
      ),
    ).toEqual(analyzedCommon(text));
  });

  test("are looked at before the repository", async () => {
    const database = await cluster.database();
    expect(
      await cluster.client.refusal(
        `RESTORE SNAPSHOT ${database}.s FROM no_such_repository ON (t) PROPERTIES ("a" = "b")`,
      ),
    ).toEqual(analyzedCommon("Missing backup_timestamp property"));
  });

  test("timeout, allow_load, meta versions and replication_num are taken and shown", async () => {
    const { database, label } = await snapshot();
    const more =
      '"timeout" = "900", "allow_load" = "TRUE", "meta_version" = "1", "starrocks_meta_version" = "4"';
    expect(await restore(cluster, { into: database, label, on: "t AS u", more })).toMatchObject({
      State: "FINISHED",
      Timeout: "900",
      AllowLoad: "true",
      ReplicationNum: "1",
    });
  });

  testEmbedded("replication_num is 3 by default, not the source's", "counts on one backend", async () => {
    const { database, label } = await snapshot();
    expect(
      await restore(cluster, { into: database, label, on: "t AS u", replication: "unset" }),
    ).toMatchObject({
      State: "CANCELLED",
      ReplicationNum: "3",
      Status: "[COMMON_ERROR, msg: failed to find 3 different hosts to create table: t]",
    });
    expect(await tables(cluster, database)).toEqual(["orders", "t"]);
  });
});

describe("§6.3 errors at submit, in their order", () => {
  test("1: the repository: the handler's text, unlike BACKUP's", async () => {
    const database = await cluster.database();
    expect(
      await cluster.client.refusal(
        `RESTORE SNAPSHOT ${database}.s FROM no_such_repository ON (t) PROPERTIES ("backup_timestamp" = "x")`,
      ),
    ).toEqual(common("Repository no_such_repository does not exist"));
  });

  test("2: a wrong timestamp or label, before a missing target is made", async () => {
    const { label } = await snapshot();
    const target = cluster.dropLater(unique("db"));
    for (const name of [label, unique("none")])
      expect(
        await cluster.client.refusal(
          `RESTORE SNAPSHOT ${target}.${name} FROM ${cluster.repository} ON (t) PROPERTIES ("backup_timestamp" = "2018-05-04-16-45-08-123")`,
        ),
      ).toEqual({
        code: 5064,
        sqlState: "42000",
        message: expect.stringMatching(
          new RegExp(
            `^Failed to get info of snapshot '${name}' because: (Expected one file with path: .* get: 0|File does not exist: .*)\\. Maybe specified wrong backup timestamp$`,
          ),
        ),
      });
    expect(await exists(target)).toBe(false);
  });

  test("4: a missing target is made before the later checks, and stays when they fail", async () => {
    const { label } = await snapshot();
    const target = cluster.dropLater(unique("db"));
    expect(
      await cluster.client.refusal(await restoreText(cluster, { into: target, label, on: "none" })),
    ).toEqual(common(`Table none does not exist in snapshot ${label}`));
    expect(await exists(target)).toBe(true);
  });

  testEmbedded(
    "5: a job in the target database, of either kind, before the snapshot's content is looked at",
    "stops the tick",
    async () => {
      const [{ database, label }, target] = [await snapshot(), await cluster.database()];
      await createOrders(cluster, `${target}.orders`);
      await cluster.embedded.ticker.pause();
      const busy = common("Can only run one backup or restore job of a database at same time");
      await cluster.client.run(`BACKUP SNAPSHOT ${target}.${unique("s")} TO ${cluster.repository}`);
      expect(
        await cluster.client.refusal(await restoreText(cluster, { into: target, label, on: "none" })),
      ).toEqual(busy);
      await cluster.client.run(await restoreText(cluster, { into: database, label, on: "t AS u" }));
      expect(await cluster.client.refusal(await restoreText(cluster, { into: database, label }))).toEqual(
        busy,
      );
    },
  );

  testEmbedded("5: a job in the source database is no matter", "stops the tick", async () => {
    const [{ database, label }, target] = [await snapshot(), await cluster.database()];
    await cluster.embedded.ticker.pause();
    await cluster.client.run(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository}`);
    await cluster.client.run(await restoreText(cluster, { into: target, label }));
    cluster.embedded.ticker.start();
    expect(await ended(cluster, "RESTORE", target)).toMatchObject({ State: "FINISHED" });
    await ended(cluster, "BACKUP", database);
  });

  test("6: DATABASE src that is not the snapshot's", async () => {
    const [{ label }, other, target] = [
      await snapshot(),
      await cluster.database(),
      cluster.dropLater(unique("db")),
    ];
    expect(
      await cluster.client.refusal(
        `RESTORE SNAPSHOT ${label} FROM ${cluster.repository} DATABASE ${other} AS ${target} ON (none) ${await needed(cluster, label)}`,
      ),
    ).toEqual(common(`target database: ${other} is not existed in snapshot`));
    expect(await exists(target)).toBe(true);
  });

  test.each([
    ["7: a table", "none", "Table none does not exist in snapshot"],
    ["7: table names are case-sensitive", "ORDERS", "Table ORDERS does not exist in snapshot"],
    [
      "8: temporary partitions",
      "orders TEMPORARY PARTITION (zz)",
      "Do not support restoring temporary partitions",
    ],
    [
      "9: a partition",
      "orders PARTITION (p1, zz)",
      "Partition zz of table orders does not exist in snapshot",
    ],
    [
      "9: partition names are case-sensitive",
      "orders PARTITION (P1)",
      "Partition P1 of table orders does not exist in snapshot",
    ],
  ])("%s", async (_what, on, text) => {
    const { database, label } = await snapshot();
    expect(await cluster.client.refusal(await restoreText(cluster, { into: database, label, on }))).toEqual(
      common(text.endsWith("snapshot") ? `${text} ${label}` : text),
    );
  });
});
