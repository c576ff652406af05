import { beforeEach, describe, expect, test } from "vitest";
import { describeEmbedded, testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, partitions, restore } from "../support/jobs.ts";
import { analyzed } from "../support/refusals.ts";

/** §21.2: which partitions can be made by hand, how those are named that a load makes, and what is told of them. */
const cluster = useCluster();

let database = "";
beforeEach(async () => {
  database = await cluster.database();
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const rows = (sql: string) => cluster.client.rows(sql.replaceAll("$d", database));
const refusal = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));
const names = async (table = "t") =>
  Object.keys(await partitions(cluster, database, table))
    .filter((name) => !name.startsWith("$"))
    .sort();
const boundsOf = async (name: string, table = "t") =>
  (
    await rows(
      `SELECT PARTITION_VALUE v FROM information_schema.partitions_meta WHERE DB_NAME = '$d' AND TABLE_NAME = '${table}' AND PARTITION_NAME = '${name}'`,
    )
  )[0]?.["v"];

const tail = `DISTRIBUTED BY HASH (k) BUCKETS 2 PROPERTIES ("replication_num" = "1")`;
const raw = (message: string) => ({ code: 1064, sqlState: "HY000", message });

const days = () =>
  run(`CREATE TABLE $d.t (d DATE NOT NULL, k INT) PARTITION BY date_trunc('day', d) ${tail}`);
const lists = () => run(`CREATE TABLE $d.t (c VARCHAR(40) NOT NULL, k INT) PARTITION BY (c) ${tail}`);

describe("§21.2 automatic range tables", () => {
  test("take no single range", async () => {
    await days();
    for (const values of [`[("2025-01-01"), ("2025-01-02"))`, `LESS THAN ("2025-01-02")`])
      expect(await refusal(`ALTER TABLE $d.t ADD PARTITION p VALUES ${values}`)).toEqual(
        analyzed(
          "Currently, you cannot manually add a single range partition to a table that is automatically partition",
        ),
      );
  });

  test("take a series in their own granularity, named as a load would", async () => {
    await days();
    await run(
      `ALTER TABLE $d.t ADD PARTITIONS START ("2025-01-01") END ("2025-01-03") EVERY (INTERVAL 1 DAY)`,
    );
    expect(await names()).toEqual(["p20250101", "p20250102"]);
    await run("INSERT INTO $d.t VALUES ('2025-01-02', 1), ('2025-01-03', 2)");
    expect(await names()).toEqual(["p20250101", "p20250102", "p20250103"]);
  });

  test("take no other series", async () => {
    await days();
    const add = (every: string) =>
      refusal(
        `ALTER TABLE $d.t ADD PARTITIONS START ("2025-01-01") END ("2025-03-01") EVERY (INTERVAL ${every})`,
      );
    expect(await add("1 MONTH")).toEqual(
      analyzed(
        "The granularity of the auto-partitioned table granularity(day) should be consistent with the increased partition granularity(MONTH).",
      ),
    );
    expect(await add("2 DAY")).toEqual(analyzed("The step of the auto-partitioned table should be 1"));
  });

  test("take only whole units", async () => {
    await run(`CREATE TABLE $d.t (d DATE NOT NULL, k INT) PARTITION BY date_trunc('month', d) ${tail}`);
    const { message } = await refusal(
      `ALTER TABLE $d.t ADD PARTITIONS START ("2025-01-15") END ("2025-03-01") EVERY (INTERVAL 1 MONTH)`,
    );
    expect(message).toContain(
      "Batch build partition range [2025-01-15,2025-03-01) should be a standard unit of time (MONTH) with start day of month 1. suggest range [2025-01-01,2025-03-01)",
    );
  });

  test("take no series in the year 0: it becomes one in the year 1", async () => {
    await days();
    await run(
      `ALTER TABLE $d.t ADD PARTITIONS START ("0000-01-01") END ("0000-01-02") EVERY (INTERVAL 1 DAY)`,
    );
    expect(await names()).toEqual(["p00010101"]);
    expect(await boundsOf("p00010101")).toContain("keys: [0001-01-01]; ..types: [DATE]; keys: [0001-01-02]");
    await run(`CREATE TABLE $d.y (d DATE NOT NULL, k INT) PARTITION BY date_trunc('year', d) ${tail}`);
    const years = `ALTER TABLE $d.y ADD PARTITIONS START ("0000-01-01") END ("0001-01-01") EVERY (INTERVAL 1 YEAR)`;
    expect(await refusal(years)).toEqual(
      analyzed("Invalid range value format: The lower values must smaller than upper values"),
    );
  });

  testEmbedded(
    "end at no bound where a date can be no later",
    "no FE of ours makes them by a load",
    async () => {
      await days();
      await run("INSERT INTO $d.t VALUES ('9999-12-30', 1), ('9999-12-31', 2)");
      await run("INSERT INTO $d.t VALUES ('9999-12-31', 3)");
      expect(await names()).toEqual(["p99991230", "p99991231"]);
      expect(await boundsOf("p99991230")).toContain("keys: [9999-12-31]; )");
      expect(await boundsOf("p99991231")).toContain("keys: [MAXVALUE]; )");
    },
  );

  test("take properties of a series behind the distribution", async () => {
    await days();
    const series = `ALTER TABLE $d.t ADD PARTITIONS START ("2025-01-01") END ("2025-01-02") EVERY (INTERVAL 1 DAY)`;
    await run(
      `${series} DISTRIBUTED BY HASH (k) BUCKETS 3 PROPERTIES ("storage_medium" = "SSD", "replication_num" = "1")`,
    );
    expect(
      await rows(
        "SELECT BUCKETS b, STORAGE_MEDIUM m FROM information_schema.partitions_meta WHERE DB_NAME = '$d' AND PARTITION_NAME = 'p20250101'",
      ),
    ).toEqual([{ b: 3, m: "SSD" }]);
  });

  test("keep NULL in the first of all days", async () => {
    await run(`CREATE TABLE $d.t (d DATE, k INT) PARTITION BY date_trunc('day', d) ${tail}`);
    await run("INSERT INTO $d.t VALUES (NULL, 1)");
    await run("INSERT INTO $d.t VALUES (NULL, 2)");
    expect(await names()).toEqual(["p00000101"]);
    expect(await rows("SELECT count(*) n FROM $d.t WHERE d IS NULL")).toEqual([{ n: "2" }]);
  });
});

