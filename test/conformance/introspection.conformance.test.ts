import { describe, expect, test } from "vitest";
import { describeEmbedded, testEmbedded, useCluster } from "../support/cluster.ts";
import { createOrders, one } from "../support/jobs.ts";

const cluster = useCluster();

const names = async (sql: string): Promise<string> =>
  (await cluster.client.columns(sql)).map(({ name }) => name).join(" ");

describe("§16 SHOW FRONTENDS", () => {
  test("has these columns", async () => {
    expect(await names("SHOW FRONTENDS")).toBe(
      "Id Name IP EditLogPort HttpPort QueryPort RpcPort Role ClusterId Join Alive ReplayedJournalId LastHeartbeat IsHelper ErrMsg StartTime Version",
    );
  });

  test("names one leader, alive, and its query port", async () => {
    const leaders = (await cluster.client.rows("SHOW FRONTENDS")).filter((row) => row["Role"] === "LEADER");
    expect(leaders).toMatchObject([{ Alive: "true", QueryPort: expect.stringMatching(/^\d+$/) }]);
  });
});

describe("§16 SHOW BACKENDS", () => {
  test("begins with these columns; the tail grows by version", async () => {
    expect(await names("SHOW BACKENDS")).toMatch(
      /^BackendId IP HeartbeatPort BePort HttpPort BrpcPort LastStartTime LastHeartbeat Alive SystemDecommissioned ClusterDecommissioned TabletNum DataUsedCapacity AvailCapacity TotalCapacity UsedPct MaxDiskUsedPct ErrMsg Version Status DataTotalCapacity DataUsedPct CpuCores/,
    );
  });

  test("prints capacities with a unit and three decimals", async () => {
    const capacity = expect.stringMatching(/^\d+\.\d{3} (B|KB|MB|GB|TB)$/);
    for (const row of await cluster.client.rows("SHOW BACKENDS"))
      expect(row).toMatchObject({
        DataUsedCapacity: capacity,
        AvailCapacity: capacity,
        TotalCapacity: capacity,
      });
  });

  testEmbedded("shows one free byte before disks are reported", "takes the disks away", async () => {
    cluster.embedded.cluster.knobs.diskBytes = 0;
    expect(await cluster.client.rows("SHOW BACKENDS")).toMatchObject([
      { AvailCapacity: "1.000 B", TotalCapacity: "0.000 B" },
    ]);
  });

  test("says who is alive", async () => {
    const alive = (await cluster.client.rows("SHOW BACKENDS")).map((row) => row["Alive"]);
    expect(alive).not.toEqual([]);
    expect(new Set(alive)).toEqual(new Set(["true"]));
  });

  describeEmbedded("a backend that is down", "takes backends down", () => {
    const three = useCluster({ backends: 3 });
    test("is not alive", async () => {
      three.embedded.cluster.deadBackends.add(1003);
      expect((await three.client.rows("SHOW BACKENDS")).map((row) => row["Alive"])).toEqual([
        "true",
        "true",
        "false",
      ]);
    });
  });
});

describe("§16 SHOW COMPUTE NODES", () => {
  test("begins with these columns, and is empty in shared-nothing", async () => {
    expect(await names("SHOW COMPUTE NODES")).toMatch(
      /^ComputeNodeId IP HeartbeatPort BePort HttpPort BrpcPort LastStartTime LastHeartbeat Alive SystemDecommissioned ClusterDecommissioned ErrMsg Version CpuCores MemLimit NumRunningQueries MemUsedPct CpuUsedPct DataCacheMetrics HasStoragePath StatusCode/,
    );
    expect(await cluster.client.rows("SHOW COMPUTE NODES")).toEqual([]);
  });
});

