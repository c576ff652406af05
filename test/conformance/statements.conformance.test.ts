import { beforeEach, describe, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { one } from "../support/jobs.ts";

const cluster = useCluster();

let database = "";
beforeEach(async () => {
  database = await cluster.database();
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const refusal = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));
const rows = (sql: string) => cluster.client.rows(sql.replaceAll("$d", database));

const hash = `DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`;

describe("key models", () => {
  test("DUPLICATE KEY keeps every row", async () => {
    await run(`CREATE TABLE $d.t (k INT, v INT) DUPLICATE KEY (k) ${hash}`);
    await run("INSERT INTO $d.t VALUES (1, 1), (1, 1)");
    expect(await rows("SELECT * FROM $d.t")).toEqual([
      { k: 1, v: 1 },
      { k: 1, v: 1 },
    ]);
  });

  test("AGGREGATE KEY merges rows of a key, each column in its way", async () => {
    await run(
      `CREATE TABLE $d.t (k INT, s BIGINT SUM, a INT MIN, b INT MAX, r INT REPLACE, n INT REPLACE_IF_NOT_NULL) AGGREGATE KEY (k) ${hash}`,
    );
    await run("INSERT INTO $d.t VALUES (1, 1, 5, 5, 1, 1)");
    await run("INSERT INTO $d.t VALUES (1, 2, 3, 3, 2, NULL), (2, 1, 1, 1, 1, 1)");
    expect(await rows("SELECT * FROM $d.t ORDER BY k")).toEqual([
      { k: 1, s: "3", a: 3, b: 5, r: 2, n: 1 },
      { k: 2, s: "1", a: 1, b: 1, r: 1, n: 1 },
    ]);
  });

  test.each(["UNIQUE", "PRIMARY"])("%s KEY keeps the last row of a key", async (model) => {
    await run(`CREATE TABLE $d.t (k INT NOT NULL, v INT) ${model} KEY (k) ${hash}`);
    await run("INSERT INTO $d.t VALUES (1, 1), (2, 2)");
    await run("INSERT INTO $d.t VALUES (1, 9)");
    expect(await rows("SELECT * FROM $d.t ORDER BY k")).toEqual([
      { k: 1, v: 9 },
      { k: 2, v: 2 },
    ]);
  });

  test("DISTRIBUTED BY RANDOM is for DUPLICATE KEY", async () => {
    await run(`CREATE TABLE $d.t (k INT) DUPLICATE KEY (k) DISTRIBUTED BY RANDOM BUCKETS 2 ${one}`);
    expect(
      (await refusal(`CREATE TABLE $d.u (k INT NOT NULL) PRIMARY KEY (k) DISTRIBUTED BY RANDOM ${one}`))
        .message,
    ).toMatch(/hash distribution|random/i);
  });
});

describe("SHOW CREATE TABLE", () => {
  test.each([
    `(k INT NOT NULL COMMENT "the \\"key\\"", v DECIMAL(10, 2) DEFAULT "1.5", s VARCHAR(9)) PRIMARY KEY (k) COMMENT "a table" DISTRIBUTED BY HASH (k) BUCKETS 3 ORDER BY (s) ${one}`,
    `(k INT, s BIGINT SUM DEFAULT "0") AGGREGATE KEY (k) ${hash}`,
    `(d DATE NOT NULL, k INT) DUPLICATE KEY (d) PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-01-03") EVERY (INTERVAL 1 DAY), PARTITION late VALUES [("2025-01-03"), (MAXVALUE))) ${hash}`,
    `(c VARCHAR(9) NOT NULL, n INT NOT NULL, k INT) PARTITION BY LIST (c, n) (PARTITION p VALUES IN (("a", "1"), ("b", "2"))) DISTRIBUTED BY RANDOM BUCKETS 4 ${one}`,
    `(at DATETIME NOT NULL, k INT) PARTITION BY date_trunc('month', at) ${hash}`,
    `(at DATETIME NOT NULL, k INT) PARTITION BY time_slice(at, INTERVAL 7 DAY) ${hash}`,
    `(c VARCHAR(9) NOT NULL, k INT) PARTITION BY (c) ${hash}`,
    `(a BIGINT NOT NULL AUTO_INCREMENT, b DECIMAL(10, 2) DEFAULT "1.5" COMMENT 'x "y"', c DATETIME DEFAULT CURRENT_TIMESTAMP) PRIMARY KEY (a) COMMENT "tab" DISTRIBUTED BY HASH (a) BUCKETS 3 ORDER BY (c) ${one}`,
    `(d INT, k INT) DUPLICATE KEY (d) PARTITION BY RANGE (d) (PARTITION p0 VALUES LESS THAN ("10"), PARTITION pm VALUES LESS THAN MAXVALUE) ${hash}`,
    `(k INT, a ARRAY<VARCHAR(9)>, g BIGINT AS (k + 1)) DUPLICATE KEY (k) ${hash}`,
  ])("makes the same table again: %s", async (definition) => {
    await run(`CREATE TABLE $d.t ${definition}`);
    const shown = async () => ({
      sql: (await rows("SHOW CREATE TABLE $d.t"))[0]?.["Create Table"],
      columns: await rows("DESC $d.t"),
      partitions: await rows(
        "SELECT PARTITION_NAME, PARTITION_VALUE, BUCKETS FROM information_schema.partitions_meta WHERE DB_NAME = '$d' ORDER BY 1",
      ),
    });
    const first = await shown();
    await run("DROP TABLE $d.t FORCE");
    const session = await cluster.connect({ database });
    await session.run(String(first.sql));
    expect(await shown()).toEqual(first);
  });
});

describe("ALTER TABLE columns", () => {
  beforeEach(async () => {
    await run(`CREATE TABLE $d.t (k INT, v INT) DUPLICATE KEY (k) ${hash}`);
    await run("INSERT INTO $d.t VALUES (1, 10)");
  });

  test("ADD fills old rows with the default", async () => {
    await run("ALTER TABLE $d.t ADD COLUMN a INT DEFAULT '7' AFTER k");
    await run("ALTER TABLE $d.t ADD COLUMN (b INT NULL, c VARCHAR(5) DEFAULT 'x')");
    expect(await rows("SELECT * FROM $d.t")).toEqual([{ k: 1, a: 7, v: 10, b: null, c: "x" }]);
  });

  test("DROP and MODIFY", async () => {
    await run("ALTER TABLE $d.t ADD COLUMN a INT DEFAULT '7'");
    await run("ALTER TABLE $d.t DROP COLUMN v");
    await run("ALTER TABLE $d.t MODIFY COLUMN a BIGINT DEFAULT '7'");
    await expect
      .poll(async () => (await rows("DESC $d.t")).map((row) => row["Type"]), { timeout: 60_000 })
      .toEqual(["int", "bigint"]);
    expect(await rows("SELECT * FROM $d.t")).toEqual([{ k: 1, a: "7" }]);
  });

  test("refuses a column twice, an unknown one, and a distribution column's drop", async () => {
    expect((await refusal("ALTER TABLE $d.t ADD COLUMN v INT")).message).toMatch(/exist/i);
    expect((await refusal("ALTER TABLE $d.t DROP COLUMN nope")).message).toMatch(/not exist/i);
    expect((await refusal("ALTER TABLE $d.t DROP COLUMN k")).message).not.toBe("");
  });
});

describe("views", () => {
  test("can be replaced and read by the names of their database", async () => {
    await run(`CREATE TABLE $d.t (k INT) ${hash}`);
    await run("INSERT INTO $d.t VALUES (1), (2)");
    const session = await cluster.connect({ database });
    await session.run("CREATE VIEW v (n) AS SELECT count(*) FROM t");
    expect(await rows("SELECT n FROM $d.v")).toEqual([{ n: "2" }]);
    await session.run("CREATE OR REPLACE VIEW v AS SELECT max(k) AS m FROM t");
    expect(await rows("SELECT m FROM $d.v")).toEqual([{ m: 2 }]);
    expect((await refusal("DROP TABLE $d.v")).code).not.toBeUndefined();
    await run("DROP VIEW $d.v");
  });
});

describe("§1.5 tables BACKUP refuses", () => {
  test("an external table holds no partitions, and fails the whole database", async () => {
    await run(
      `CREATE EXTERNAL TABLE $d.away (k INT) ENGINE = MYSQL PROPERTIES ("host" = "127.0.0.1", "port" = "3306", "user" = "u", "password" = "p", "database" = "d", "table" = "t")`,
    );
    await run(`CREATE TABLE $d.t (k INT) ${hash}`);
    expect(
      await rows("SELECT TABLE_NAME AS t FROM information_schema.partitions_meta WHERE DB_NAME = '$d'"),
    ).toEqual([{ t: "t" }]);
    expect((await refusal(`BACKUP SNAPSHOT $d.${unique("s")} TO ${cluster.repository}`)).message).toBe(
      "Table: away can not support backup restore, type: MYSQL",
    );
    await run("DROP TABLE $d.away");
  });

  testEmbedded("a shared-data table", "a shared-nothing cluster has none", async () => {
    await run(`CREATE TABLE $d.lake (k INT) ${hash}`);
    await run(`ADMIN SET FRONTEND CONFIG ("embedded.cloud_native" = "$d.lake")`);
    expect((await refusal(`BACKUP SNAPSHOT $d.${unique("s")} TO ${cluster.repository}`)).message).toBe(
      "Table: lake can not support backup restore, type: CLOUD_NATIVE",
    );
  });
});

describe("what is not known", () => {
  test.each([
    "FOO",
    "SHOW FOO",
    "ALTER TABLE $d.t FOO",
    "CREATE FOO x",
    "SELECT * FROM t FOO BAR",
    "SELECT 1 +",
    "MERGE INTO t",
  ])("%s is refused, and never answered with nothing", async (sql) => {
    await run(`CREATE TABLE $d.t (k INT) ${hash}`);
    const { code, message } = await refusal(sql);
    expect(code).toBe(1064);
    expect(message).toMatch(
      /^Getting syntax error|^Getting analyzing error|is not supported by the embedded StarRocks$/,
    );
  });

  testEmbedded(
    "statements of StarRocks that are not modelled say so",
    "a real cluster runs them",
    async () => {
      for (const sql of [
        "CREATE PIPE x AS INSERT INTO t SELECT 1",
        "SHOW DATA",
        "ANALYZE TABLE t",
        "CREATE RESOURCE GROUP g",
        "SUBMIT TASK AS SELECT 1",
      ])
        expect((await refusal(sql)).message).toMatch(/is not supported by the embedded StarRocks$/);
    },
  );
});
