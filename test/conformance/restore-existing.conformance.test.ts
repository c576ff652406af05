import { describe, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, ended, one, partitions, restore, restoreText } from "../support/jobs.ts";

const cluster = useCluster();

const common = (text: string): string => `[COMMON_ERROR, msg: ${text}]`;

const different = (reason: string): string =>
  common(`Table t already exist but with different schema, errMsg: ${reason}`);

/** Definitions of `t` in two databases, apart in one thing. */
type Pair = Readonly<{ source: string; target: string }>;

const range = (column: string, more = "") =>
  `PARTITION BY RANGE (${column}) (PARTITION p1 VALUES LESS THAN ("2025-01-02")) ${more}`;

/** A snapshot of `source` restored into a database where `t` is already there as `target`. */
async function restoreOver({ source, target }: Pair, on = "t"): Promise<Record<string, unknown>> {
  const [from, into, label] = [await cluster.database(), await cluster.database(), unique("s")];
  await cluster.client.run(`CREATE TABLE ${from}.t ${source}`);
  await cluster.client.run(`CREATE TABLE ${into}.t ${target}`);
  await backup(cluster, from, label);
  return restore(cluster, { into, label, on });
}

async function snapshot(): Promise<{ database: string; label: string }> {
  const [database, label] = [await cluster.database(), unique("s")];
  await createOrders(cluster, `${database}.orders`);
  await backup(cluster, database, label);
  return { database, label };
}

const ids = async (table: string): Promise<unknown[]> =>
  (await cluster.client.rows(`SELECT id FROM ${table} ORDER BY id`)).map((row) => Number(row["id"]));

describe("§6.4 A 1: the existing target's state", () => {
  test("temporary partitions end the job", async () => {
    const { database, label } = await snapshot();
    await cluster.client.run(
      `ALTER TABLE ${database}.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`,
    );
    expect(await restore(cluster, { into: database, label })).toMatchObject({
      State: "CANCELLED",
      Status: common("Do not support restoring table with temp partitions"),
    });
    expect(await ids(`${database}.orders`)).toEqual([1, 2, 3]);
  });

  testEmbedded("a shared-data target ends the job", "makes such a table", async () => {
    const { database, label } = await snapshot();
    const { catalog } = cluster.embedded.cluster;
    const table = catalog.allTables().find(({ dbId }) => dbId === catalog.database(database)?.id);
    if (table) table.engine = "CLOUD_NATIVE";
    expect(await restore(cluster, { into: database, label })).toMatchObject({
      Status: "[UNSUPPORTED, msg: Table: orders can not support backup restore, type: {}CLOUD_NATIVE]",
    });
  });
});

