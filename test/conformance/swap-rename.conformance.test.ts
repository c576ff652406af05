import { beforeEach, describe, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { createOrders, one, partitions } from "../support/jobs.ts";
import { useUsers } from "../support/users.ts";

const cluster = useCluster();
const users = useUsers(cluster);

let database = "";
beforeEach(async () => {
  database = await cluster.database();
  await createOrders(cluster, `${database}.orders`);
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const refusal = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));
const rows = (sql: string) => cluster.client.rows(sql.replaceAll("$d", database));

const createView = (on = "orders") =>
  run(
    `CREATE MATERIALIZED VIEW $d.mv DISTRIBUTED BY HASH (id) BUCKETS 1 REFRESH DEFERRED MANUAL ${one} AS SELECT id, item FROM $d.${on}`,
  );

const activity = async (): Promise<unknown> => {
  const [row] = await rows(
    "SELECT IS_ACTIVE AS active, INACTIVE_REASON AS reason FROM information_schema.materialized_views WHERE TABLE_SCHEMA = '$d' AND TABLE_NAME = 'mv'",
  );
  return row;
};

/** Something to wait for, and the means to end the wait. */
function gate(): { opened: Promise<void>; open(): void } {
  const waiting: (() => void)[] = [];
  const opened = new Promise<void>((resolve) => waiting.push(resolve));
  return {
    opened,
    open: () => {
      for (const resolve of waiting) resolve();
    },
  };
}

describe("§11 ALTER TABLE a SWAP WITH b", () => {
  test("exchanges content under the names, both at once", async () => {
    await run("CREATE TABLE $d.copy LIKE $d.orders");
    await run("ALTER TABLE $d.orders SWAP WITH copy");
    expect(await rows("SELECT count(*) AS n FROM $d.orders")).toEqual([{ n: "0" }]);
    expect(await rows("SELECT count(*) AS n FROM $d.copy")).toEqual([{ n: "3" }]);
  });

  test("needs the other table in the same database", async () => {
    expect((await refusal("ALTER TABLE $d.orders SWAP WITH nowhere")).message).toContain(
      "Table nowhere does not exist or is not OLAP/LAKE table",
    );
    await run("CREATE VIEW $d.v AS SELECT 1 AS one");
    expect((await refusal("ALTER TABLE $d.orders SWAP WITH v")).message).toContain(
      "Table v does not exist or is not OLAP/LAKE table",
    );
  });

  test("leaves grants with the object: they are stored by id", async () => {
    await run("CREATE TABLE $d.copy LIKE $d.orders");
    const { user, session } = await users.holding(`SELECT ON TABLE ${database}.orders`);
    await run("ALTER TABLE $d.orders SWAP WITH copy");
    expect((await session.refusal(`SELECT id FROM ${database}.orders`)).code).toBe(5203);
    expect(await session.rows(`SELECT count(*) AS n FROM ${database}.copy`)).toEqual([{ n: "3" }]);
    const [grant] = await cluster.client.rows(`SHOW GRANTS FOR '${user}'@'%'`);
    expect(String(grant?.["Grants"])).toContain(`ON TABLE ${database}.copy TO`);
  });

  test("leaves grants on all tables of the database working", async () => {
    await run("CREATE TABLE $d.copy LIKE $d.orders");
    const { session } = await users.holding(`SELECT ON ALL TABLES IN DATABASE ${database}`);
    await run("ALTER TABLE $d.orders SWAP WITH copy");
    expect(await session.rows(`SELECT count(*) AS n FROM ${database}.orders`)).toEqual([{ n: "0" }]);
  });

  test("makes views follow the names", async () => {
    await run("CREATE VIEW $d.v AS SELECT id FROM $d.orders");
    await run("CREATE TABLE $d.copy LIKE $d.orders");
    await run("ALTER TABLE $d.orders SWAP WITH copy");
    expect(await rows("SELECT count(*) AS n FROM $d.v")).toEqual([{ n: "0" }]);
  });

  test("makes materialized views of either table inactive until ALTER … ACTIVE", async () => {
    await createView();
    expect(await activity()).toMatchObject({ active: "true" });
    await run("CREATE TABLE $d.copy LIKE $d.orders");
    await run("ALTER TABLE $d.orders SWAP WITH copy");
    expect(await activity()).toMatchObject({
      active: "false",
      reason: expect.stringContaining("base-table swapped: orders"),
    });
    await run("ALTER MATERIALIZED VIEW $d.mv ACTIVE");
    expect(await activity()).toMatchObject({ active: "true" });
  });

  test("checks ALTER on the named table only", async () => {
    await run("CREATE TABLE $d.copy LIKE $d.orders");
    const { session } = await users.holding(`ALTER ON TABLE ${database}.orders`);
    expect((await session.refusal(`ALTER TABLE ${database}.copy SWAP WITH orders`)).code).toBe(5203);
    await session.run(`ALTER TABLE ${database}.orders SWAP WITH copy`);
  });
});

describe("§11 ALTER TABLE a RENAME b", () => {
  test("refuses its own name and one in use", async () => {
    await run("CREATE TABLE $d.copy LIKE $d.orders");
    expect((await refusal("ALTER TABLE $d.orders RENAME orders")).message).toContain("Same table name");
    expect((await refusal("ALTER TABLE $d.orders RENAME copy")).message).toContain(
      "Table name[copy] is already used",
    );
  });

  test("leaves grants with the object", async () => {
    const { session } = await users.holding(`SELECT ON TABLE ${database}.orders`);
    await run("ALTER TABLE $d.orders RENAME moved");
    expect(await session.rows(`SELECT count(*) AS n FROM ${database}.moved`)).toEqual([{ n: "3" }]);
  });

  test("makes materialized views inactive", async () => {
    await createView();
    await run("ALTER TABLE $d.orders RENAME moved");
    expect(await activity()).toMatchObject({
      active: "false",
      reason: expect.stringContaining("base-table renamed: orders"),
    });
  });

  test("breaks views, which resolve by name", async () => {
    await run("CREATE VIEW $d.v AS SELECT id FROM $d.orders");
    await run("ALTER TABLE $d.orders RENAME moved");
    expect((await refusal("SELECT * FROM $d.v")).message).toMatch(/orders/);
  });
});

describe("§11 moving data into a live table", () => {
  test("INSERT OVERWRITE replaces all named partitions at once, keeping grants and materialized views", async () => {
    await createView();
    const { session } = await users.holding(`SELECT ON TABLE ${database}.orders`);
    await run(
      "INSERT OVERWRITE $d.orders PARTITION (p1, p2) SELECT id + 100, day, item FROM $d.orders WHERE day < '2025-01-03'",
    );
    expect(await session.rows(`SELECT id FROM ${database}.orders ORDER BY id`)).toEqual([
      { id: "3" },
      { id: "101" },
      { id: "102" },
    ]);
    expect(await activity()).toMatchObject({ active: "true" });
  });

  test("INSERT OVERWRITE empties named partitions that get no rows", async () => {
    await run("INSERT OVERWRITE $d.orders PARTITION (p1, p2) SELECT 5, '2025-01-01', 'x'");
    expect(await rows("SELECT id FROM $d.orders ORDER BY id")).toEqual([{ id: "3" }, { id: "5" }]);
  });

  test("INSERT OVERWRITE of a failing query changes nothing and leaves no temporary partition", async () => {
    const before = await partitions(cluster, database, "orders");
    await refusal("INSERT OVERWRITE $d.orders PARTITION (p1) SELECT 5, '2031-01-01', 'x'");
    expect(await partitions(cluster, database, "orders")).toEqual(before);
  });

  testEmbedded(
    "INSERT OVERWRITE shows temporary partitions while it runs",
    "it stands still at a barrier",
    async () => {
      const held = gate();
      const there = gate();
      cluster.embedded.cluster.overwriteBarrier = () => {
        there.open();
        return held.opened;
      };
      const other = await cluster.connect();
      const running = other.run(
        `INSERT OVERWRITE ${database}.orders PARTITION (p1) SELECT 5, '2025-01-01', 'x'`,
      );
      await there.opened;
      const during = await partitions(cluster, database, "orders");
      held.open();
      await running;
      const [temporary] = Object.entries(during).filter(([, row]) => row["temporary"] === 1);
      expect(temporary?.[0]).toMatch(/^txn\d+_p1$/);
      expect(Object.keys(await partitions(cluster, database, "orders")).sort()).toEqual(["p1", "p2", "p3"]);
    },
  );

  test("REPLACE PARTITION takes temporary partitions of the same table", async () => {
    await run(`ALTER TABLE $d.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`);
    expect(
      (await refusal("ALTER TABLE $d.orders REPLACE PARTITION (p1) WITH TEMPORARY PARTITION (nope)")).message,
    ).toMatch(/nope/);
    await run("ALTER TABLE $d.orders REPLACE PARTITION (p1) WITH TEMPORARY PARTITION (tp)");
    expect(await rows("SELECT id FROM $d.orders ORDER BY id")).toEqual([{ id: "2" }, { id: "3" }]);
  });

  test("there is no EXCHANGE PARTITION between tables", async () => {
    await run("CREATE TABLE $d.copy LIKE $d.orders");
    expect((await refusal("ALTER TABLE $d.orders EXCHANGE PARTITION p1 WITH TABLE copy")).code).toBe(1064);
  });

  test("ALTER DATABASE x RENAME y moves all its tables, grants by id included", async () => {
    const { session } = await users.holding(`SELECT ON ALL TABLES IN DATABASE ${database}`);
    const fresh = cluster.dropLater(unique("db"));
    await run(`ALTER DATABASE $d RENAME ${fresh}`);
    expect(await session.rows(`SELECT count(*) AS n FROM ${fresh}.orders`)).toEqual([{ n: "3" }]);
    expect((await refusal("SELECT count(*) AS n FROM $d.orders")).code).toBe(5501);
  });
});
