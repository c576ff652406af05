import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../windmill/json.ts";
import { connectTo } from "../support/client.ts";
import { succeeded } from "../support/outcomes.ts";
import { daily, numbers } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

const asked = { target_time: "2099-01-01 00:00", tables: ["shop.orders"] };
const saved = [0, 1, 2, 3, 4];

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, (client) => daily(client, "shop", "orders"));
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("TRUNCATE TABLE shop.orders");
});
afterEach(() => it.close());

interface Effect {
  readonly kind: string;
  readonly object: string;
  readonly said: string;
  readonly done: boolean;
  readonly statement: string | null;
}

async function restore(input: JsonObject = {}) {
  const result = await it.restore({ ...asked, ...input });
  const [only] = result["restored"] as unknown as {
    affected: Effect[];
    rows_before: number;
    target: string;
  }[];
  if (only === undefined) throw new Error("nothing was restored");
  return { ...only, notes: result["notes"] as string[] };
}

/** A session of a user's own. */
async function as(user: string) {
  return await connectTo({ host: it.starrocks.host, port: it.starrocks.port, user });
}

test("users and roles keep what they may do with the table, and no more", async () => {
  for (const sql of [
    "CREATE USER ana",
    "CREATE USER bob",
    "CREATE ROLE loaders",
    "GRANT SELECT ON TABLE shop.orders TO USER 'ana'@'%' WITH GRANT OPTION",
    "GRANT INSERT ON TABLE shop.orders TO ROLE loaders",
    "GRANT SELECT ON ALL TABLES IN DATABASE shop TO USER 'bob'@'%'",
  ])
    await it.client.run(sql);
  const { affected, rows_before, target } = await restore();
  expect({ rows_before, target }).toEqual({ rows_before: 0, target: "shop.orders" });
  expect(affected).toEqual([
    { kind: "grant", object: "SELECT for user 'ana'@'%'", said: "given again", done: true, statement: null },
    { kind: "grant", object: "INSERT for role loaders", said: "given again", done: true, statement: null },
  ]);
  const ana = await as("ana");
  expect(await numbers(ana, "shop.orders")).toEqual(saved);
  await ana.close();
  const grants = await it.client.rows("SHOW GRANTS FOR ROLE loaders");
  expect(JSON.stringify(grants)).toContain("INSERT ON TABLE shop.orders TO ROLE");
  expect(JSON.stringify(await it.client.rows("SHOW GRANTS FOR bob"))).not.toContain("TABLE shop.orders");
});

test("grants that the backup user may not give are named, and the statements give them", async () => {
  await it.client.run("CREATE USER ana");
  await it.client.run("GRANT SELECT ON TABLE shop.orders TO USER 'ana'@'%'");
  const refused = {
    code: 5203,
    message: "Access denied; you need (at least one of) the GRANT privilege(s) on SYSTEM",
  };
  it.starrocks.faults.add({ match: /^GRANT /, times: Number.POSITIVE_INFINITY, error: refused });
  const { affected, notes } = await restore();
  it.starrocks.faults.clear();
  expect(affected).toMatchObject([
    { kind: "grant", done: false, said: expect.stringContaining("GRANT privilege") },
  ]);
  const statement = affected[0]?.statement ?? "";
  expect(notes.join()).toContain(statement);
  await it.client.run(statement);
  const ana = await as("ana");
  expect(await numbers(ana, "shop.orders")).toEqual(saved);
  await ana.close();
});

test("where grants cannot be seen, that is said with the statement that lists them", async () => {
  await it.client.run("CREATE USER ana");
  await it.client.run("GRANT SELECT ON TABLE shop.orders TO USER 'ana'@'%'");
  const refused = {
    code: 5203,
    message: "Access denied; you need (at least one of) the SELECT privilege(s) on VIEW",
  };
  it.starrocks.faults.add({
    match: /^SELECT .* FROM sys\.grants_to_users/,
    times: Number.POSITIVE_INFINITY,
    error: refused,
  });
  const { affected } = await restore();
  it.starrocks.faults.clear();
  expect(affected).toMatchObject([{ kind: "grant", done: false }]);
  const rows = await it.client.rows(affected[0]?.statement ?? "");
  expect(rows).toMatchObject([{ GRANTEE: "'ana'@'%'", PRIVILEGE_TYPE: "SELECT" }]);
});

