import { beforeEach, describe, expect, test } from "vitest";
import { unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, ended, restoreText } from "../support/jobs.ts";
import { useUsers } from "../support/users.ts";

const cluster = useCluster();
const users = useUsers(cluster);

let database = "";
beforeEach(async () => {
  database = await cluster.database();
  await createOrders(cluster, `${database}.orders`);
});

const denied = (privilege: string, object: string) => ({
  code: 5203,
  sqlState: "42000",
  message: `Access denied; you need (at least one of) the ${privilege} privilege(s) on ${object} for this operation. Please ask the admin to grant permission(s) or try activating existing roles using <set [default] role>. Current role(s): NONE. Inactivated role(s): NONE.`,
});

describe("§13 the refusal", () => {
  test("is 5203/42000 and names the privilege, the object and the roles", async () => {
    const { session } = await users.holding(`SELECT ON TABLE ${database}.orders`);
    expect(await session.refusal(`INSERT INTO ${database}.orders VALUES (1, '2025-01-01', 'x')`)).toEqual(
      denied("INSERT", "TABLE orders"),
    );
  });

  test("lists roles that are granted but not active", async () => {
    const role = await users.createRole();
    const user = await users.create();
    await cluster.client.run(`GRANT ${role} TO USER '${user}'@'%'`);
    const session = await cluster.connect({ user });
    expect((await session.refusal(`SELECT id FROM ${database}.orders`)).message).toContain(
      `Current role(s): NONE. Inactivated role(s): [${role}].`,
    );
  });
});