describe("§16 ADMIN SHOW FRONTEND CONFIG", () => {
  test("has these columns", async () => {
    expect(await names("ADMIN SHOW FRONTEND CONFIG LIKE 'run_mode'")).toBe(
      "Key AliasNames Value Type IsMutable Comment",
    );
  });

  test.each([
    ["run_mode", "shared_nothing"],
    ["backup_job_default_timeout_ms", "86400000"],
    ["history_job_keep_max_second", "604800"],
    ["enable_backup_materialized_view", "false"],
    ["max_get_partitions_meta_result_count", "100000"],
  ])("%s is %s by default", async (key, value) => {
    expect(await cluster.client.rows(`ADMIN SHOW FRONTEND CONFIG LIKE '${key}'`)).toMatchObject([
      { Key: key, Value: value },
    ]);
  });

  testEmbedded(
    "ADMIN SET changes what has an effect here",
    "a shared cluster keeps its configs",
    async () => {
      const { client } = cluster;
      const key = "enable_display_shadow_partitions";
      await client.run(`ADMIN SET FRONTEND CONFIG ("${key}" = "true")`);
      expect(await client.rows(`ADMIN SHOW FRONTEND CONFIG LIKE '${key}'`)).toMatchObject([
        { Value: "true" },
      ]);
      const database = await cluster.database();
      await client.run(
        `CREATE TABLE ${database}.t (d DATE NOT NULL, k INT) DUPLICATE KEY (d) PARTITION BY date_trunc('day', d) DISTRIBUTED BY HASH (d) PROPERTIES ("replication_num" = "1")`,
      );
      expect(await client.rows(`SHOW PARTITIONS FROM ${database}.t`)).toMatchObject([
        { PartitionName: "$shadow_automatic_partition" },
      ]);
      await client.run(`ADMIN SET FRONTEND CONFIG ("${key}" = "false")`);
      expect(await client.rows(`SHOW PARTITIONS FROM ${database}.t`)).toEqual([]);
      expect(await client.refusal(`ADMIN SET FRONTEND CONFIG ("${key}" = "perhaps")`)).toMatchObject({
        message: `Failed to set config '${key}'. err: type mismatch`,
      });
      expect(await client.refusal('ADMIN SET FRONTEND CONFIG ("run_mode" = "shared_data")')).toEqual({
        code: 5102,
        sqlState: "F0000",
        message: "Config 'run_mode' does not exist or is not mutable",
      });
      expect(
        (await client.refusal('ADMIN SET FRONTEND CONFIG ("label_keep_max_num" = "1")')).message,
      ).toMatch(/is not supported by the embedded StarRocks$/);
    },
  );
});

describe.each(["3.3", "3.5", "4.0", "4.1", "4.2"] as const)("§16 of %s", (version) => {
  describeEmbedded("current_version()", "a chosen version", () => {
    const old = useCluster({ version });
    test("is version, space, commit", async () => {
      const [row] = await old.client.rows("SELECT current_version() AS v");
      expect(row?.["v"]).toMatch(new RegExp(`^${version.replace(".", "\\.")}\\.\\d+ [0-9a-f]{7}$`));
    });
    test("knows unknown databases by 5501", async () => {
      expect(await old.client.refusal("USE no_such_db")).toMatchObject({ code: 5501, sqlState: "3F000" });
    });
  });
});

describe("information_schema", () => {
  test("tables_config describes a table", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    const [row] = await cluster.client.rows(
      `SELECT * FROM information_schema.tables_config WHERE TABLE_SCHEMA = '${database}'`,
    );
    expect(row).toMatchObject({
      TABLE_NAME: "orders",
      TABLE_ENGINE: "OLAP",
      TABLE_MODEL: "DUP_KEYS",
      PARTITION_KEY: "`day`",
      DISTRIBUTE_KEY: "`id`",
      DISTRIBUTE_TYPE: "HASH",
      DISTRIBUTE_BUCKET: 2,
      SORT_KEY: "`id`, `day`",
    });
    expect(JSON.parse(String(row?.["PROPERTIES"]))).toMatchObject({ replication_num: "1" });
  });

  test("columns describes columns, comments included", async () => {
    const database = await cluster.database();
    await cluster.client.run(
      `CREATE TABLE ${database}.t (k INT NOT NULL COMMENT "key", d DECIMAL(12, 3) DEFAULT "1.5", s VARCHAR(7), at DATETIME)
       PRIMARY KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`,
    );
    expect(
      await cluster.client.rows(
        `SELECT COLUMN_NAME n, ORDINAL_POSITION p, IS_NULLABLE z, COLUMN_TYPE t, COLUMN_KEY k, COLUMN_DEFAULT d, COLUMN_COMMENT c
         FROM information_schema.columns WHERE TABLE_SCHEMA = '${database}' ORDER BY 2`,
      ),
    ).toEqual([
      { n: "k", p: "1", z: "NO", t: "int(11)", k: "PRI", d: null, c: "key" },
      { n: "d", p: "2", z: "YES", t: "decimal(12, 3)", k: "", d: "1.5", c: "" },
      { n: "s", p: "3", z: "YES", t: "varchar(7)", k: "", d: null, c: "" },
      { n: "at", p: "4", z: "YES", t: "datetime", k: "", d: null, c: "" },
    ]);
  });

  test("tables tells tables and views apart", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    await cluster.client.run(`CREATE VIEW ${database}.v AS SELECT 1 AS one`);
    expect(
      await cluster.client.rows(
        `SELECT TABLE_NAME n, TABLE_TYPE t FROM information_schema.tables WHERE TABLE_SCHEMA = '${database}' ORDER BY 1`,
      ),
    ).toEqual([
      { n: "orders", t: "BASE TABLE" },
      { n: "v", t: "VIEW" },
    ]);
  });

  test("views has the definition", async () => {
    const database = await cluster.database();
    await cluster.client.run(`CREATE VIEW ${database}.v AS SELECT 'me' AS owner`);
    const [row] = await cluster.client.rows(
      `SELECT VIEW_DEFINITION AS d FROM information_schema.views WHERE TABLE_SCHEMA = '${database}'`,
    );
    expect(row?.["d"]).toMatch(/'me'/);
  });

  test("has no table of any other name", async () => {
    expect((await cluster.client.refusal("SELECT * FROM information_schema.no_such_table")).code).toBe(5502);
  });
});