test("materialized views work again, views are looked at, and the plan says so before", async () => {
  for (const sql of [
    "CREATE MATERIALIZED VIEW shop.daily_sum REFRESH DEFERRED MANUAL PROPERTIES ('replication_num' = '1') AS SELECT d, sum(n) AS n FROM shop.orders GROUP BY d",
    "CREATE VIEW shop.big AS SELECT d, n FROM shop.orders WHERE n > 2",
    "ALTER TABLE shop.orders ADD COLUMN extra INT",
  ])
    await it.client.run(sql);
  await it.client.run("CREATE VIEW shop.late AS SELECT d, extra FROM shop.orders");
  const plan = succeeded(await it.call("restore_plan", { ...asked, dry_run: true }));
  expect(plan["tables"]).toMatchObject([
    {
      replaces: { differences: ["column extra (int(11)) will be gone"] },
      affected: [
        { kind: "materialized_view", object: "shop.daily_sum" },
        { kind: "view", object: "shop.big" },
        { kind: "view", object: "shop.late" },
      ],
    },
  ]);
  const { affected } = await restore();
  expect(affected).toMatchObject([
    { kind: "materialized_view", object: "shop.daily_sum", said: "active", done: true },
    { kind: "view", object: "shop.big", said: "can be read", done: true },
    { kind: "view", object: "shop.late", said: expect.stringContaining("cannot be read: ") },
  ]);
  const [state] = await it.client.rows(
    "SELECT IS_ACTIVE FROM information_schema.materialized_views WHERE TABLE_NAME = 'daily_sum'",
  );
  expect(state).toEqual({ IS_ACTIVE: "true" });
});

test("the table is in its colocation group again; what a copy is of keeps all it has", async () => {
  await it.client.run('ALTER TABLE shop.orders SET ("colocate_with" = "by_day")');
  const { affected } = await restore();
  expect(affected).toMatchObject([{ kind: "property", object: "colocate_with", done: true }]);
  const [row] = await it.client.rows("SHOW CREATE TABLE shop.orders");
  expect(JSON.stringify(row)).toContain("by_day");
  expect((await restore({ rename_to: "copy" })).affected).toEqual([]);
});

test("an undo leaves grants and materialized views as they were", async () => {
  await it.client.run("CREATE USER ana");
  await it.client.run("GRANT SELECT ON TABLE shop.orders TO USER 'ana'@'%'");
  await it.client.run(
    "CREATE MATERIALIZED VIEW shop.daily_sum REFRESH DEFERRED MANUAL PROPERTIES ('replication_num' = '1') AS SELECT d, sum(n) AS n FROM shop.orders GROUP BY d",
  );
  const { run_id = null } = await it.restore(asked);
  const plan = succeeded(await it.call("undo_plan", { run_id }));
  const { run_id: undo = null, plan_hash = null } = plan;
  succeeded(await it.call("undo", { run_id: undo, plan_hash, approved: true }));
  succeeded(await it.call("poll", { run_id: undo, wait_seconds: 60 }));
  const ana = await as("ana");
  expect(await numbers(ana, "shop.orders")).toEqual([]);
  await ana.close();
  const [state] = await it.client.rows("SELECT IS_ACTIVE FROM information_schema.materialized_views");
  expect(state).toEqual({ IS_ACTIVE: "true" });
});

test("the plan of a user who may not grant names what is to be run afterwards", async () => {
  for (const sql of [
    "CREATE USER ana",
    "GRANT SELECT ON TABLE shop.orders TO USER 'ana'@'%'",
    "CREATE USER backup",
    "GRANT REPOSITORY, OPERATE ON SYSTEM TO USER 'backup'@'%'",
    "GRANT CREATE TABLE ON ALL DATABASES TO USER 'backup'@'%'",
    "GRANT EXPORT, SELECT, INSERT, UPDATE, DELETE, ALTER, DROP ON ALL TABLES IN ALL DATABASES TO USER 'backup'@'%'",
  ])
    await it.client.run(sql);
  it.resource["user"] = "backup";
  const plan = succeeded(await it.call("restore_plan", { ...asked, dry_run: true }));
  expect(JSON.stringify(plan["notes"])).toContain("GRANT SELECT ON TABLE `shop`.`orders` TO USER 'ana'@'%'");
  const { affected } = await restore();
  expect(affected).toMatchObject([
    {
      kind: "grant",
      object: "SELECT for user 'ana'@'%'",
      done: false,
      said: expect.stringContaining("Access denied"),
    },
  ]);
});
