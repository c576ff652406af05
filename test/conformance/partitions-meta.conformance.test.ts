import { describe, expect, test } from "vitest";
import { growPartition } from "../../local/starrocks/storage/partitions.ts";
import type { Row } from "../support/client.ts";
import { describeEmbedded, testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { createOrders, one } from "../support/jobs.ts";
import { useUsers } from "../support/users.ts";

type Version = "3.3" | "3.5" | "4.0" | "4.1" | "4.2";

const first =
  "DB_NAME TABLE_NAME PARTITION_NAME PARTITION_ID COMPACT_VERSION VISIBLE_VERSION VISIBLE_VERSION_TIME NEXT_VERSION";
const since34 = "DATA_VERSION VERSION_EPOCH VERSION_TXN_TYPE";
const middle =
  "PARTITION_KEY PARTITION_VALUE DISTRIBUTION_KEY BUCKETS REPLICATION_NUM STORAGE_MEDIUM COOLDOWN_TIME LAST_CONSISTENCY_CHECK_TIME IS_IN_MEMORY IS_TEMP DATA_SIZE ROW_COUNT ENABLE_DATACACHE AVG_CS P50_CS MAX_CS STORAGE_PATH";

/** §9.1, by release. */
const columns: Record<Version, string> = {
  "3.3": `${first} ${middle}`,
  "3.5": `${first} ${since34} ${middle} STORAGE_SIZE`,
  "4.0": `${first} ${since34} ${middle} STORAGE_SIZE TABLET_BALANCED`,
  "4.1": `${first} ${since34} ${middle} STORAGE_SIZE TABLET_BALANCED METADATA_SWITCH_VERSION`,
  "4.2": `${first} ${since34} ${middle} STORAGE_SIZE TABLET_BALANCED METADATA_SWITCH_VERSION`,
};

describe.each(Object.keys(columns) as Version[])("§9.1 partitions_meta of %s", (version) => {
  describeEmbedded("its columns", "a chosen version", () => {
    const cluster = useCluster({ version });

    test("come in this order", async () => {
      const sent = await cluster.client.columns("SELECT * FROM information_schema.partitions_meta");
      expect(sent.map(({ name }) => name).join(" ")).toBe(columns[version]);
    });

    test(`DATA_SIZE is ${Number(version) >= 4 ? "a number of bytes" : "a text with a unit"}`, async () => {
      const database = await cluster.database();
      await createOrders(cluster, `${database}.orders`);
      const sql = `SELECT DATA_SIZE AS size FROM information_schema.partitions_meta WHERE DB_NAME = '${database}'`;
      const [column] = await cluster.client.columns(sql);
      const [row] = await cluster.client.rows(sql);
      if (Number(version) >= 4)
        expect([column?.type, String(row?.["size"])]).toEqual([8, expect.stringMatching(/^\d+$/)]);
      else
        expect([column?.type, row?.["size"]]).toEqual([253, expect.stringMatching(/^\d+(\.\d+)?[KMGT]?B$/)]);
    });
  });
});

const cluster = useCluster();
const users = useUsers(cluster);

const listed = (database: string, what: string) =>
  cluster.client.rows(
    `SELECT ${what} FROM information_schema.partitions_meta WHERE DB_NAME = '${database}' ORDER BY TABLE_NAME, IS_TEMP, PARTITION_NAME, PARTITION_ID`,
  );

describeEmbedded("§9.1 DATA_SIZE", "needs two backends", () => {
  const two = useCluster({ backends: 2 });

  test("is of all replicas together, ROW_COUNT of one", async () => {
    const database = await two.database();
    for (const replicas of [1, 2]) {
      await two.client.run(
        `CREATE TABLE ${database}.t${replicas} (k INT) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ("replication_num" = "${replicas}")`,
      );
      await two.client.run(`INSERT INTO ${database}.t${replicas} VALUES (1), (2), (3)`);
    }
    const [once, twice] = await two.client.rows(
      `SELECT DATA_SIZE, ROW_COUNT FROM information_schema.partitions_meta WHERE DB_NAME = '${database}' ORDER BY TABLE_NAME`,
    );
    const size = (row: Row | undefined, column: string) => Number.parseFloat(String(row?.[column]));
    expect(size(once, "DATA_SIZE")).toBeGreaterThan(0);
    expect(size(twice, "DATA_SIZE")).toBe(2 * size(once, "DATA_SIZE"));
    expect(twice?.["ROW_COUNT"]).toBe(once?.["ROW_COUNT"]);
    const [shown] = await two.client.rows(`SHOW PARTITIONS FROM ${database}.t2`);
    expect(size(shown, "DataSize")).toBe(size(twice, "DATA_SIZE"));
  });
});

describe("§9.1 partitions_meta", () => {
  test("sends ids and versions as BIGINT, times as DATETIME, flags as BOOLEAN", async () => {
    const types = await cluster.client.columns(
      "SELECT PARTITION_ID, VISIBLE_VERSION, NEXT_VERSION, VISIBLE_VERSION_TIME, IS_TEMP, BUCKETS, REPLICATION_NUM, ROW_COUNT, AVG_CS FROM information_schema.partitions_meta",
    );
    expect(types.map(({ type }) => type)).toEqual([8, 8, 8, 12, 1, 3, 3, 8, 5]);
  });

  test("describes a partition: key, value, distribution, buckets, replication", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    const [row] = await listed(
      database,
      "TABLE_NAME, PARTITION_NAME, PARTITION_VALUE, DISTRIBUTION_KEY, BUCKETS, REPLICATION_NUM, IS_TEMP",
    );
    expect(row).toMatchObject({
      TABLE_NAME: "orders",
      PARTITION_NAME: "p1",
      PARTITION_VALUE: "[types: [DATE]; keys: [2025-01-01]; ..types: [DATE]; keys: [2025-01-02]; )",
      BUCKETS: 2,
      REPLICATION_NUM: 1,
      IS_TEMP: 0,
    });
  });

  test("includes temporary partitions with IS_TEMP = 1", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    await cluster.client.run(
      `ALTER TABLE ${database}.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`,
    );
    expect(await listed(database, "PARTITION_NAME AS p, IS_TEMP AS t")).toEqual([
      { p: "p1", t: 0 },
      { p: "p2", t: 0 },
      { p: "p3", t: 0 },
      { p: "tp", t: 1 },
    ]);
  });

  test("includes the hidden partition of an automatic table", async () => {
    const database = await cluster.database();
    await cluster.client.run(
      `CREATE TABLE ${database}.t (at DATETIME NOT NULL, k INT) PARTITION BY date_trunc('day', at) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`,
    );
    expect(await listed(database, "PARTITION_NAME AS p")).toEqual([{ p: "$shadow_automatic_partition" }]);
  });

  test("leaves views out", async () => {
    const database = await cluster.database();
    await cluster.client.run(`CREATE VIEW ${database}.v AS SELECT 1 AS one`);
    expect(await listed(database, "TABLE_NAME")).toEqual([]);
  });

  test("renders times in the session's zone, to the second", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    const session = await cluster.connect();
    const read = async (zone: string) => {
      await session.run(`SET time_zone = '${zone}'`);
      const [row] = await session.rows(
        `SELECT VISIBLE_VERSION_TIME AS shown, unix_timestamp(VISIBLE_VERSION_TIME) AS epoch FROM information_schema.partitions_meta WHERE DB_NAME = '${database}' LIMIT 1`,
      );
      return { text: String(row?.["shown"]), epoch: Number(row?.["epoch"]) };
    };
    const utc = await read("+00:00");
    const shanghai = await read("Asia/Shanghai");
    expect(utc.text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(Date.parse(`${utc.text}Z`) / 1000).toBe(utc.epoch);
    expect(Date.parse(`${shanghai.text}Z`) / 1000 - utc.epoch).toBe(8 * 3600);
    expect(shanghai.epoch).toBe(utc.epoch);
  });

  testEmbedded(
    "has one row per physical partition of a randomly distributed table",
    "automatic buckets grow with size",
    async () => {
      const database = await cluster.database();
      const table = unique("t");
      await cluster.client.run(`CREATE TABLE ${database}.${table} (k INT) DISTRIBUTED BY RANDOM ${one}`);
      await growPartition(cluster.embedded.cluster, table, table);
      await cluster.client.run(`INSERT INTO ${database}.${table} VALUES (1)`);
      const rows = await listed(
        database,
        "PARTITION_NAME AS name, PARTITION_ID AS id, VISIBLE_VERSION AS version",
      );
      expect(rows.map(({ name }) => name)).toEqual([table, table]);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
      expect(await cluster.client.rows(`SHOW PARTITIONS FROM ${database}.${table}`)).toHaveLength(2);
      expect(await cluster.client.rows(`SELECT k FROM ${database}.${table} PARTITION (${table})`)).toEqual([
        { k: 1 },
      ]);
    },
  );

  test("filters silently what a user has no privilege on (§13)", async () => {
    const database = await cluster.database();
    const user = await users.create();
    await createOrders(cluster, `${database}.seen`);
    await createOrders(cluster, `${database}.hidden`);
    await cluster.client.run(`GRANT SELECT ON TABLE ${database}.seen TO USER '${user}'@'%'`);
    const session = await cluster.connect({ user });
    const rows = await session.rows(
      `SELECT DISTINCT TABLE_NAME AS name FROM information_schema.partitions_meta WHERE DB_NAME = '${database}'`,
    );
    expect(rows).toEqual([{ name: "seen" }]);
  });
});