describe("§13 statements and their privileges", () => {
  const cases: readonly (readonly [sql: string, privilege: string, object: string])[] = [
    ["SELECT id FROM $d.orders", "SELECT", "TABLE orders"],
    ["INSERT INTO $d.orders VALUES (1, '2025-01-01', 'x')", "INSERT", "TABLE orders"],
    ["DELETE FROM $d.orders PARTITION (p1) WHERE id = 1", "DELETE", "TABLE orders"],
    ["TRUNCATE TABLE $d.orders", "DELETE", "TABLE orders"],
    ["ALTER TABLE $d.orders COMMENT = 'x'", "ALTER", "TABLE orders"],
    ["ALTER TABLE $d.orders RENAME other", "ALTER", "TABLE orders"],
    ["DROP TABLE $d.orders", "DROP", "TABLE orders"],
    ["CREATE TABLE $d.t (k INT) PROPERTIES ('replication_num' = '1')", "CREATE TABLE", "DATABASE $d"],
    ["CREATE VIEW $d.v AS SELECT 1 AS one", "CREATE VIEW", "DATABASE $d"],
    ["DROP DATABASE $d", "DROP", "DATABASE $d"],
    ["ALTER DATABASE $d RENAME other", "ALTER", "DATABASE $d"],
    ["CREATE DATABASE nobody_may", "CREATE DATABASE", "CATALOG default_catalog"],
    ["SHOW FRONTENDS", "OPERATE OR NODE", "SYSTEM"],
    ["SHOW BACKENDS", "OPERATE OR NODE", "SYSTEM"],
    ["SHOW COMPUTE NODES", "OPERATE OR NODE", "SYSTEM"],
    ["ADMIN SHOW FRONTEND CONFIG LIKE 'run_mode'", "OPERATE", "SYSTEM"],
    ["SHOW SNAPSHOT ON $r", "REPOSITORY", "SYSTEM"],
    ["SHOW BACKUP FROM $d", "REPOSITORY", "SYSTEM"],
    ["SHOW RESTORE FROM $d", "REPOSITORY", "SYSTEM"],
    ["CANCEL BACKUP FROM $d", "REPOSITORY", "SYSTEM"],
    ["BACKUP SNAPSHOT $d.nobody_may TO $r", "REPOSITORY", "SYSTEM"],
    ["CREATE USER nobody_may", "GRANT", "SYSTEM"],
    ["GRANT SELECT ON TABLE $d.orders TO USER root", "GRANT", "SYSTEM"],
  ];
  test.each(cases)("%s needs %s on %s", async (sql, privilege, object) => {
    // USAGE on the catalog lets the user reach the database, and nothing in it.
    const { session } = await users.holding("EXPORT ON ALL TABLES IN ALL DATABASES");
    const filled = (text: string) => text.replaceAll("$d", database).replaceAll("$r", cluster.repository);
    expect(await session.refusal(filled(sql))).toEqual(denied(privilege, filled(object)));
  });

  test("UPDATE needs UPDATE, and no SELECT on the table it changes", async () => {
    await cluster.client.run(
      `CREATE TABLE ${database}.pk (k INT NOT NULL, v INT) PRIMARY KEY (k) DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ('replication_num' = '1')`,
    );
    await cluster.client.run(`INSERT INTO ${database}.pk VALUES (1, 1)`);
    const reader = await users.holding(`SELECT ON TABLE ${database}.pk`);
    const writer = await users.holding(`UPDATE ON TABLE ${database}.pk`);
    const sql = `UPDATE ${database}.pk SET v = 2 WHERE k = 1`;
    expect((await reader.session.refusal(sql)).code).toBe(5203);
    expect((await writer.session.run(sql)).affectedRows).toBe(1);
  });

  test("INSERT … SELECT needs SELECT on what it reads", async () => {
    await createOrders(cluster, `${database}.source`);
    const { session } = await users.holding(`INSERT ON TABLE ${database}.orders`);
    expect(await session.refusal(`INSERT INTO ${database}.orders SELECT * FROM ${database}.source`)).toEqual(
      denied("SELECT", "TABLE source"),
    );
  });

  test.each([
    ["SHOW PARTITIONS FROM", "any privilege on the table"],
    ["SHOW CREATE TABLE", "any privilege on the table"],
    ["DESC", "any privilege on the table"],
  ])("%s needs %s", async (statement) => {
    await createOrders(cluster, `${database}.other`);
    const { session } = await users.holding(`DROP ON TABLE ${database}.orders`);
    expect(await session.rows(`${statement} ${database}.orders`)).not.toEqual([]);
    expect(await session.refusal(`${statement} ${database}.other`)).toEqual(denied("ANY", "TABLE other"));
  });

  test("a view takes SELECT on the view, and none on its tables", async () => {
    await cluster.client.run(`CREATE VIEW ${database}.v AS SELECT id FROM ${database}.orders`);
    const { session } = await users.holding(`SELECT ON VIEW ${database}.v`);
    expect(await session.rows(`SELECT count(*) AS n FROM ${database}.v`)).toEqual([{ n: "3" }]);
    expect((await session.refusal(`SELECT count(*) AS n FROM ${database}.orders`)).code).toBe(5203);
  });

  test("SHOW REPOSITORIES needs nothing", async () => {
    const user = await users.create();
    const session = await cluster.connect({ user });
    expect((await session.rows("SHOW REPOSITORIES")).map((row) => row["RepoName"])).toContain(
      cluster.repository,
    );
  });
});