describe("§21.2 automatic list tables", () => {
  test("take one value at a time, under any name", async () => {
    await lists();
    await run("ALTER TABLE $d.t ADD PARTITION odd_name VALUES IN ('e')");
    await run("INSERT INTO $d.t VALUES ('e', 1)");
    expect(await names()).toEqual(["odd_name"]);
    expect(await refusal("ALTER TABLE $d.t ADD PARTITION two VALUES IN ('f', 'g')")).toEqual(
      analyzed("Automatically partitioned tables does not support multiple values in the same partition"),
    );
    expect((await refusal("ALTER TABLE $d.t ADD PARTITION other VALUES IN ('e')")).message).toContain(
      "Duplicate partition values exist for partition: other",
    );
  });

  test.each([
    [
      ["us", "US", "Us"],
      ["pus", "pUS_1af0e", "pUs_1af2e"],
    ],
    [
      ["b c", "bc", "b-c"],
      ["pbc", "pbc_1b0b1", "pbc_1b0b2"],
    ],
  ])("name %j %j: a name that is taken, in any case, gets a hash", async (values, expected) => {
    await lists();
    for (const [index, value] of values.entries())
      await run(`INSERT INTO $d.t VALUES ('${value}', ${index})`);
    expect(new Set(await names())).toEqual(new Set(expected));
    for (const [index, value] of values.entries())
      expect(await boundsOf(expected[index] ?? "")).toBe(JSON.stringify([[value]]));
  });

  test("cut long names, with a hash behind", async () => {
    await lists();
    await run(`INSERT INTO $d.t VALUES ('${"x".repeat(40)}', 1), ('${"é".repeat(20)}', 2)`);
    const long = `p${"e9".repeat(20)}`;
    expect(await names()).toEqual([long, `p${"x".repeat(40)}`].sort());
    await run(`CREATE TABLE $d.u (c VARCHAR(90) NOT NULL, k INT) PARTITION BY (c) ${tail}`);
    await run(`INSERT INTO $d.u VALUES ('${"y".repeat(60)}', 1)`);
    const [name = ""] = await names("u");
    expect(name).toMatch(new RegExp(`^p${"y".repeat(49)}_[0-9a-f]{1,8}$`));
  });
});

