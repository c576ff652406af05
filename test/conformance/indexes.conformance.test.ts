import { expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup } from "../support/jobs.ts";

const cluster = useCluster();
const one = `DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ("replication_num" = "1")`;

async function withTable(columns: string): Promise<string> {
  const database = await cluster.database();
  await cluster.client.run(`CREATE TABLE ${database}.t (${columns}) DUPLICATE KEY (k) ${one}`);
  return database;
}

async function definition(table: string): Promise<string> {
  const [row] = await cluster.client.rows(`SHOW CREATE TABLE ${table}`);
  return String(row?.["Create Table"]);
}

test("indexes are printed after the columns, with what they have by default", async () => {
  const database = await withTable(
    `k INT NOT NULL, n INT, s VARCHAR(20), INDEX a (n) USING BITMAP COMMENT "it's",
     INDEX b (s) USING NGRAMBF ("gram_num" = "4", "bloom_filter_fpp" = "0.05"), INDEX c (k)`,
  );
  expect(await definition(`${database}.t`)).toContain(
    `  \`s\` varchar(20) NULL COMMENT "",
  INDEX a (\`n\`) USING BITMAP COMMENT 'it's',
  INDEX b (\`s\`) USING NGRAMBF("bloom_filter_fpp" = "0.05", "case_sensitive" = "true", "gram_num" = "4") COMMENT '',
  INDEX c (\`k\`) USING BITMAP COMMENT ''
) ENGINE=OLAP `,
  );
});

test("what cannot be an index is refused", async () => {
  const database = await withTable("k INT NOT NULL, INDEX a (k)");
  const refused = async (sql: string) =>
    (await cluster.client.refusal(sql.replaceAll("$d", database))).message;
  expect(await refused("ALTER TABLE $d.t ADD INDEX a (k)")).toBe("index `a` already exist.");
  expect(await refused("ALTER TABLE $d.t DROP INDEX nope")).toBe("index nope does not exist");
  expect(await refused(`CREATE TABLE $d.u (k INT, INDEX a (k), INDEX a (k)) ${one}`)).toContain(
    "Detail message: index name must be unique.",
  );
  expect(await refused(`CREATE TABLE $d.u (k INT, INDEX a (z)) ${one}`)).toContain(
    "Detail message: a column does not exist in table. invalid column: z.",
  );
});

testEmbedded(
  "adding one is a schema change, and it travels with a snapshot",
  "schema changes end at once",
  async () => {
    const database = await withTable("k INT NOT NULL, n INT");
    await cluster.client.run(`ALTER TABLE ${database}.t ADD INDEX a (n) USING BITMAP COMMENT "c"`);
    expect(await cluster.client.rows(`SHOW ALTER TABLE COLUMN FROM ${database}`)).toMatchObject([
      { TableName: "t", State: "FINISHED" },
    ]);
    const before = await definition(`${database}.t`);
    expect(before).toContain("INDEX a (`n`) USING BITMAP COMMENT 'c'");
    const label = unique("s");
    await backup(cluster, database, label);
    await cluster.client.run(`ALTER TABLE ${database}.t DROP INDEX a`);
    expect(await definition(`${database}.t`)).not.toContain("INDEX");
  },
);
