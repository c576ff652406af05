import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, one, startLab } from "./support.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.client.run("CREATE DATABASE d");
  await lab.client.run("USE d");
});
afterAll(() => lab.end());

describe("CREATE TABLE", () => {
  it("needs three backends unless told otherwise", async () => {
    expect(await lab.client.failure("CREATE TABLE t (id INT)")).toMatchObject({
      message: expect.stringMatching(
        /^Table replication num should be less than or equal to the number of available BE nodes\. .*Current alive backend is \[1001\]\.$/,
      ),
    });
    const three = await startLab({ backends: 3 });
    try {
      await three.client.run("CREATE DATABASE d");
      await three.client.run("CREATE TABLE d.t (id INT)");
      expect(
        await three.client.rows("SELECT REPLICATION_NUM AS r FROM information_schema.partitions_meta"),
      ).toEqual([{ r: 3 }]);
      three.server.cluster.deadBackends.add(1002);
      expect((await three.client.failure("CREATE TABLE d.u (id INT)")).message).toContain(
        "Current alive backend is [1001,1003]",
      );
      expect((await three.client.rows("SHOW BACKENDS")).map((row) => row["Alive"])).toEqual([
        "true",
        "false",
        "true",
      ]);
    } finally {
      await three.end();
    }
  });

  it.each([
    ["CREATE TABLE x (id FLOAT) PRIMARY KEY (id)", "primary key column[id] type not supported: FLOAT"],
    ["CREATE TABLE x (id INT NULL) PRIMARY KEY (id)", "primary key column[id] cannot be nullable"],
    ["CREATE TABLE x (v INT, id INT) PRIMARY KEY (id)", "Key columns must be the first few columns"],
    ["CREATE TABLE x (id INT, ID INT)", "Duplicate column name 'ID'"],
    ["CREATE TABLE x (id INT, m BITMAP)", "Type BITMAP is not supported by the embedded StarRocks"],
    ["CREATE TABLE x (id INT) DISTRIBUTED BY HASH (nope)", "Distribution column(nope) doesn't exist"],
    [
      "CREATE TABLE x (id INT) PARTITION BY RANGE (id) (PARTITION `p-1` VALUES LESS THAN ('5'))",
      "Incorrect partition name 'p-1'",
    ],
  ])("refuses %s", async (sql, message) => {
    expect((await lab.client.failure(`${sql} ${one}`)).message).toContain(message);
    expect(await lab.client.rows("SHOW TABLES LIKE 'x'")).toEqual([]);
  });

  it("refuses a second table of the name with 1050, and unknown properties", async () => {
    await lab.client.run(`CREATE TABLE twice (id INT) ${one}`);
    expect(await lab.client.failure(`CREATE TABLE twice (id INT) ${one}`)).toEqual({
      code: 1050,
      state: "42S01",
      message: "Getting analyzing error. Detail message: Table 'twice' already exists.",
    });
    await lab.client.run(`CREATE TABLE IF NOT EXISTS twice (id INT) ${one}`);
    expect(
      (
        await lab.client.failure(
          "CREATE TABLE x (id INT) PROPERTIES ('replication_num' = '1', 'nonsense' = '1')",
        )
      ).message,
    ).toBe("Unknown properties: {nonsense=1}");
  });
});

it.each([
  "(a BIGINT NOT NULL AUTO_INCREMENT, b DECIMAL(10, 2) DEFAULT '1.5' COMMENT 'x \"y\"', c DATETIME DEFAULT CURRENT_TIMESTAMP) PRIMARY KEY (a) COMMENT 'tab' DISTRIBUTED BY HASH (a) BUCKETS 3 ORDER BY (c)",
  "(d DATE, k INT) DUPLICATE KEY (d) PARTITION BY RANGE (d) (START ('2025-01-01') END ('2025-01-04') EVERY (INTERVAL 1 DAY)) DISTRIBUTED BY HASH (k) BUCKETS 2",
  "(d INT, k INT) DUPLICATE KEY (d) PARTITION BY RANGE (d) (PARTITION p0 VALUES LESS THAN ('10'), PARTITION pm VALUES LESS THAN MAXVALUE)",
  "(a VARCHAR(5) NOT NULL, b INT NOT NULL) PARTITION BY LIST (a, b) (PARTITION p VALUES IN (('x', '1'), ('y', '2'))) DISTRIBUTED BY RANDOM BUCKETS 4",
  "(at DATETIME, k INT) PARTITION BY date_trunc('month', at)",
  "(k INT, s BIGINT SUM DEFAULT '0') AGGREGATE KEY (k) DISTRIBUTED BY HASH (k)",
])("SHOW CREATE TABLE makes the same table again: %s", async (definition) => {
  await lab.client.run("DROP TABLE IF EXISTS round");
  await lab.client.run(`CREATE TABLE round ${definition} ${one}`);
  const read = async () => {
    const [created] = await lab.client.rows("SHOW CREATE TABLE round");
    const parts = await lab.client.rows(
      "SELECT PARTITION_NAME, PARTITION_VALUE, BUCKETS FROM information_schema.partitions_meta WHERE TABLE_NAME = 'round' ORDER BY 1",
    );
    const columns = await lab.client.rows("DESC round");
    return { sql: String(created?.["Create Table"]), parts, columns };
  };
  const first = await read();
  await lab.client.run("DROP TABLE round");
  await lab.client.run(first.sql);
  expect(await read()).toEqual(first);
});