describe("§21.2 values of list partitions", () => {
  test("are told as JSON, NULL like the text NULL", async () => {
    await run(
      `CREATE TABLE $d.t (c VARCHAR(40), k INT) PARTITION BY LIST (c) (
         PARTITION quote VALUES IN ("l'Aquila", "a&b <c=d>", "back\\\\slash"),
         PARTITION none VALUES IN (NULL)) ${tail}`,
    );
    await run(`ALTER TABLE $d.t ADD PARTITION word VALUES IN ("NULL")`);
    expect(await boundsOf("quote")).toBe(
      String.raw`[["l\u0027Aquila"],["a\u0026b \u003cc\u003dd\u003e"],["back\\slash"]]`,
    );
    expect(await boundsOf("none")).toBe('[["NULL"]]');
    expect(await boundsOf("word")).toBe('[["NULL"]]');
  });

  test("may be added again under their name, if that is allowed for", async () => {
    await run(
      `CREATE TABLE $d.t (c VARCHAR(9) NOT NULL, k INT) PARTITION BY LIST (c) (PARTITION a VALUES IN ("x")) ${tail}`,
    );
    await run(`ALTER TABLE $d.t ADD PARTITION IF NOT EXISTS a VALUES IN ("x")`);
    expect(await names()).toEqual(["a"]);
    expect((await refusal(`ALTER TABLE $d.t ADD PARTITION b VALUES IN ("x")`)).message).toContain(
      "Duplicate partition values exist for partition: b",
    );
  });
});

describe("§21.2 RENAME PARTITION", () => {
  test("is for ranges that are made by hand", async () => {
    await run(
      `CREATE TABLE $d.r (k INT) PARTITION BY RANGE (k) (PARTITION a VALUES LESS THAN ("1"), PARTITION b VALUES LESS THAN ("2")) ${tail}`,
    );
    await run("ALTER TABLE $d.r RENAME PARTITION a c");
    expect(await names("r")).toEqual(["b", "c"]);
    expect(await refusal("ALTER TABLE $d.r RENAME PARTITION b c")).toEqual(
      raw("Partition name[c] is already used"),
    );
    expect(await refusal("ALTER TABLE $d.r RENAME PARTITION b B")).toEqual(raw("Same partition name"));
    expect(await refusal("ALTER TABLE $d.r RENAME PARTITION x y")).toEqual(
      raw("Partition[x] does not exists"),
    );
    await run(
      `CREATE TABLE $d.l (c INT NOT NULL, k INT) PARTITION BY LIST (c) (PARTITION a VALUES IN ("1")) ${tail}`,
    );
    await days();
    await run("INSERT INTO $d.t VALUES ('2025-01-01', 1)");
    expect(await refusal("ALTER TABLE $d.l RENAME PARTITION a b")).toEqual(
      raw("Table[l] is single partitioned. no need to rename partition name."),
    );
    expect(await refusal("ALTER TABLE $d.t RENAME PARTITION p20250101 b")).toEqual(
      raw("Table[t] is automatic partitioned. not support to rename partition name."),
    );
  });
});

