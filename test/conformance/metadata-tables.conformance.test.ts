import { beforeEach, describe, expect, test } from "vitest";
import { describeEmbedded, testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { one, partitions } from "../support/jobs.ts";

const cluster = useCluster();

let database = "";
beforeEach(async () => {
  database = await cluster.database();
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const refusal = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));
const rows = (sql: string) => cluster.client.rows(sql.replaceAll("$d", database));

const primary = (columns: string, key = "k", table = "t") =>
  `CREATE TABLE $d.${table} (${columns}) PRIMARY KEY (${key}) DISTRIBUTED BY HASH (${key}) BUCKETS 1 ${one}`;

describe("§14.1 PRIMARY KEY tables", () => {
  test.each([
    "BOOLEAN",
    "TINYINT",
    "SMALLINT",
    "INT",
    "BIGINT",
    "LARGEINT",
    "DATE",
    "DATETIME",
    "VARCHAR(9)",
    "STRING",
  ])("take a key of %s", async (type) => {
    await run(primary(`k ${type} NOT NULL, v INT`));
  });

  test.each(["CHAR(9)", "FLOAT", "DOUBLE", "DECIMAL(9, 2)", "JSON"])("refuse a key of %s", async (type) => {
    expect((await refusal(primary(`k ${type} NOT NULL, v INT`))).message).toMatch(
      /primary key column\[k\] type not supported/,
    );
  });

  test("refuse a nullable key", async () => {
    expect((await refusal(primary("k INT NULL, v INT"))).message).toContain(
      "primary key column[k] cannot be nullable",
    );
  });

  test("want the key columns first", async () => {
    expect((await refusal(primary("v INT, k INT NOT NULL"))).message).toMatch(/key columns/i);
  });

  test("hold keys of up to 128 encoded bytes", async () => {
    await run(primary("a VARCHAR(200) NOT NULL, b VARCHAR(200) NOT NULL, v INT", "a, b"));
    await run(`INSERT INTO $d.t VALUES ('${"x".repeat(100)}', '${"y".repeat(26)}', 1)`);
    expect(
      (await refusal(`INSERT INTO $d.t VALUES ('${"x".repeat(100)}', '${"y".repeat(27)}', 1)`)).message,
    ).toContain("primary key size exceed the limit.");
  });

  test("upsert: no duplicate-key error, the last row of a key wins", async () => {
    await run(primary("k INT NOT NULL, v INT"));
    await run("INSERT INTO $d.t VALUES (1, 1), (1, 2)");
    await run("INSERT INTO $d.t VALUES (1, 3)");
    expect(await rows("SELECT * FROM $d.t")).toEqual([{ k: 1, v: 3 }]);
  });

  test("need WHERE in UPDATE, and keep their keys", async () => {
    await run(primary("k INT NOT NULL, v INT"));
    expect((await refusal("UPDATE $d.t SET v = 1")).message).toMatch(/where/i);
    expect((await refusal("UPDATE $d.t SET k = 1 WHERE v = 1")).message).toMatch(
      /primary key column cannot be updated/,
    );
  });

  test("DELETE takes any predicate, and no PARTITION", async () => {
    await run(primary("k INT NOT NULL, v INT"));
    await run("INSERT INTO $d.t VALUES (1, 1), (2, 5), (3, 9)");
    expect((await run("DELETE FROM $d.t WHERE v + k > 6")).affectedRows).toBe(2);
    expect((await refusal("DELETE FROM $d.t PARTITION (t) WHERE k = 1")).message).toMatch(/partition/i);
  });

  test("are the only ones to UPDATE", async () => {
    await run(`CREATE TABLE $d.t (k INT, v INT) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`);
    expect((await refusal("UPDATE $d.t SET v = 1 WHERE k = 1")).message).toMatch(/does not support update/);
  });
});

describe("§14.1 replication_num", () => {
  test("must be a positive number", async () => {
    expect((await refusal("CREATE TABLE $d.t (k INT) PROPERTIES ('replication_num' = '0')")).message).toMatch(
      /replication/i,
    );
  });

  test("cannot exceed the backends", async () => {
    const refused = await refusal("CREATE TABLE $d.t (k INT) PROPERTIES ('replication_num' = '99')");
    expect(refused).toMatchObject({ code: 1064, sqlState: "HY000" });
    expect(refused.message).toMatch(
      /^Getting analyzing error\. Detail message: Table replication num should be less than of equal to the number of available BE nodes\. .*Current alive backend is \[[\d,]+\]\.\.$/,
    );
  });

  describeEmbedded("by default", "a chosen number of backends", () => {
    const three = useCluster({ backends: 3 });
    test("is 3, and counts backends that are alive", async () => {
      const name = await three.database();
      await three.client.run(`CREATE TABLE ${name}.t (k INT)`);
      expect(
        await three.client.rows(
          `SELECT REPLICATION_NUM AS n FROM information_schema.partitions_meta WHERE DB_NAME = '${name}'`,
        ),
      ).toEqual([{ n: 3 }]);
      three.embedded.cluster.deadBackends.add(1002);
      expect((await three.client.refusal(`CREATE TABLE ${name}.u (k INT)`)).message).toContain(
        "Current alive backend is [1001,1003]",
      );
    });
  });
});

describe("§14.2 loads", () => {
  beforeEach(() => run(primary("k INT NOT NULL, v INT")));

  test("answer an OK packet with label, status and transaction id", async () => {
    const { info, affectedRows } = await run("INSERT INTO $d.t VALUES (1, 1), (2, 2)");
    expect(info).toMatch(/\{'label':'insert_[-\w]+', 'status':'VISIBLE', 'txnId':'\d+'\}$/);
    expect(affectedRows).toBe(2);
  });

  test("count matched rows in UPDATE and DELETE of a PRIMARY KEY table, 0 in DELETE of others", async () => {
    await run("INSERT INTO $d.t VALUES (1, 1), (2, 2), (3, 3)");
    expect((await run("UPDATE $d.t SET v = 9 WHERE k < 3")).affectedRows).toBe(2);
    expect((await run("UPDATE $d.t SET v = 9 WHERE k = 77")).affectedRows).toBe(0);
    await run(`CREATE TABLE $d.dup (k INT) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`);
    await run("INSERT INTO $d.dup VALUES (1), (2)");
    expect((await run("DELETE FROM $d.dup WHERE k = 1")).affectedRows).toBe(0);
    expect(await rows("SELECT k FROM $d.dup")).toEqual([{ k: 2 }]);
  });

  test("take 10000 rows in VALUES, and no more", async () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => `(${index}, 1)`).join(",");
    expect((await run(`INSERT INTO $d.t VALUES ${values(10_000)}`)).affectedRows).toBe(10_000);
    expect((await refusal(`INSERT INTO $d.t VALUES ${values(10_001)}`)).message).toContain(
      "The inserted rows are 10001 exceeded the maximum limit 10000",
    );
  });

  test("refuse another number of values than columns", async () => {
    expect(await refusal("INSERT INTO $d.t VALUES (1)")).toMatchObject({ code: 5604 });
  });

  test("refuse NULL in a column that takes none, and strings that are too long, as a whole", async () => {
    await run(
      `CREATE TABLE $d.s (k INT NOT NULL, s VARCHAR(3)) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`,
    );
    expect((await refusal("INSERT INTO $d.s VALUES (1, 'ok'), (NULL, 'x')")).message).toMatch(
      /filtered data|null/i,
    );
    expect((await refusal("INSERT INTO $d.s VALUES (1, 'ok'), (2, 'long')")).message).toMatch(
      /filtered data|too long/i,
    );
    expect(await rows("SELECT count(*) AS n FROM $d.s")).toEqual([{ n: "0" }]);
  });

  testEmbedded("may be COMMITTED and not visible yet (publish lag)", "publishing is held back", async () => {
    const { embedded } = cluster;
    await run("INSERT INTO $d.t VALUES (1, 1)");
    const before = (await partitions(cluster, database, "t"))["t"];
    embedded.cluster.publishing.hold();
    const { info, affectedRows } = await run("INSERT INTO $d.t VALUES (2, 2)");
    expect([affectedRows, info]).toEqual([1, expect.stringContaining("'status':'COMMITTED'")]);
    expect(await rows("SELECT k FROM $d.t")).toEqual([{ k: 1 }]);
    const during = (await partitions(cluster, database, "t"))["t"];
    expect(during).toMatchObject({
      version: before?.["version"],
      next: String(Number(before?.["next"]) + 1),
    });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const commit = Math.floor(Date.now() / 1000) - 1;
    await embedded.cluster.publishing.release();
    expect(await rows("SELECT k FROM $d.t ORDER BY k")).toEqual([{ k: 1 }, { k: 2 }]);
    const after = (await partitions(cluster, database, "t"))["t"];
    expect(after?.["version"]).toBe(String(Number(before?.["version"]) + 1));
    // §9.4: the time is that of the commit, not of the publish.
    expect(Number(after?.["time"])).toBeLessThanOrEqual(commit);
  });

  testEmbedded("fail beyond 1000 versions that nothing compacted", "compaction is switched off", async () => {
    const { publishing } = cluster.embedded.cluster;
    expect(publishing.maxVersions).toBe(1000);
    // A thousand loads take long; the rule is the same for twenty.
    Object.assign(publishing, { compaction: false, maxVersions: 20 });
    for (let done = 0; done < 20; done += 1) await run(`INSERT INTO $d.t VALUES (${done}, 1)`);
    expect((await refusal("INSERT INTO $d.t VALUES (-1, 1)")).message).toMatch(
      /Failed to load data into tablet \d+, because of too many versions, current\/limit: 21\/20/,
    );
    Object.assign(publishing, { compaction: true, maxVersions: 1000 });
    await run("INSERT INTO $d.t VALUES (-1, 1)");
  });
});

