import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { one } from "../../support/jobs.ts";

let embedded: Embedded;
beforeAll(async () => {
  embedded = await startEmbedded();
  await embedded.client.run("CREATE DATABASE d");
  await embedded.client.run("USE d");
  await embedded.client.run(`CREATE TABLE t (a INT, v VARCHAR(20), j JSON) ${one}`);
});
afterAll(() => embedded.close());

const refusal = "is not supported by the embedded StarRocks";

describe("what StarRocks knows and the embedded one does not is refused as such", () => {
  test.each([
    "UPDATE p SET n = q.a FROM t q WHERE k = 1",
    "DELETE FROM p USING t WHERE p.k = t.a",
    "CREATE TABLE n AS SELECT 1 AS a",
    "CREATE TABLE n (a, b) PROPERTIES ('x' = 'y') AS SELECT 1, 2",
    "CREATE TABLE n (a VARCHAR(9), INDEX i (a) USING GIN)",
    `CREATE TABLE n (a INT) PARTITION BY RANGE (a) (PARTITION p1 VALUES LESS THAN ("1") ("storage_medium" = "SSD"))`,
    "ALTER TABLE t ADD ROLLUP r (a)",
    "SELECT a, v, count(*) FROM t GROUP BY GROUPING SETS ((a), (v))",
    "SELECT a, count(*) FROM t GROUP BY CUBE (a)",
    "SELECT a, count(*) FROM t GROUP BY ROLLUP (a)",
    "SELECT * FROM t, unnest([1, 2]) AS u",
    "SELECT j->'a' FROM t",
    "SELECT [1,2][1]",
    "SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a) = 1",
    "SELECT * FROM t NATURAL JOIN t AS u",
    "SELECT * FROM t RIGHT SEMI JOIN t AS u ON t.a = u.a",
    "SELECT * FROM t RIGHT ANTI JOIN t AS u ON t.a = u.a",
    "SELECT substr('abc' FROM 2 FOR 1)",
    "SELECT CAST(1 AS UNSIGNED)",
    "SELECT substring_index('a.b', '.', 1)",
    "SELECT x'61'",
    "SELECT a FROM t WHERE a = ANY (SELECT a FROM t)",
    "WITH RECURSIVE q AS (SELECT 1) SELECT * FROM q",
    "SELECT a FROM t INTO OUTFILE 's3://bucket/x'",
    "SET PASSWORD FOR 'x' = PASSWORD('y')",
    "CANCEL BACKUP FOR EXTERNAL CATALOG c",
  ])("%s", async (sql) => {
    expect((await embedded.client.refusal(sql)).message).toContain(refusal);
  });

  test("while what is no SQL stays a syntax error", async () => {
    for (const sql of ["SELECT * FORM t", "CREATE TABLE n (a INT", "UPDATE p SET", "SELECT a FROM t WHERE"])
      expect((await embedded.client.refusal(sql)).message).toContain("Getting syntax error");
  });

  test("and so are the conditions of later versions, where they exist (§3)", async () => {
    const newer = await startEmbedded({ version: "4.2" });
    for (const sql of ["SHOW BACKUP WHERE SnapshotName = 'x'", "SHOW RESTORE LIKE 'x'"]) {
      expect((await newer.client.refusal(sql)).message).toContain(refusal);
      expect((await embedded.client.refusal(sql)).message).toContain("Getting syntax error");
    }
    await newer.close();
  });
});

test("an empty statement does nothing", async () => {
  await embedded.client.run(";");
});