describe("§13 BACKUP and RESTORE", () => {
  test("BACKUP needs EXPORT on every table it takes", async () => {
    await createOrders(cluster, `${database}.other`);
    const { session } = await users.holding("REPOSITORY ON SYSTEM", `EXPORT ON TABLE ${database}.orders`);
    const text = (on: string) => `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository} ${on}`;
    expect(await session.refusal(text(""))).toEqual(denied("EXPORT", "TABLE other"));
    await session.run(text("ON (orders)"));
    await ended(cluster, "BACKUP", database);
  });

  test("SHOW BACKUP is empty, without an error, for lack of EXPORT on one table (§3.3)", async () => {
    await createOrders(cluster, `${database}.other`);
    await backup(cluster, database, unique("s"));
    const some = await users.holding("REPOSITORY ON SYSTEM", `EXPORT ON TABLE ${database}.orders`);
    const all = await users.holding("REPOSITORY ON SYSTEM", `EXPORT ON ALL TABLES IN DATABASE ${database}`);
    expect(await some.session.rows(`SHOW BACKUP FROM ${database}`)).toEqual([]);
    expect(await all.session.rows(`SHOW BACKUP FROM ${database}`)).toHaveLength(1);
  });

  test("RESTORE with ON needs CREATE TABLE, and INSERT on tables of the original name", async () => {
    const label = unique("s");
    await backup(cluster, database, label);
    const sql = await restoreText(cluster, { into: database, label, on: "orders AS copy" });
    const first = await users.holding("REPOSITORY ON SYSTEM");
    expect(await first.session.refusal(sql)).toEqual(denied("CREATE TABLE", `DATABASE ${database}`));
    const second = await users.holding("REPOSITORY ON SYSTEM", `CREATE TABLE ON DATABASE ${database}`);
    expect(await second.session.refusal(sql)).toEqual(denied("INSERT", "TABLE orders"));
    await cluster.client.run(`GRANT INSERT ON TABLE ${database}.orders TO USER '${second.user}'@'%'`);
    await second.session.run(sql);
    expect(await ended(cluster, "RESTORE", database)).toMatchObject({ State: "FINISHED" });
  });

  test("RESTORE without ON needs CREATE DATABASE on the catalog", async () => {
    const label = unique("s");
    await backup(cluster, database, label);
    const { session } = await users.holding("REPOSITORY ON SYSTEM");
    expect(await session.refusal(await restoreText(cluster, { into: database, label }))).toEqual(
      denied("CREATE DATABASE", "CATALOG default_catalog"),
    );
  });

  test("SHOW RESTORE asks for no EXPORT (§7)", async () => {
    const label = unique("s");
    await backup(cluster, database, label);
    await cluster.client.run(await restoreText(cluster, { into: database, label, on: "orders AS copy" }));
    await ended(cluster, "RESTORE", database);
    const { session } = await users.holding("REPOSITORY ON SYSTEM");
    expect(await session.rows(`SHOW RESTORE FROM ${database}`)).toHaveLength(1);
  });
});

describe("§13 what is not granted is not listed, silently", () => {
  test.each([
    ["SHOW TABLES", (d: string) => `SHOW TABLES FROM ${d}`],
    ["tables", (d: string) => `SELECT TABLE_NAME FROM information_schema.tables WHERE TABLE_SCHEMA = '${d}'`],
    [
      "tables_config",
      (d: string) => `SELECT TABLE_NAME FROM information_schema.tables_config WHERE TABLE_SCHEMA = '${d}'`,
    ],
    [
      "columns",
      (d: string) => `SELECT DISTINCT TABLE_NAME FROM information_schema.columns WHERE TABLE_SCHEMA = '${d}'`,
    ],
    [
      "partitions_meta",
      (d: string) =>
        `SELECT DISTINCT TABLE_NAME FROM information_schema.partitions_meta WHERE DB_NAME = '${d}'`,
    ],
  ])("%s", async (_name, sql) => {
    await createOrders(cluster, `${database}.hidden`);
    const { session } = await users.holding(`SELECT ON TABLE ${database}.orders`);
    expect((await session.rows(sql(database))).map((row) => Object.values(row)[0])).toEqual(["orders"]);
  });

  test("SHOW DATABASES, and USE refuses", async () => {
    const other = await cluster.database();
    const { session } = await users.holding(`SELECT ON TABLE ${database}.orders`);
    const names = (await session.rows("SHOW DATABASES")).map((row) => row["Database"]);
    expect(names).toContain(database);
    expect(names).toContain("information_schema");
    expect(names).not.toContain(other);
    await session.run(`USE ${database}`);
    expect(await session.refusal(`USE ${other}`)).toEqual(denied("ANY", `DATABASE ${other}`));
  });
});