describe("§14.3 UPDATE is no lock", () => {
  test("two conditional UPDATEs at the same version both report 1 row, and the later wins", async () => {
    await run(primary("id INT NOT NULL, owner VARCHAR(9)", "id", "lease"));
    await run("INSERT INTO $d.lease VALUES (1, '')");
    const sessions = await Promise.all([cluster.connect(), cluster.connect()]);
    // Which of them overlap is up to the server; among several tries some do.
    let both = false;
    for (let tries = 0; tries < 50 && !both; tries += 1) {
      await run("UPDATE $d.lease SET owner = '' WHERE id = 1");
      const results = await Promise.all(
        sessions.map((session, index) =>
          session.run(`UPDATE ${database}.lease SET owner = 'o${index}' WHERE id = 1 AND owner = ''`),
        ),
      );
      both = results.every((result) => result.affectedRows === 1);
    }
    expect(both).toBe(true);
    const [row] = await rows("SELECT owner FROM $d.lease");
    expect(["o0", "o1"]).toContain(row?.["owner"]);
  });

  test("there is no GET_LOCK and no SELECT … FOR UPDATE", async () => {
    expect((await refusal("SELECT get_lock('x', 1)")).message).toMatch(/No matching function/);
    await run(primary("k INT NOT NULL, v INT"));
    expect((await refusal("SELECT * FROM $d.t FOR UPDATE")).code).toBe(1064);
  });

  test("LOCK TABLES parses and locks nothing", async () => {
    await run(primary("k INT NOT NULL, v INT"));
    const other = await cluster.connect();
    await other.run(`USE ${database}`);
    await other.run("LOCK TABLES t WRITE");
    await run("INSERT INTO $d.t VALUES (1, 1)");
    await other.run("UNLOCK TABLES");
  });
});

