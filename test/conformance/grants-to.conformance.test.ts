import { afterEach, beforeEach, expect, test } from "vitest";
import { unique, useCluster } from "../support/cluster.ts";
import { one } from "../support/jobs.ts";

const cluster = useCluster();

let [database, ana, role] = ["", "", ""];
beforeEach(async () => {
  database = await cluster.database();
  [ana, role] = [unique("ana"), unique("analysts")];
  for (const table of ["t", "u"])
    await run(`CREATE TABLE $d.${table} (k INT) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 ${one}`);
  await run("CREATE USER '$ana'@'%'");
  await run("CREATE ROLE $role");
});
afterEach(async () => {
  await run("DROP USER '$ana'@'%'");
  await run("DROP ROLE $role");
});

const filled = (sql: string) =>
  sql.replaceAll("$d", database).replaceAll("$ana", ana).replaceAll("$role", role);
const run = (sql: string) => cluster.client.run(filled(sql));
const rows = (sql: string) => cluster.client.rows(filled(sql));
const ofUsers = () =>
  rows(
    `SELECT OBJECT_NAME n, PRIVILEGE_TYPE p, IS_GRANTABLE g FROM sys.grants_to_users
     WHERE GRANTEE = '''$ana''@''%''' AND OBJECT_DATABASE = '$d' AND OBJECT_TYPE = 'TABLE' ORDER BY 1, 2`,
  );

test("§13 a grant on a table follows the table through SWAP", async () => {
  await run("GRANT SELECT ON TABLE $d.t TO USER '$ana'@'%' WITH GRANT OPTION");
  expect(await ofUsers()).toEqual([{ n: "t", p: "SELECT", g: "YES" }]);
  await run("ALTER TABLE $d.t SWAP WITH u");
  expect(await ofUsers()).toEqual([{ n: "u", p: "SELECT", g: "YES" }]);
});

test("§13 a grant on all tables is a row for each of them", async () => {
  await run("GRANT SELECT ON ALL TABLES IN DATABASE $d TO USER '$ana'@'%'");
  await run("GRANT INSERT ON TABLE $d.t TO USER '$ana'@'%'");
  expect(await ofUsers()).toEqual([
    { n: "t", p: "INSERT", g: "NO" },
    { n: "t", p: "SELECT", g: "NO" },
    { n: "u", p: "SELECT", g: "NO" },
  ]);
});

test("§13 grants to roles are in a view of their own", async () => {
  await run("GRANT SELECT, INSERT ON TABLE $d.t TO ROLE $role");
  expect(
    await rows(
      "SELECT OBJECT_CATALOG c, OBJECT_NAME n, PRIVILEGE_TYPE p FROM sys.grants_to_roles WHERE GRANTEE = '$role' AND OBJECT_DATABASE = '$d'",
    ),
  ).toEqual([{ c: "default_catalog", n: "t", p: "INSERT, SELECT" }]);
  expect(await rows("SELECT GRANTEE FROM sys.grants_to_roles WHERE GRANTEE = 'db_admin'")).toEqual([]);
});

test("§13 the views take SELECT on them, which a grant on all tables of all databases gives", async () => {
  const reader = await cluster.connect({ user: ana, password: "" });
  const asked = "SELECT count(*) n FROM sys.grants_to_users";
  await run("GRANT SELECT ON ALL TABLES IN DATABASE $d TO USER '$ana'@'%'");
  expect((await reader.refusal(asked)).code).toBe(5203);
  await run("GRANT SELECT ON ALL TABLES IN ALL DATABASES TO USER '$ana'@'%'");
  expect((await reader.rows(asked)).length).toBe(1);
});