describe("§13 GRANT, REVOKE and SHOW GRANTS", () => {
  const grantsOf = async (user: string) =>
    (await cluster.client.rows(`SHOW GRANTS FOR '${user}'@'%'`)).map((row) => row["Grants"]);

  test("prints what was granted", async () => {
    const { user } = await users.holding(
      `SELECT, INSERT ON TABLE ${database}.orders`,
      `EXPORT ON ALL TABLES IN DATABASE ${database}`,
      `CREATE TABLE ON DATABASE ${database}`,
      "REPOSITORY ON SYSTEM",
      "SELECT ON ALL TABLES IN ALL DATABASES",
    );
    expect((await grantsOf(user)).sort()).toEqual([
      `GRANT CREATE TABLE ON DATABASE ${database} TO USER '${user}'@'%'`,
      `GRANT EXPORT ON ALL TABLES IN DATABASE ${database} TO USER '${user}'@'%'`,
      `GRANT INSERT, SELECT ON TABLE ${database}.orders TO USER '${user}'@'%'`,
      `GRANT REPOSITORY ON SYSTEM TO USER '${user}'@'%'`,
      `GRANT SELECT ON ALL TABLES IN ALL DATABASES TO USER '${user}'@'%'`,
    ]);
  });

  test("REVOKE takes back, at once and in open sessions", async () => {
    const { user, session } = await users.holding(`SELECT ON TABLE ${database}.orders`);
    expect(await session.rows(`SELECT count(*) AS n FROM ${database}.orders`)).toEqual([{ n: "3" }]);
    await cluster.client.run(`REVOKE SELECT ON TABLE ${database}.orders FROM USER '${user}'@'%'`);
    expect((await session.refusal(`SELECT count(*) AS n FROM ${database}.orders`)).code).toBe(5203);
    expect(await grantsOf(user)).toEqual([]);
  });

  test("a dropped and recreated table has lost its grants: they went with the id", async () => {
    const { user, session } = await users.holding(`SELECT ON TABLE ${database}.orders`);
    await cluster.client.run(`DROP TABLE ${database}.orders FORCE`);
    await createOrders(cluster, `${database}.orders`);
    expect((await session.refusal(`SELECT id FROM ${database}.orders`)).code).toBe(5203);
    expect(await grantsOf(user)).toEqual([]);
  });

  test("the maker of a table has no rights on it: there are no owners", async () => {
    const { session } = await users.holding(`CREATE TABLE ON DATABASE ${database}`);
    await session.run(`CREATE TABLE ${database}.own (k INT) PROPERTIES ('replication_num' = '1')`);
    expect((await session.refusal(`SELECT * FROM ${database}.own`)).code).toBe(5203);
  });

  test("NODE cannot be granted directly", async () => {
    const user = await users.create();
    expect((await cluster.client.refusal(`GRANT NODE ON SYSTEM TO USER '${user}'@'%'`)).message).toMatch(
      /NODE/,
    );
  });

  test("needs a user and an object there is", async () => {
    const user = await users.create();
    const nobody = unique("u");
    expect(
      (await cluster.client.refusal(`GRANT SELECT ON TABLE ${database}.orders TO USER ${nobody}`)).message,
    ).toContain(`cannot find user '${nobody}'@'%'`);
    expect(
      (await cluster.client.refusal(`GRANT SELECT ON TABLE ${database}.nope TO USER '${user}'@'%'`)).message,
    ).toMatch(/cannot find table nope/i);
  });

  test("WITH GRANT OPTION lets the user pass it on", async () => {
    const other = await users.create();
    const { session } = await users.holding(`SELECT ON TABLE ${database}.orders`);
    expect(
      (await session.refusal(`GRANT SELECT ON TABLE ${database}.orders TO USER '${other}'@'%'`)).code,
    ).toBe(5203);
    const user = await users.create();
    await cluster.client.run(
      `GRANT SELECT ON TABLE ${database}.orders TO USER '${user}'@'%' WITH GRANT OPTION`,
    );
    const giver = await cluster.connect({ user });
    await giver.run(`GRANT SELECT ON TABLE ${database}.orders TO USER '${other}'@'%'`);
    expect(await grantsOf(other)).toHaveLength(1);
  });
});

