import { beforeEach, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { one } from "../support/jobs.ts";

const cluster = useCluster();

let database = "";
beforeEach(async () => {
  database = await cluster.database();
  for (const table of ["t", "u"])
    await run(`CREATE TABLE $d.${table} (k INT) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`);
  await run(`CREATE ROUTINE LOAD $d.job ON t COLUMNS TERMINATED BY "," PROPERTIES ("desired_concurrent_number" = "1")
    FROM KAFKA ("kafka_broker_list" = "127.0.0.1:9092", "kafka_topic" = "empty")`);
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const refusal = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));
const rows = (sql: string) => cluster.client.rows(sql.replaceAll("$d", database));
const listed = () =>
  rows(
    "SELECT NAME, TABLE_NAME, STATE FROM information_schema.routine_load_jobs WHERE DB_NAME IN ('$d', 'x') ORDER BY ID",
  );
const table = async () => (await listed()).map((row) => row["TABLE_NAME"]);

test("§16 SHOW ROUTINE LOAD has these columns", async () => {
  const names = (await cluster.client.columns(`SHOW ROUTINE LOAD FROM ${database}`)).map(({ name }) => name);
  expect(names.slice(0, 9).join(" ")).toBe(
    "Id Name CreateTime PauseTime EndTime DbName TableName State DataSourceType",
  );
});

test("§11 a routine load follows its table through SWAP and RENAME, and not the name", async () => {
  await run("ALTER TABLE $d.t SWAP WITH u");
  expect(await table()).toEqual(["u"]);
  await run("PAUSE ROUTINE LOAD FOR $d.job");
  await run("RESUME ROUTINE LOAD FOR $d.job");
  expect(await table()).toEqual(["u"]);
  await run("ALTER TABLE $d.u RENAME v");
  expect(await table()).toEqual(["v"]);
});

test("§16 a job is paused, and ended jobs are in the view and in SHOW ALL only", async () => {
  await run("PAUSE ROUTINE LOAD FOR $d.job");
  expect(await listed()).toMatchObject([{ NAME: "job", TABLE_NAME: "t", STATE: "PAUSED" }]);
  await run("STOP ROUTINE LOAD FOR $d.job");
  expect(await listed()).toMatchObject([{ STATE: "STOPPED" }]);
  expect(await rows("SHOW ROUTINE LOAD FROM $d")).toEqual([]);
  expect(await rows("SHOW ALL ROUTINE LOAD FROM $d")).toMatchObject([{ Name: "job", State: "STOPPED" }]);
  expect((await refusal("PAUSE ROUTINE LOAD FOR $d.job")).message).toContain(
    "There is not operable routine load job with name job",
  );
});

test("a name is used once in a database, until its job has ended", async () => {
  const again = `CREATE ROUTINE LOAD $d.job ON u FROM KAFKA ("kafka_broker_list" = "127.0.0.1:9092", "kafka_topic" = "empty")`;
  expect((await refusal(again)).message).toBe(`Name job already used in db ${database}`);
  await run("STOP ROUTINE LOAD FOR $d.job");
  await run(again);
  expect(await table()).toEqual(["t", "u"]);
});

testEmbedded("§11 a job whose table is dropped is CANCELLED", "takes the scheduler's next pass", async () => {
  await run("DROP TABLE $d.t FORCE");
  expect(await listed()).toMatchObject([{ STATE: "CANCELLED", TABLE_NAME: expect.stringMatching(/^\d+$/) }]);
});

test("§16 the view has jobs on tables that the user has no privilege on; SHOW has not", async () => {
  const user = unique("reader");
  await run(`CREATE USER '${user}'@'%'`);
  await run(`GRANT SELECT ON TABLE $d.u TO USER '${user}'@'%'`);
  const reader = await cluster.connect({ user, password: "" });
  expect(
    await reader.rows(
      `SELECT NAME FROM information_schema.routine_load_jobs WHERE DB_NAME IN ('${database}', 'x')`,
    ),
  ).toEqual([{ NAME: "job" }]);
  expect(await reader.rows(`SHOW ROUTINE LOAD FROM ${database}`)).toEqual([]);
  expect((await reader.refusal(`PAUSE ROUTINE LOAD FOR ${database}.job`)).code).toBe(5203);
  await run(`DROP USER '${user}'@'%'`);
});
