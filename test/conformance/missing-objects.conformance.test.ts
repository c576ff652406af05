import { expect, test } from "vitest";
import { useCluster } from "../support/cluster.ts";

const cluster = useCluster();

const analyzed = (detail: string) => `Getting analyzing error. Detail message: ${detail}.`;

/** §15: 5502 is what SELECT, DROP and DESC say; all others say 1064. */
test.each([
  ["SELECT * FROM $d.nope", 5502, "Unknown table '$d.nope'"],
  ["DROP TABLE $d.nope", 5502, "Unknown table 'nope'"],
  ["DESC $d.nope", 5502, "Unknown table 'nope'"],
  ["ALTER TABLE $d.nope SWAP WITH t", 1064, "Table nope is not found"],
  ["ALTER TABLE $d.nope RENAME x", 1064, "Table nope is not found"],
  ["ALTER TABLE $d.nope COMMENT = 'x'", 1064, "Table nope is not found"],
  ["INSERT INTO $d.nope VALUES (1)", 1064, "Table nope is not found"],
  ["DELETE FROM $d.nope WHERE k = 1", 1064, "Table nope is not found"],
  ["UPDATE $d.nope SET k = 1 WHERE k = 1", 1064, "Table nope is not found"],
  ["TRUNCATE TABLE $d.nope", 1064, "Table nope is not found"],
  ["SHOW PARTITIONS FROM $d.nope", 1064, "Table nope is not found"],
  ["SHOW CREATE TABLE $d.nope", 1064, "Table nope is not found"],
  ["INSERT INTO $d.t (k, nope) VALUES (1, 2)", 1064, "Unknown column 'nope' in 't'"],
  ["INSERT INTO $d.t VALUES (1, DEFAULT)", 1064, "Column has no default value, column=n"],
  [
    "INSERT INTO $d.t WITH LABEL `bad label!` VALUES (1, 2)",
    1064,
    "Label format error. regex: ^[-\\w]{1,128}$, label: bad label!",
  ],
])("%s", async (sql, code, detail) => {
  const database = await cluster.database();
  const named = (text: string) => text.replaceAll("$d", database);
  const one = "PROPERTIES ('replication_num' = '1')";
  await cluster.client.run(`CREATE TABLE ${database}.t (k INT, n INT) DUPLICATE KEY (k) ${one}`);
  expect(await cluster.client.refusal(named(sql))).toMatchObject({ code, message: analyzed(named(detail)) });
});

test("a table cannot be swapped with itself: its base index has the name", async () => {
  const database = await cluster.database();
  await cluster.client.run(`CREATE TABLE ${database}.t (k INT) PROPERTIES ('replication_num' = '1')`);
  expect(await cluster.client.refusal(`ALTER TABLE ${database}.t SWAP WITH t`)).toEqual({
    code: 1064,
    sqlState: "HY000",
    message: "New name conflicts with rollup index name: t",
  });
});

test("a broker that is not there", async () => {
  const repository = `CREATE REPOSITORY no_such WITH BROKER nobody ON LOCATION "s3://x/y" PROPERTIES ("aws.s3.access_key" = "a", "aws.s3.secret_key" = "b")`;
  expect(await cluster.client.refusal(repository)).toMatchObject({
    code: 1064,
    message: analyzed("Unknown broker name(nobody)"),
  });
});

/** Keys that nobody has set are printed as well, in SHOW CREATE TABLE and in tables_config. */
test("properties of a table of one's own are those that StarRocks gives every table, too", async () => {
  const database = await cluster.database();
  const table = (model: string) =>
    `CREATE TABLE ${database}.t (k INT NOT NULL) ${model} (k) DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ('replication_num' = '1')`;
  for (const [model, more] of [
    ["DUPLICATE KEY", {}],
    ["PRIMARY KEY", { enable_persistent_index: "true" }],
  ] as const) {
    await cluster.client.run(table(model));
    const [row] = await cluster.client.rows(
      `SELECT PROPERTIES FROM information_schema.tables_config WHERE TABLE_SCHEMA = '${database}' AND TABLE_NAME = 't'`,
    );
    expect(JSON.parse(String(row?.["PROPERTIES"]))).toMatchObject({
      compression: "LZ4",
      fast_schema_evolution: "true",
      replicated_storage: "true",
      replication_num: "1",
      ...more,
    });
    const [created] = await cluster.client.rows(`SHOW CREATE TABLE ${database}.t`);
    const text = String(created?.["Create Table"]);
    expect(text).toContain('"compression" = "LZ4",\n');
    await cluster.client.run(`DROP TABLE ${database}.t FORCE`);
    // Running it again makes the same table.
    await cluster.client.run(text.replace("`t`", `${database}.\`t\``));
    const [again] = await cluster.client.rows(`SHOW CREATE TABLE ${database}.t`);
    expect(again?.["Create Table"]).toBe(text);
    await cluster.client.run(`DROP TABLE ${database}.t FORCE`);
  }
});