describe("§13 roles", () => {
  test("count only when they are default or activated", async () => {
    const role = await users.createRole();
    await cluster.client.run(`GRANT SELECT ON TABLE ${database}.orders TO ROLE ${role}`);
    const user = await users.create();
    await cluster.client.run(`GRANT ${role} TO USER '${user}'@'%'`);
    const session = await cluster.connect({ user });
    expect((await session.refusal(`SELECT id FROM ${database}.orders`)).code).toBe(5203);
    await session.run(`SET ROLE ${role}`);
    expect(await session.rows(`SELECT count(*) AS n FROM ${database}.orders`)).toEqual([{ n: "3" }]);
    await session.run("SET ROLE NONE");
    expect((await session.refusal(`SELECT id FROM ${database}.orders`)).code).toBe(5203);
    await cluster.client.run(`SET DEFAULT ROLE ${role} TO '${user}'@'%'`);
    const later = await cluster.connect({ user });
    expect(await later.rows(`SELECT count(*) AS n FROM ${database}.orders`)).toEqual([{ n: "3" }]);
  });

  test("hold the privileges of roles granted to them", async () => {
    const inner = await users.createRole();
    const outer = await users.createRole();
    await cluster.client.run(`GRANT SELECT ON TABLE ${database}.orders TO ROLE ${inner}`);
    await cluster.client.run(`GRANT ${inner} TO ROLE ${outer}`);
    const user = await users.create();
    await cluster.client.run(`GRANT ${outer} TO USER '${user}'@'%'`);
    const session = await cluster.connect({ user });
    await session.run(`SET ROLE ${outer}`);
    expect(await session.rows(`SELECT count(*) AS n FROM ${database}.orders`)).toEqual([{ n: "3" }]);
  });

  test("appear in SHOW GRANTS", async () => {
    const role = await users.createRole();
    const user = await users.create();
    await cluster.client.run(`GRANT ${role} TO USER '${user}'@'%'`);
    expect(await cluster.client.rows(`SHOW GRANTS FOR '${user}'@'%'`)).toEqual([
      { UserIdentity: `'${user}'@'%'`, Catalog: null, Grants: `GRANT '${role}' TO '${user}'@'%'` },
    ]);
    await cluster.client.run(`GRANT REPOSITORY ON SYSTEM TO ROLE ${role}`);
    const [row] = await cluster.client.rows(`SHOW GRANTS FOR ROLE ${role}`);
    expect(row?.["Grants"]).toBe(`GRANT REPOSITORY ON SYSTEM TO ROLE '${role}'`);
  });
});

describe("§13 users", () => {
  test("log in with their password only", async () => {
    const user = unique("u");
    await cluster.client.run(`CREATE USER '${user}'@'%' IDENTIFIED BY 'first'`);
    try {
      const session = await cluster.connect({ user, password: "first" });
      expect(await session.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await expect(cluster.connect({ user, password: "second" })).rejects.toMatchObject({
        errno: 1045,
        sqlState: "28000",
      });
      await cluster.client.run(`ALTER USER '${user}'@'%' IDENTIFIED BY 'second'`);
      await expect(cluster.connect({ user, password: "first" })).rejects.toMatchObject({ errno: 1045 });
      await cluster.connect({ user, password: "second" });
    } finally {
      await cluster.client.run(`DROP USER '${user}'@'%'`);
    }
    await expect(cluster.connect({ user, password: "second" })).rejects.toMatchObject({ errno: 1045 });
  });

  test("exist once, and are needed to be dropped", async () => {
    const user = await users.create();
    expect((await cluster.client.refusal(`CREATE USER '${user}'@'%'`)).message).toContain(
      `user '${user}'@'%' already exists`,
    );
    await cluster.client.run(`CREATE USER IF NOT EXISTS '${user}'@'%'`);
    expect((await cluster.client.refusal(`DROP USER '${unique("u")}'@'%'`)).message).toMatch(/user/i);
  });
});