describe("partitions", () => {
  it("refuse overlaps, repeats and unknown names", async () => {
    await lab.client.run(
      `CREATE TABLE r (k INT) PARTITION BY RANGE (k) (PARTITION p1 VALUES LESS THAN ('10')) ${one}`,
    );
    expect((await lab.client.failure("ALTER TABLE r ADD PARTITION p2 VALUES [('5'), ('15'))")).message).toBe(
      "Getting analyzing error. Detail message: Range [types: [INT]; keys: [5]; ..types: [INT]; keys: [15]; ) is intersected with range: [types: [INT]; keys: [-2147483648]; ..types: [INT]; keys: [10]; ).",
    );
    expect((await lab.client.failure("ALTER TABLE r ADD PARTITION P1 VALUES LESS THAN ('20')")).message).toBe(
      "Getting analyzing error. Detail message: Duplicate partition name P1.",
    );
    await lab.client.run("ALTER TABLE r ADD PARTITION IF NOT EXISTS p1 VALUES LESS THAN ('20')");
    await lab.client.run("ALTER TABLE r ADD PARTITION p2 VALUES LESS THAN ('20')");
    await lab.client.run("ALTER TABLE r ADD PARTITIONS START ('20') END ('40') EVERY (10)");
    expect((await lab.client.rows("SHOW PARTITIONS FROM r")).map((row) => row["PartitionName"])).toEqual([
      "p1",
      "p2",
      "p20",
      "p30",
    ]);
    await lab.client.run("INSERT INTO r VALUES (-5), (15), (39)");
    await lab.client.run("ALTER TABLE r DROP PARTITION P2 FORCE");
    expect(await lab.client.rows("SELECT k FROM r ORDER BY k")).toEqual([{ k: -5 }, { k: 39 }]);
    expect((await lab.client.failure("ALTER TABLE r DROP PARTITION nope")).message).toContain(
      "Error in list of partitions to nope",
    );
    await lab.client.run("ALTER TABLE r DROP PARTITION IF EXISTS nope");
  });
});

describe("introspection", () => {
  it("describes tables in tables_config, columns and SHOW", async () => {
    await lab.client.run(
      `CREATE TABLE seen (id INT NOT NULL COMMENT "key", day DATE NOT NULL, v VARCHAR(7)) PRIMARY KEY (id, day) PARTITION BY RANGE (day) () DISTRIBUTED BY HASH (id) BUCKETS 3 ${one}`,
    );
    expect(
      await lab.client.rows("SELECT * FROM information_schema.tables_config WHERE TABLE_NAME = 'seen'"),
    ).toMatchObject([
      {
        TABLE_SCHEMA: "d",
        TABLE_ENGINE: "OLAP",
        TABLE_MODEL: "PRIMARY_KEYS",
        PRIMARY_KEY: "`id`, `day`",
        PARTITION_KEY: "`day`",
        DISTRIBUTE_KEY: "`id`",
        DISTRIBUTE_TYPE: "HASH",
        DISTRIBUTE_BUCKET: 3,
        SORT_KEY: "`id`, `day`",
        PROPERTIES: '{"replication_num":"1"}',
      },
    ]);
    expect(
      await lab.client.rows(
        "SELECT COLUMN_NAME n, COLUMN_TYPE t, COLUMN_KEY k, COLUMN_COMMENT c FROM information_schema.columns WHERE TABLE_NAME = 'seen' ORDER BY ORDINAL_POSITION",
      ),
    ).toEqual([
      { n: "id", t: "int(11)", k: "PRI", c: "key" },
      { n: "day", t: "date", k: "PRI", c: "" },
      { n: "v", t: "varchar(7)", k: "", c: "" },
    ]);
    expect(await lab.client.rows("SHOW FULL TABLES FROM d LIKE 'se_n'")).toEqual([
      { Tables_in_d: "seen", Table_type: "BASE TABLE" },
    ]);
    expect(await lab.client.rows("ADMIN SHOW FRONTEND CONFIG LIKE 'run_mode'")).toMatchObject([
      { Key: "run_mode", Value: "shared_nothing" },
    ]);
    expect(await lab.client.rows("SHOW FRONTENDS")).toMatchObject([
      { Role: "LEADER", Alive: "true", QueryPort: String(lab.server.port), Version: "3.5.2-4f1a2b3" },
    ]);
    expect(await lab.client.rows("SHOW COMPUTE NODES")).toEqual([]);
  });
});