describe("SHOW TABLES", () => {
  test("takes a pattern in which _ is a wildcard (§14.4)", async () => {
    const database = await cluster.database();
    for (const table of ["lease_g1", "leaseXg1", "other"])
      await cluster.client.run(`CREATE VIEW ${database}.${table} AS SELECT 1 AS one`);
    const shown = await cluster.client.rows(`SHOW TABLES FROM ${database} LIKE 'lease_g1'`);
    expect(shown.map((row) => row[`Tables_in_${database}`])).toEqual(["leaseXg1", "lease_g1"]);
  });
});

describe("information_schema about itself", () => {
  test("lists its views as SYSTEM VIEWs in memory", async () => {
    const { client } = cluster;
    expect(
      await client.rows(
        "SELECT TABLE_TYPE t, ENGINE e FROM information_schema.tables WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME = 'partitions_meta'",
      ),
    ).toEqual([{ t: "SYSTEM VIEW", e: "MEMORY" }]);
    expect(await client.rows("SHOW FULL TABLES FROM information_schema LIKE 'partitions_meta'")).toEqual([
      { Tables_in_information_schema: "partitions_meta", Table_type: "SYSTEM VIEW" },
    ]);
  });

  test("describes them, in DESC and in columns (§9.1)", async () => {
    const { client } = cluster;
    const described = await client.rows("DESC information_schema.partitions_meta");
    expect(described.slice(0, 4)).toEqual(
      [
        ["DB_NAME", "varchar(2048)"],
        ["TABLE_NAME", "varchar(2048)"],
        ["PARTITION_NAME", "varchar(2048)"],
        ["PARTITION_ID", "bigint(20)"],
      ].map(([Field, Type]) => ({ Field, Type, Null: "YES", Key: "false", Default: null, Extra: "" })),
    );
    expect(described).toContainEqual(
      expect.objectContaining({ Field: "VISIBLE_VERSION_TIME", Type: "datetime" }),
    );
    const columns = await client.rows(
      "SELECT COLUMN_NAME n FROM information_schema.columns WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME = 'partitions_meta' ORDER BY ORDINAL_POSITION",
    );
    expect(columns.map((row) => row["n"])).toEqual(described.map((row) => row["Field"]));
    expect(
      (await client.columns("SELECT * FROM information_schema.partitions_meta LIMIT 1")).map(
        ({ name }) => name,
      ),
    ).toEqual(described.map((row) => row["Field"]));
    expect((await client.refusal("DESC information_schema.no_such_view")).code).toBe(5502);
  });

  testEmbedded("says what is not modelled of the system databases", "a real cluster shows it", async () => {
    for (const sql of [
      "SHOW TABLES FROM sys",
      "SHOW TABLES FROM _statistics_",
      "SHOW CREATE TABLE information_schema.tables",
    ])
      expect((await cluster.client.refusal(sql)).message).toMatch(
        /is not supported by the embedded StarRocks$/,
      );
  });
});