describe("§14.4 what is atomic", () => {
  test("CREATE VIEW: of many at once exactly one wins, the others get 1050 or 1005", async () => {
    const sessions = await Promise.all(Array.from({ length: 5 }, () => cluster.connect()));
    const outcomes = await Promise.all(
      sessions.map((session, index) =>
        session.run(`CREATE VIEW ${database}.lease_g1 AS SELECT 'o${index}' AS owner`).then(
          () => "won",
          (error: unknown) => (error instanceof Error && "errno" in error ? error.errno : error),
        ),
      ),
    );
    expect(outcomes.filter((one) => one === "won")).toHaveLength(1);
    expect(outcomes.filter((one) => one === 1050 || one === 1005)).toHaveLength(4);
    const [row] = await rows("SELECT owner FROM $d.lease_g1");
    expect(row?.["owner"]).toBe(`o${outcomes.indexOf("won")}`);
  });

  test("CREATE VIEW on a name in use: 1050/42S01", async () => {
    await run("CREATE VIEW $d.v AS SELECT 1 AS one");
    expect(await refusal("CREATE VIEW $d.v AS SELECT 2 AS two")).toMatchObject({
      code: 1050,
      sqlState: "42S01",
      message: expect.stringContaining("Table 'v' already exists"),
    });
    await run("DROP VIEW $d.v");
    await run("CREATE VIEW $d.v AS SELECT 2 AS two");
  });

  test("a load label: of many INSERTs at once one wins", async () => {
    await run(primary("k INT NOT NULL, v INT"));
    const label = unique("l");
    const sessions = await Promise.all(Array.from({ length: 8 }, () => cluster.connect()));
    const outcomes = await Promise.allSettled(
      sessions.map((session, index) =>
        session.run(`INSERT INTO ${database}.t WITH LABEL ${label} VALUES (${index}, 1)`),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const lost = outcomes.find((one) => one.status === "rejected");
    expect(String(lost?.reason)).toMatch(new RegExp(`Label \\[${label}\\] has already been used`));
    expect(await rows("SELECT count(*) AS n FROM $d.t")).toEqual([{ n: "1" }]);
    expect(await refusal(`INSERT INTO $d.t WITH LABEL ${label} VALUES (99, 1)`)).toEqual({
      code: 1064,
      sqlState: "HY000",
      message: `Getting analyzing error. Detail message: fail to begin transaction. Label [${label}] has already been used..`,
    });
  });

  test("a load label belongs to its database", async () => {
    const other = await cluster.database();
    const label = unique("l");
    await run(primary("k INT NOT NULL, v INT"));
    await cluster.client.run(`CREATE TABLE ${other}.t (k INT) ${one}`);
    await run(`INSERT INTO $d.t WITH LABEL ${label} VALUES (1, 1)`);
    await cluster.client.run(`INSERT INTO ${other}.t WITH LABEL ${label} VALUES (1)`);
    expect(await refusal(`INSERT INTO $d.t WITH LABEL ${label} VALUES (2, 2)`)).toMatchObject({ code: 1064 });
  });

  test("a label is free again after a load that failed", async () => {
    const label = unique("l");
    await run(primary("k INT NOT NULL, v INT"));
    await refusal(`INSERT INTO $d.t WITH LABEL ${label} VALUES (NULL, 1)`);
    await run(`INSERT INTO $d.t WITH LABEL ${label} VALUES (1, 1)`);
  });

  test("a label is of [-\\w]{1,128}", async () => {
    await run(primary("k INT NOT NULL, v INT"));
    expect(
      (await refusal(`INSERT INTO $d.t WITH LABEL \`${"x".repeat(129)}\` VALUES (1, 1)`)).message,
    ).toMatch(/label/i);
    expect((await refusal("INSERT INTO $d.t WITH LABEL `a b` VALUES (1, 1)")).message).toMatch(/label/i);
    await run(`INSERT INTO $d.t WITH LABEL \`${unique("a-b")}\` VALUES (1, 1)`);
  });

  test("information_schema.loads knows what became of a label", async () => {
    const label = unique("l");
    await run(primary("k INT NOT NULL, v INT"));
    await run(`INSERT INTO $d.t WITH LABEL ${label} VALUES (1, 1)`);
    expect(
      await rows(
        `SELECT STATE AS state, DB_NAME AS db, SINK_ROWS AS n FROM information_schema.loads WHERE LABEL = '${label}'`,
      ),
    ).toMatchObject([{ state: "FINISHED", db: database }]);
  });
});