describe("§21.2 ADD PARTITION", () => {
  test("gives a partition buckets, replication and a medium of its own", async () => {
    await run(
      `CREATE TABLE $d.t (k INT) PARTITION BY RANGE (k) (PARTITION a VALUES LESS THAN ("1")) ${tail}`,
    );
    await run(
      `ALTER TABLE $d.t ADD PARTITION b VALUES LESS THAN ("2") ("storage_medium" = "SSD", "replication_num" = "1") DISTRIBUTED BY HASH (k) BUCKETS 5`,
    );
    const meta = await rows(
      "SELECT PARTITION_NAME n, BUCKETS b, STORAGE_MEDIUM m FROM information_schema.partitions_meta WHERE DB_NAME = '$d' ORDER BY 1",
    );
    expect(meta).toEqual([
      { n: "a", b: 2, m: "HDD" },
      { n: "b", b: 5, m: "SSD" },
    ]);
    expect((await rows("SHOW PARTITIONS FROM $d.t")).map((row) => row["StorageMedium"])).toEqual([
      "HDD",
      "SSD",
    ]);
  });

  test("and it keeps them when it is emptied, overwritten or restored", async () => {
    await run(
      `CREATE TABLE $d.t (k INT) PARTITION BY RANGE (k) (PARTITION a VALUES LESS THAN ("1")) ${tail}`,
    );
    await run(
      `ALTER TABLE $d.t ADD PARTITION b VALUES LESS THAN ("2") ("storage_medium" = "SSD") DISTRIBUTED BY HASH (k) BUCKETS 5`,
    );
    const own = async (table: string) =>
      rows(
        `SELECT BUCKETS b, STORAGE_MEDIUM m FROM information_schema.partitions_meta WHERE DB_NAME = '$d' AND TABLE_NAME = '${table}' AND PARTITION_NAME = 'b'`,
      );
    await run("TRUNCATE TABLE $d.t PARTITION (b)");
    expect(await own("t")).toEqual([{ b: 5, m: "SSD" }]);
    await run("INSERT OVERWRITE $d.t PARTITION (b) VALUES (1)");
    expect(await own("t")).toEqual([{ b: 5, m: "SSD" }]);
    const label = unique("l");
    await backup(cluster, database, label, "ON (t)");
    await restore(cluster, { into: database, label, on: "t AS r" });
    expect(await own("r")).toEqual([{ b: 5, m: "SSD" }]);
  });

  test("in series starts units where they start, and names weeks by number", async () => {
    await run(
      `CREATE TABLE $d.t (d DATE NOT NULL, k INT) PARTITION BY RANGE (d) (
         START ("2025-01-15") END ("2025-03-10") EVERY (INTERVAL 1 MONTH)) ${tail}`,
    );
    expect(await names()).toEqual(["p202501", "p202502", "p202503"]);
    expect(await boundsOf("p202501")).toContain("keys: [2025-01-15]; ..types: [DATE]; keys: [2025-02-01]");
    expect(await boundsOf("p202503")).toContain("keys: [2025-03-01]; ..types: [DATE]; keys: [2025-03-10]");
    await run(
      `ALTER TABLE $d.t ADD PARTITIONS START ("2025-06-02") END ("2025-06-16") EVERY (INTERVAL 1 WEEK)`,
    );
    expect(await names()).toEqual(["p202501", "p202502", "p202503", "p2025_23", "p2025_24"]);
    await run(
      `ALTER TABLE $d.t ADD TEMPORARY PARTITIONS START ("2025-01-15") END ("2025-01-16") EVERY (INTERVAL 1 DAY)`,
    );
    expect(await names()).toContain("tp20250115");
  });
});

describe("§15 refusals of partition clauses", () => {
  beforeEach(() =>
    run(`CREATE TABLE $d.t (k INT) PARTITION BY RANGE (k) (PARTITION p1 VALUES LESS THAN ("9")) ${tail}`),
  );

  test.each([
    [
      'ADD PARTITION p1 VALUES LESS THAN ("99")',
      1517,
      "Getting analyzing error. Detail message: Duplicate partition name p1.",
    ],
    [
      'ADD PARTITION `1x` VALUES LESS THAN ("99")',
      1567,
      "Getting analyzing error. Detail message: Incorrect partition name '1x'.",
    ],
    ["DROP PARTITION nope", 1507, "Error in list of partitions to [nope]"],
    ["REPLACE PARTITION (p1) WITH TEMPORARY PARTITION (nope)", 1064, "Temp partition[nope] does not exist"],
  ])("%s", async (clause, code, message) => {
    expect(await refusal(`ALTER TABLE $d.t ${clause}`)).toEqual({ code, sqlState: "HY000", message });
  });

  test("of a table without partitions", async () => {
    await run(`CREATE TABLE $d.u (k INT) ${tail}`);
    expect(await refusal("ALTER TABLE $d.u DROP PARTITION u")).toEqual(
      raw("Alter table [u] failed. Not a partitioned table"),
    );
    expect(await refusal('ALTER TABLE $d.u ADD PARTITION p VALUES LESS THAN ("1")')).toEqual(
      analyzed("Only support adding partition to range/list partitioned table"),
    );
    expect(await refusal("ALTER TABLE $d.u RENAME PARTITION u x")).toEqual(
      raw("Table[u] is single partitioned. no need to rename partition name."),
    );
  });

  test("of loads and TRUNCATE", async () => {
    expect(await refusal("TRUNCATE TABLE $d.t PARTITION (nope)")).toEqual(
      raw("Partition nope does not exist"),
    );
    expect(await refusal("INSERT INTO $d.t PARTITION (nope) VALUES (1)")).toEqual(
      analyzed("Unknown partition 'nope' in table 't'"),
    );
  });
});