describe("§9.2 SHOW PARTITIONS", () => {
  test("hides the hidden partition and lists temporary ones apart", async () => {
    const database = await cluster.database();
    await cluster.client.run(
      `CREATE TABLE ${database}.a (at DATE NOT NULL, k INT) PARTITION BY date_trunc('day', at) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`,
    );
    expect(await cluster.client.rows(`SHOW PARTITIONS FROM ${database}.a`)).toEqual([]);
    await createOrders(cluster, `${database}.orders`);
    await cluster.client.run(
      `ALTER TABLE ${database}.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`,
    );
    const names = async (sql: string) => (await cluster.client.rows(sql)).map((row) => row["PartitionName"]);
    expect(await names(`SHOW PARTITIONS FROM ${database}.orders`)).toEqual(["p1", "p2", "p3"]);
    expect(await names(`SHOW TEMPORARY PARTITIONS FROM ${database}.orders`)).toEqual(["tp"]);
  });

  test("takes WHERE PartitionName = / LIKE, ORDER BY and LIMIT", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    const names = async (tail: string) =>
      (await cluster.client.rows(`SHOW PARTITIONS FROM ${database}.orders ${tail}`)).map(
        (row) => row["PartitionName"],
      );
    expect(await names("WHERE PartitionName = 'p2'")).toEqual(["p2"]);
    expect(await names("WHERE PartitionName LIKE 'p%'")).toEqual(["p1", "p2", "p3"]);
    expect(await names("ORDER BY PartitionId DESC LIMIT 2")).toEqual(["p3", "p2"]);
  });

  test("names the PARTITION_ID, version and time partitions_meta has", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    const meta = await listed(database, "PARTITION_ID AS id, VISIBLE_VERSION AS version");
    const shown = await cluster.client.rows(`SHOW PARTITIONS FROM ${database}.orders`);
    expect(shown.map((row) => ({ id: row["PartitionId"], version: row["VisibleVersion"] }))).toEqual(
      meta.map(({ id, version }) => ({ id: String(id), version: String(version) })),
    );
    expect(shown[0]).toMatchObject({ VisibleVersionHash: "0", State: "NORMAL", PartitionKey: "day" });
  });

  const head =
    "PartitionId PartitionName VisibleVersion VisibleVersionTime VisibleVersionHash State PartitionKey Range DistributionKey Buckets ReplicationNum StorageMedium CooldownTime LastConsistencyCheckTime DataSize";
  const shownColumns: Record<Version, string> = {
    "3.3": `${head} IsInMemory RowCount`,
    "3.5": `${head} StorageSize IsInMemory RowCount DataVersion VersionEpoch VersionTxnType`,
    "4.0": `${head} StorageSize IsInMemory RowCount DataVersion VersionEpoch VersionTxnType TabletBalanced`,
    "4.1": `${head} StorageSize IsInMemory RowCount DataVersion VersionEpoch VersionTxnType TabletBalanced`,
    "4.2": `${head} StorageSize IsInMemory RowCount DataVersion VersionEpoch VersionTxnType TabletBalanced`,
  };

  describe.each(Object.keys(shownColumns) as Version[])("of %s", (version) => {
    describeEmbedded("has these columns", "a chosen version", () => {
      const old = useCluster({ version });
      test("in order, all VAR_STRING", async () => {
        const database = await old.database();
        await createOrders(old, `${database}.orders`);
        const sent = await old.client.columns(`SHOW PARTITIONS FROM ${database}.orders`);
        expect(sent.map(({ name }) => name).join(" ")).toBe(shownColumns[version]);
        expect(new Set(sent.map(({ type }) => type))).toEqual(new Set([253]));
      });
    });
  });

  test("prints List instead of Range for a list table", async () => {
    const database = await cluster.database();
    await cluster.client.run(
      `CREATE TABLE ${database}.l (c VARCHAR(5) NOT NULL) PARTITION BY LIST (c) (PARTITION pa VALUES IN ('a')) DISTRIBUTED BY HASH (c) BUCKETS 1 ${one}`,
    );
    const sent = await cluster.client.columns(`SHOW PARTITIONS FROM ${database}.l`);
    expect(sent[7]?.name).toBe("List");
  });

  test("needs a table there is", async () => {
    const database = await cluster.database();
    const missing = unique("t");
    expect(await cluster.client.refusal(`SHOW PARTITIONS FROM ${database}.${missing}`)).toMatchObject({
      code: 1064,
      message: `Getting analyzing error. Detail message: Table ${missing} is not found.`,
    });
  });
});