describe("§6.4 A 2: views", () => {
  test("a view over a table: BAD_REPLACE; over a view: replaced", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    const view = (column: string) => `CREATE VIEW ${database}.v AS SELECT ${column} FROM ${database}.t`;
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT, n INT) ${one}`);
    await cluster.client.run(view("id"));
    await backup(cluster, database, label);
    await cluster.client.run(`DROP VIEW ${database}.v`);
    await cluster.client.run(view("n"));
    expect(await restore(cluster, { into: database, label, on: "VIEW v" })).toMatchObject({
      State: "FINISHED",
    });
    expect((await cluster.client.rows(`SHOW COLUMNS FROM ${database}.v`)).map((row) => row["Field"])).toEqual(
      ["id"],
    );
    await cluster.client.run(`DROP VIEW ${database}.v`);
    await cluster.client.run(`CREATE TABLE ${database}.v (id INT) ${one}`);
    expect(await restore(cluster, { into: database, label, on: "VIEW v" })).toMatchObject({
      State: "CANCELLED",
      Status: "[BAD_REPLACE, msg: Table: v has existed and it is not a View]",
    });
  });
});

describe("§6.4 A 4: the auto-increment counter", () => {
  // Nodes of a real cluster hand out numbers from caches of their own, so the next one cannot be foretold there.
  testEmbedded("moves back even if the job fails at the schema afterwards", "counts exactly", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    const table = `${database}.t`;
    await cluster.client.run(
      `CREATE TABLE ${table} (id BIGINT NOT NULL AUTO_INCREMENT, n INT) PRIMARY KEY (id) DISTRIBUTED BY HASH (id) BUCKETS 1 ${one}`,
    );
    await cluster.client.run(`ADMIN SET FRONTEND CONFIG ("auto_increment_cache_size" = "0")`);
    await cluster.client.run(`INSERT INTO ${table} (n) VALUES (1)`);
    await backup(cluster, database, label);
    const counter = async () =>
      (await ids(table)).reduce((most: number, id) => Math.max(most, Number(id)), 0);
    const atBackup = await counter();
    await cluster.client.run(`INSERT INTO ${table} (n) VALUES (2), (3), (4)`);
    await cluster.client.run(`DELETE FROM ${table} WHERE n > 1`);
    await cluster.client.run(`ALTER TABLE ${table} MODIFY COLUMN n INT COMMENT "changed"`);
    expect(await restore(cluster, { into: database, label })).toMatchObject({ State: "CANCELLED" });
    await cluster.client.run(`INSERT INTO ${table} (n) VALUES (5)`);
    expect(await counter()).toBe(atBackup + 1);
  });
});

describe("§6.4 A 5: the signature", () => {
  const cases: [what: string, pair: Pair, status: string][] = [
    [
      "the number of short keys",
      {
        source: `(a INT, b INT, c INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
        target: `(a INT, b INT, c INT) DUPLICATE KEY (a, b) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
      },
      different("short key column count is inconsistent"),
    ],
    [
      "the number of short keys where ORDER BY says what a table is sorted by",
      {
        source: `(a INT, b INT, c INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 ORDER BY (a, b) ${one}`,
        target: `(a INT, b INT, c INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 ORDER BY (a) ${one}`,
      },
      different("short key column count is inconsistent"),
    ],
    [
      "the number of short keys: a text ends them",
      {
        source: `(a INT, b VARCHAR(9), c INT) DUPLICATE KEY (a, b, c) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
        target: `(a INT, b INT, c INT) DUPLICATE KEY (a, b, c) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
      },
      different("short key column count is inconsistent"),
    ],
    [
      "bloom filters on other columns",
      {
        source: `(a INT, b INT, c INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 PROPERTIES ("replication_num" = "1", "bloom_filter_columns" = "b")`,
        target: `(a INT, b INT, c INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 PROPERTIES ("replication_num" = "1", "bloom_filter_columns" = "c")`,
      },
      different("bloom filter is inconsistent"),
    ],
    [
      "bloom filters on one side only: no reason, the sums are not of one length",
      {
        source: `(a INT, b INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
        target: `(a INT, b INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 PROPERTIES ("replication_num" = "1", "bloom_filter_columns" = "b")`,
      },
      different(""),
    ],
    [
      "the partition type, caught just before",
      {
        source: `(a DATE, b DATE) DUPLICATE KEY (a, b) ${range("a")} DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
        target: `(a DATE, b DATE) DUPLICATE KEY (a, b) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
      },
      common("Table's partition type is different"),
    ],
    [
      "the partition columns",
      {
        source: `(a DATE, b DATE) DUPLICATE KEY (a, b) ${range("a")} DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
        target: `(a DATE, b DATE) DUPLICATE KEY (a, b) ${range("b")} DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
      },
      different("partition columns is inconsistent"),
    ],
    [
      "the distribution columns",
      {
        source: `(a INT, b INT) DUPLICATE KEY (a, b) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
        target: `(a INT, b INT) DUPLICATE KEY (a, b) DISTRIBUTED BY HASH (b) BUCKETS 1 ${one}`,
      },
      different("partition distribution col hash is inconsistent"),
    ],
    [
      "the distribution type: no reason, the sums are not of one length",
      {
        source: `(a INT, b INT) DUPLICATE KEY (a, b) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
        target: `(a INT, b INT) DUPLICATE KEY (a, b) DISTRIBUTED BY RANDOM BUCKETS 1 ${one}`,
      },
      different(""),
    ],
    [
      "the bucket count",
      {
        source: `(a INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 2 ${one}`,
        target: `(a INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 3 ${one}`,
      },
      different("bucket num is inconsistent"),
    ],
    [
      "the number of columns: no reason",
      {
        source: `(a INT, b INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
        target: `(a INT, b INT, c INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
      },
      different(""),
    ],
    [
      "the key type",
      {
        source: `(a INT, b INT) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
        target: `(a INT, b INT) UNIQUE KEY (a) DISTRIBUTED BY HASH (a) BUCKETS 1 ${one}`,
      },
      common("Table t already exist but with different key type"),
    ],
  ];
  test.each(cases)("compares %s", async (_what, pair, status) => {
    expect(await restoreOver(pair)).toMatchObject({ State: "CANCELLED", Status: status });
  });

  test("compares bucket counts of common partitions only, requested or not", async () => {
    const define = (p2: string) =>
      `(a DATE) DUPLICATE KEY (a) PARTITION BY RANGE (a) (PARTITION p1 VALUES LESS THAN ("2025-01-02")) DISTRIBUTED BY HASH (a) BUCKETS 2 ${one}|ADD PARTITION ${p2} VALUES LESS THAN ("2025-01-03") DISTRIBUTED BY HASH (a) BUCKETS 4`.split(
        "|",
      );
    const run = async (target: string): Promise<unknown> => {
      const [from, into, label] = [await cluster.database(), await cluster.database(), unique("s")];
      for (const [database, name, buckets] of [
        [from, "p2", 2],
        [into, target, 4],
      ] as const) {
        const [create, add] = define(name);
        await cluster.client.run(`CREATE TABLE ${database}.t ${create}`);
        await cluster.client.run(
          `ALTER TABLE ${database}.t ${add?.replace("BUCKETS 4", `BUCKETS ${buckets}`)}`,
        );
      }
      await backup(cluster, from, label);
      return (await restore(cluster, { into, label, on: "t PARTITION (p1)" }))["Status"];
    };
    expect(await run("p2")).toBe(different("bucket num is inconsistent"));
    expect(await run("q2")).toBe("[OK]");
  });
});

describe("§6.4 A 6: columns, one by one", () => {
  const keys = `DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`;
  const mismatch = (local: string, remote: string): string =>
    common(
      `Table t already exist but with different schema, column: ${local} in existed table is different from the column in backup snapshot, column: ${remote}`,
    );
  test.each([
    ["type", "c INT", "c BIGINT"],
    ["length", "c VARCHAR(10)", "c VARCHAR(11)"],
    ["precision", "c DECIMAL(10, 2)", "c DECIMAL(11, 2)"],
    ["nullability", "c INT NULL", "c INT NOT NULL"],
    ["default", 'c INT DEFAULT "1"', 'c INT DEFAULT "2"'],
    ["generated expression", "c BIGINT AS (k + 1)", "c BIGINT AS (k + 2)"],
    ["comment", 'c INT COMMENT "one"', 'c INT COMMENT "two"'],
  ])("compares the %s", async (_what, mine, other) => {
    const pair = { source: `(k INT, ${mine}) ${keys}`, target: `(k INT, ${other}) ${keys}` };
    expect(await restoreOver(pair)).toMatchObject({ State: "CANCELLED", Status: mismatch("c", "c") });
  });

  test("compares the name, and says both", async () => {
    const pair = { source: `(k INT, c INT) ${keys}`, target: `(k INT, d INT) ${keys}` };
    expect(await restoreOver(pair)).toMatchObject({ Status: mismatch("d", "c") });
  });

  test("compares aggregations", async () => {
    const of = (fn: string) =>
      `(k INT, c INT ${fn}) AGGREGATE KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`;
    expect(await restoreOver({ source: of("SUM"), target: of("MAX") })).toMatchObject({
      Status: mismatch("c", "c"),
    });
  });

  test("does not compare the case of names, the table's comment or its other properties", async () => {
    const pair = {
      source: `(k INT, c INT) ${keys}`,
      target: `(K INT, C INT) DUPLICATE KEY (K) COMMENT "else" DISTRIBUTED BY HASH (K) BUCKETS 1 PROPERTIES ("replication_num" = "1", "compression" = "ZSTD")`,
    };
    // The signature's hash of distribution columns holds their names.
    const { Status: status } = await restoreOver({
      ...pair,
      target: pair.target.replaceAll("K ", "k ").replaceAll("(K)", "(k)"),
    });
    expect(status).toBe("[OK]");
  });
});

describe("§6.4 A 7: partitions", () => {
  test("an existing one is overwritten, an absent range is added, others stay", async () => {
    const { database, label } = await snapshot();
    await cluster.client.run(`ALTER TABLE ${database}.orders DROP PARTITION p2`);
    await cluster.client.run(
      `ALTER TABLE ${database}.orders ADD PARTITION p4 VALUES LESS THAN ("2025-01-05")`,
    );
    await cluster.client.run(
      `INSERT INTO ${database}.orders VALUES (7, '2025-01-01', 'x'), (8, '2025-01-03', 'x'), (9, '2025-01-04', 'x')`,
    );
    expect(await restore(cluster, { into: database, label, on: "orders PARTITION (p1, p2)" })).toMatchObject({
      State: "FINISHED",
    });
    expect(await ids(`${database}.orders`)).toEqual([1, 2, 3, 8, 9]);
    expect(Object.keys(await partitions(cluster, database, "orders")).sort()).toEqual([
      "p1",
      "p2",
      "p3",
      "p4",
    ]);
  });

  test("another range under the name", async () => {
    const { database, label } = await snapshot();
    await cluster.client.run(`ALTER TABLE ${database}.orders DROP PARTITION p3`);
    await cluster.client.run(
      `ALTER TABLE ${database}.orders ADD PARTITION p3 VALUES [("2025-01-03"), ("2025-01-09")) DISTRIBUTED BY HASH (id) BUCKETS 2`,
    );
    expect(await restore(cluster, { into: database, label })).toMatchObject({
      State: "CANCELLED",
      Status: common("Partition p3 in table orders has different range with partition in repository"),
    });
  });

  test("another name over the range", async () => {
    const { database, label } = await snapshot();
    await cluster.client.run(`ALTER TABLE ${database}.orders RENAME PARTITION p3 q3`);
    expect(await restore(cluster, { into: database, label, on: "orders PARTITION (p3)" })).toMatchObject({
      State: "CANCELLED",
      Status: common("Partition p3 in table orders has conflict range with existing ranges"),
    });
  });

  testEmbedded("another replication number", "counts on one backend", async () => {
    const { database, label } = await snapshot();
    expect(await restore(cluster, { into: database, label, replication: "unset" })).toMatchObject({
      State: "CANCELLED",
      Status: common(
        "Partition p1 in table orders has different replication num '1' with partition in repository, which is 3",
      ),
    });
    expect(await ids(`${database}.orders`)).toEqual([1, 2, 3]);
  });

  test("lists: matched by name, whatever the values; an absent one cannot be added", async () => {
    const [from, into, label] = [await cluster.database(), await cluster.database(), unique("s")];
    const create = (database: string, values: string, more = "") =>
      cluster.client.run(
        `CREATE TABLE ${database}.t (id INT, r VARCHAR(5) NOT NULL) DUPLICATE KEY (id) PARTITION BY LIST (r) (PARTITION eu VALUES IN (${values})${more}) DISTRIBUTED BY HASH (id) BUCKETS 1 ${one}`,
      );
    await create(from, '"de", "fr"', ', PARTITION us VALUES IN ("us")');
    await create(into, '"de"');
    await cluster.client.run(`INSERT INTO ${from}.t VALUES (1, 'fr'), (2, 'us')`);
    await backup(cluster, from, label);
    expect(await restore(cluster, { into, label, on: "t PARTITION (eu)" })).toMatchObject({
      State: "FINISHED",
    });
    expect(await ids(`${into}.t`)).toEqual([1]);
    expect(await restore(cluster, { into, label, on: "t" })).toMatchObject({
      State: "CANCELLED",
      Status: common("No partition exist in single partitioned table t"),
    });
  });

  test("an unpartitioned table is overwritten whole", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await cluster.client.run(`INSERT INTO ${database}.t VALUES (1)`);
    await backup(cluster, database, label);
    await cluster.client.run(`INSERT INTO ${database}.t VALUES (2)`);
    expect(await restore(cluster, { into: database, label })).toMatchObject({ State: "FINISHED" });
    expect(await ids(`${database}.t`)).toEqual([1]);
  });

  testEmbedded(
    "more than one physical partition in the snapshot: automatic bucketing",
    "adds a physical partition",
    async () => {
      const [database, label] = [await cluster.database(), unique("s")];
      await cluster.client.run(`CREATE TABLE ${database}.t (id INT) DISTRIBUTED BY RANDOM ${one}`);
      const { cluster: inner } = cluster.embedded;
      const table = inner.catalog
        .allTables()
        .find(({ dbId }) => dbId === inner.catalog.database(database)?.id);
      inner.catalog
        .partitions(table?.id ?? 0)
        .normal()[0]
        ?.physical.push(inner.newPhysicalPartition(2));
      await backup(cluster, database, label);
      expect(await restore(cluster, { into: database, label })).toMatchObject({
        State: "CANCELLED",
        Status: common("Partition t in table t is automatic bucket partition, can not be restored"),
      });
    },
  );

  test("RANDOM with another bucket count: an internal error, then a misleading Status", async () => {
    const of = (buckets: number) =>
      `(a INT) DUPLICATE KEY (a) DISTRIBUTED BY RANDOM BUCKETS ${buckets} ${one}`;
    const row = await restoreOver({ source: of(2), target: of(3) });
    expect(row).toMatchObject({
      State: "CANCELLED",
      Status: common("Table t's state is not NORMAL: RESTORE"),
    });
  });
});

describe("§6.5 the alias rule", () => {
  test("AS an absent table works, AS an existing one never, not even one made by such a restore", async () => {
    const { database, label } = await snapshot();
    const on = "orders PARTITION (p1) AS orders_tmp";
    expect(await restore(cluster, { into: database, label, on })).toMatchObject({ State: "FINISHED" });
    expect(await ids(`${database}.orders_tmp`)).toEqual([1]);
    expect(await restore(cluster, { into: database, label, on })).toMatchObject({
      State: "CANCELLED",
      Status: common(
        "Table orders_tmp already exist but with different schema, errMsg: Table name is inconsistent",
      ),
    });
    expect(await ids(`${database}.orders_tmp`)).toEqual([1]);
  });

  test("the suffixed name in ON is unknown to the snapshot, even if such a table exists", async () => {
    const { database, label } = await snapshot();
    await restore(cluster, { into: database, label, on: "orders AS orders_tmp" });
    expect(
      await cluster.client.refusal(await restoreText(cluster, { into: database, label, on: "orders_tmp" })),
    ).toMatchObject({ code: 5064, message: `Table orders_tmp does not exist in snapshot ${label}` });
  });

  test("renamed tables no longer match their snapshots", async () => {
    const { database, label } = await snapshot();
    await cluster.client.run(`ALTER TABLE ${database}.orders RENAME moved`);
    await restore(cluster, { into: database, label });
    expect(await ended(cluster, "RESTORE", database)).toMatchObject({ State: "FINISHED" });
    expect(await ids(`${database}.moved`)).toEqual([1, 2, 3]);
    expect(await restore(cluster, { into: database, label, on: "orders AS moved" })).toMatchObject({
      State: "CANCELLED",
    });
  });
});