describe("§21.2 SELECT … PARTITION", () => {
  test("finds a name only as it is written, and says nothing of another case", async () => {
    await run(
      `CREATE TABLE $d.t (k INT) PARTITION BY RANGE (k) (PARTITION p1 VALUES LESS THAN ("9")) ${tail}`,
    );
    await run("INSERT INTO $d.t VALUES (1)");
    expect(await rows("SELECT k FROM $d.t PARTITION (p1)")).toEqual([{ k: 1 }]);
    expect(await rows("SELECT k FROM $d.t PARTITION (P1)")).toEqual(cluster.atLeast(3.4) ? [] : [{ k: 1 }]);
    expect((await refusal("SELECT k FROM $d.t PARTITION (p2)")).message).toContain("Unknown partition 'p2'");
  });
});

describe("§9.5 DELETE by predicate", () => {
  test("leaves empty partitions at version 1, unless they are named", async () => {
    await run(
      `CREATE TABLE $d.t (k INT) DUPLICATE KEY (k) PARTITION BY RANGE (k) (
         PARTITION p1 VALUES LESS THAN ("9"), PARTITION p2 VALUES LESS THAN ("99")) ${tail}`,
    );
    await run("INSERT INTO $d.t VALUES (1)");
    await run("DELETE FROM $d.t WHERE k < 50");
    const versions = async () => {
      const { p1, p2 } = await partitions(cluster, database, "t");
      return [p1?.["version"], p2?.["version"]];
    };
    expect(await versions()).toEqual(["3", "1"]);
    await run("DELETE FROM $d.t PARTITION (p2) WHERE k < 50");
    expect(await versions()).toEqual(["3", "2"]);
  });
});

describe("§21.2 the shadow partition", () => {
  const shadow = "$shadow_automatic_partition";

  test("is in a snapshot when it is named, and comes back", async () => {
    await days();
    await run("INSERT INTO $d.t VALUES ('2025-01-01', 1)");
    const label = unique("l");
    await backup(cluster, database, label, `ON (t PARTITION (p20250101, \`${shadow}\`))`);
    await restore(cluster, { into: database, label, on: `t PARTITION (p20250101, \`${shadow}\`) AS r` });
    expect(Object.keys(await partitions(cluster, database, "r")).sort()).toEqual([shadow, "p20250101"]);
  });

  test("is missed by nothing but dynamic overwrite", async () => {
    await days();
    await run("INSERT INTO $d.t VALUES ('2025-01-01', 1)");
    const label = unique("l");
    await backup(cluster, database, label, "ON (t PARTITION (p20250101))");
    await restore(cluster, { into: database, label, on: "t AS r" });
    expect(Object.keys(await partitions(cluster, database, "r"))).toEqual(["p20250101"]);
    await run("INSERT INTO $d.r VALUES ('2025-01-02', 2)");
    await run("INSERT OVERWRITE $d.r PARTITION (p20250101) VALUES ('2025-01-01', 3)");
    expect(await rows("SELECT k FROM $d.r ORDER BY k")).toEqual([{ k: 2 }, { k: 3 }]);
    const session = await cluster.connect({ database });
    await session.run("SET dynamic_overwrite = true");
    expect(await session.refusal("INSERT OVERWRITE r VALUES ('2025-01-02', 4)")).toMatchObject({
      code: 1064,
      message: expect.stringContaining("is null"),
    });
  });
});

describe("§21.2 partitions merged by ALTER TABLE … PARTITION BY", () => {
  const merge = "ALTER TABLE $d.t PARTITION BY date_trunc('month', d) BETWEEN '2025-01-01' AND '2025-01-31'";

  testEmbedded("are ranges that nothing makes again", "the job of the FE takes its time", async () => {
    await days();
    await run("INSERT INTO $d.t VALUES ('2025-01-01', 1), ('2025-01-20', 2), ('2025-02-01', 3)");
    await run(merge);
    expect(await names()).toEqual(["p202501", "p20250201"]);
    expect(await boundsOf("p202501")).toBe(
      "[types: [DATE]; keys: [2025-01-01]; ..types: [DATE]; keys: [2025-02-01]; )",
    );
    await run("INSERT INTO $d.t VALUES ('2025-01-05', 4)");
    expect(await names()).toEqual(["p202501", "p20250201"]);
    expect(await rows("SELECT k FROM $d.t PARTITION (p202501) ORDER BY k")).toEqual(
      [1, 2, 4].map((k) => ({ k })),
    );
    expect((await refusal("ALTER TABLE $d.t PARTITION BY date_trunc('day', d)")).message).toContain(
      "when merge partitions",
    );
  });

  test("are for automatic ranges", async () => {
    await run(
      `CREATE TABLE $d.t (d DATE NOT NULL, k INT) PARTITION BY RANGE (d) (PARTITION a VALUES LESS THAN ("2025-02-01")) ${tail}`,
    );
    expect((await refusal(merge)).message).toContain(
      "Unsupported table partition type when merge partitions",
    );
  });
});

describeEmbedded("GENERATION_EXPRESSION", "asks several versions", () => {
  for (const [version, expected] of [
    ["3.3", null],
    ["3.5", "(k + 1)"],
  ] as const) {
    const one = useCluster({ version });
    test(`is ${expected} in ${version}`, async () => {
      const name = await one.database();
      await one.client.run(`CREATE TABLE ${name}.t (k INT, g BIGINT AS (k + 1)) DUPLICATE KEY (k) ${tail}`);
      await one.client.run(`INSERT INTO ${name}.t VALUES (1)`);
      expect(await one.client.rows(`SELECT g FROM ${name}.t`)).toEqual([{ g: "2" }]);
      const told = await one.client.rows(
        `SELECT COLUMN_NAME c, GENERATION_EXPRESSION e FROM information_schema.columns WHERE TABLE_SCHEMA = '${name}' ORDER BY ORDINAL_POSITION`,
      );
      expect(told.map(({ e }) => e)).toEqual([null, expected]);
    });
  }
});

describe("PARTITION BY an expression and a column (3.4 and later)", () => {
  const create = `CREATE TABLE $d.t (d DATETIME NOT NULL, c VARCHAR(9) NOT NULL, k INT) DUPLICATE KEY (d)
    PARTITION BY date_trunc('day', d), c DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`;

  test("makes an automatic list over a generated column, which a star leaves out", async () => {
    await run(create);
    await run("INSERT INTO $d.t VALUES ('2025-01-02 10:00:00', 'us', 1), ('2025-01-02 11:00:00', 'de', 2)");
    await run("INSERT INTO $d.t (k, c, d) VALUES (3, 'us', '2025-01-02 12:00:00')");
    expect(await rows("SELECT * FROM $d.t ORDER BY k")).toEqual([
      { d: "2025-01-02 10:00:00", c: "us", k: 1 },
      { d: "2025-01-02 11:00:00", c: "de", k: 2 },
      { d: "2025-01-02 12:00:00", c: "us", k: 3 },
    ]);
    expect(await names()).toEqual(["p20250102000000_de", "p20250102000000_us"]);
    expect(await boundsOf("p20250102000000_us")).toBe('[["2025-01-02 00:00:00","us"]]');
    const [meta] = await rows(
      "SELECT PARTITION_KEY k FROM information_schema.partitions_meta WHERE DB_NAME = '$d' AND PARTITION_NAME = 'p20250102000000_us'",
    );
    expect(meta?.["k"]).toBe("`__generated_partition_column_0`, `c`");
  });

  test("takes partitions by hand", async () => {
    await run(create);
    await run(`ALTER TABLE $d.t ADD PARTITION mine VALUES IN (("2025-01-02 00:00:00", "us"))`);
    await run("INSERT INTO $d.t VALUES ('2025-01-02 10:00:00', 'us', 1)");
    expect(await names()).toEqual(["mine"]);
  });

  test("travels with BACKUP and RESTORE", async () => {
    await run(create);
    await run("INSERT INTO $d.t VALUES ('2025-01-02 10:00:00', 'us', 1)");
    const label = unique("l");
    await backup(cluster, database, label, "ON (t)");
    await restore(cluster, { into: database, label, on: "t AS r" });
    await run("INSERT INTO $d.r SELECT * FROM $d.t");
    await run("INSERT INTO $d.r VALUES ('2025-01-03 10:00:00', 'us', 2)");
    expect(await names("r")).toEqual(["p20250102000000_us", "p20250103000000_us"]);
    expect(await rows("SELECT count(*) n FROM $d.r PARTITION (p20250102000000_us)")).toEqual([{ n: "2" }]);
  });
});
