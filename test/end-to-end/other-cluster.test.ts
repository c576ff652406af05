import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../windmill/json.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import type { Client } from "../support/client.ts";
import { createRepository } from "../support/embedded.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, world, worldWithGroups } from "../support/world.ts";

/** The cluster of the backups, and one that sees the same object store. */
let home: World;
let away: World;
const store = mkdtempSync(join(tmpdir(), "two-clusters-"));

const definition = `(k DATE NOT NULL, n INT) DUPLICATE KEY (k) PARTITION BY RANGE (k)
  (PARTITION p1 VALUES LESS THAN ("2025-01-02"), PARTITION p2 VALUES LESS THAN ("2025-01-03"))
  DISTRIBUTED BY HASH (k) BUCKETS 1 PROPERTIES ("replication_num" = "1")`;
const then = [
  ["2025-01-01", 1],
  ["2025-01-02", 2],
  ["2025-01-02", 3],
];
const live = [["2025-01-01", 99]];

beforeAll(async () => {
  home = await worldWithGroups(
    { g: ["shop.*"] },
    async (client) => {
      await client.run("CREATE DATABASE shop");
      for (const table of ["a", "b"]) {
        await client.run(`CREATE TABLE shop.${table} ${definition}`);
        await client.run(`INSERT INTO shop.${table} VALUES ('2025-01-01', 1), ('2025-01-02', 2)`);
      }
      await client.run("CREATE VIEW shop.sums AS SELECT k, sum(n) AS n FROM shop.a GROUP BY k");
    },
    { repositories: store },
  );
  await home.backUp({ group: "g", type: "full" });
  for (const table of ["a", "b"]) await home.client.run(`INSERT INTO shop.${table} VALUES ('2025-01-02', 3)`);
  await home.backUp({ group: "g", type: "incremental" });
  for (const table of ["a", "b"]) await home.client.run(`TRUNCATE TABLE shop.${table}`);
  away = await world({ repositories: store });
  succeeded(await away.call("init", {}));
});
afterAll(async () => {
  await home.close();
  await away.close();
  rmSync(store, { recursive: true });
});

beforeEach(async () => {
  for (const database of ["shop", "lab"]) await away.client.run(`DROP DATABASE IF EXISTS ${database} FORCE`);
});

async function rowsOf(client: Client, table: string): Promise<unknown[]> {
  const rows = await client.rows(`SELECT k, n FROM ${table} ORDER BY k, n`);
  return rows.map(({ k, n }) => [k, n]);
}

const newest = { target_time: "2099-01-01 00:00" };
/** The input of a restore of everything into the other cluster. */
function everything(more: JsonObject = {}): JsonObject {
  return { ...newest, group: "g", into: away.resource, ...more };
}

/** Nothing of a restore is left on either cluster, and nothing was done on the one of the backups. */
async function tidy(): Promise<void> {
  expect(await heldSlots(away.client)).toEqual([]);
  expect(await heldSlots(home.client)).toEqual([]);
  expect(await tableNames(home.client, "shop")).toEqual(["a", "b", "sums"]);
  expect(await rowsOf(home.client, "shop.a")).toEqual([]);
  expect(await home.client.rows("SELECT run_id FROM ops.runs WHERE operation = 'restore'")).toEqual([]);
}

async function planned(input: JsonObject): Promise<{ run_id: string; plan_hash: string } & JsonObject> {
  const plan = succeeded(await home.call("restore_plan", input));
  return { ...plan, run_id: String(plan["run_id"]), plan_hash: String(plan["plan_hash"]) };
}

describe("tables of one cluster's backups come to life on another", () => {
  test("where the database does not exist: it is made, with the chain's last state", async () => {
    const plan = succeeded(await home.call("restore_plan", everything({ dry_run: true })));
    expect(plan).toMatchObject({
      repository: "repo",
      backups_of: `${home.resource["host"]}:${home.resource["port"]}`,
      into: `${away.resource["host"]}:${away.resource["port"]}`,
      tables: [
        { table: "shop.a", target: "shop.a", replaces: null },
        { table: "shop.b", target: "shop.b", replaces: null },
      ],
    });
    const text = JSON.stringify(plan["markdown"] ?? plan["description"]);
    expect(text).toContain(`into the cluster ${away.resource["host"]}:${away.resource["port"]}`);
    // No backup holds a view; one that reads what is restored is named.
    expect(plan["skipped"]).toMatchObject([
      {
        object: "shop.sums",
        reason: expect.stringMatching(/^view: no backup holds it.*SHOW CREATE VIEW says$/),
      },
    ]);
    const report = await home.restore(everything());
    expect(report["skipped"]).toEqual(plan["skipped"]);
    expect(report).toMatchObject({ status: "FINISHED", into: plan["into"], backups_of: plan["backups_of"] });
    expect(await rowsOf(away.client, "shop.a")).toEqual(then);
    expect(await rowsOf(away.client, "shop.b")).toEqual(then);
    expect(await tableNames(away.client, "shop")).toEqual(["a", "b"]);
    await tidy();
  });

  test("a live table is replaced there and kept, another database's tables and its other tables stay", async () => {
    await away.client.run("CREATE DATABASE shop");
    for (const table of ["a", "c"]) {
      await away.client.run(`CREATE TABLE shop.${table} ${definition}`);
      await away.client.run(`INSERT INTO shop.${table} VALUES ('2025-01-01', 99)`);
    }
    const report = await home.restore(everything());
    const [a] = report["restored"] as { replaced_kept_as: string }[];
    expect(await rowsOf(away.client, "shop.a")).toEqual(then);
    expect(await rowsOf(away.client, `shop.${a?.replaced_kept_as}`)).toEqual(live);
    expect(await rowsOf(away.client, "shop.b")).toEqual(then);
    expect(await rowsOf(away.client, "shop.c")).toEqual(live);
    await tidy();
  });

  test("copies go beside what is live there, and into a database of their own", async () => {
    await away.client.run("CREATE DATABASE shop");
    await away.client.run(`CREATE TABLE shop.a ${definition}`);
    await away.client.run("INSERT INTO shop.a VALUES ('2025-01-01', 99)");
    await home.restore({ ...newest, into: away.resource, tables: ["shop.a"], rename_to: "a_before" });
    expect(await rowsOf(away.client, "shop.a_before")).toEqual(then);
    expect(await rowsOf(away.client, "shop.a")).toEqual(live);
    await home.restore(everything({ into_database: "lab" }));
    expect(await rowsOf(away.client, "lab.b")).toEqual(then);
    expect(await rowsOf(away.client, "shop.a")).toEqual(live);
    await tidy();
  });

  test("single partitions replace those of the live table there", async () => {
    await away.client.run("CREATE DATABASE shop");
    await away.client.run(`CREATE TABLE shop.a ${definition}`);
    await away.client.run("INSERT INTO shop.a VALUES ('2025-01-01', 99), ('2025-01-02', 98)");
    await home.restore({ ...newest, into: away.resource, tables: ["shop.a"], partitions: ["p2"] });
    expect(await rowsOf(away.client, "shop.a")).toEqual([["2025-01-01", 99], ...then.slice(1)]);
    await tidy();
  });

  test("by the flow, with its approval", async () => {
    const outcome = succeeded(await home.flow("restore", everything()));
    expect(outcome).toMatchObject({ status: "FINISHED" });
    expect(await rowsOf(away.client, "shop.a")).toEqual(then);
    await tidy();
  });
});

describe("what stands in the way is said of the cluster it is on", () => {
  test("a repository that is not attached, with how to attach it", async () => {
    await away.client.run("DROP REPOSITORY repo");
    const error = failure(await home.call("restore_plan", everything()));
    await away.client.run(createRepository("repo"));
    expect(error).toMatchObject({ code: "UNKNOWN_REPOSITORY" });
    expect(error.message).toMatch(/^On the cluster to restore into \(.*\): There is no repository repo/);
    expect(error.next).toContain("CREATE READ ONLY REPOSITORY, with the name and the location");
  });

  test("a repository that holds other snapshots under the same labels", async () => {
    await away.client.run(createRepository("other", "s3://bucket/other"));
    const error = failure(await home.call("restore_plan", everything({ repository: "other" })));
    expect(error).toMatchObject({ code: "SNAPSHOT_MISSING" });
    expect(error.message).toContain("On the cluster to restore into");
  });

  test("a resource that is not usable", async () => {
    const error = failure(await home.call("restore_plan", everything({ into: { host: "fe", port: "x" } })));
    expect(error).toMatchObject({ code: "INVALID_INPUT" });
    expect(error.message).toContain("Into cluster, Port");
  });

  test("a name that is taken", async () => {
    await away.client.run("CREATE DATABASE lab");
    await away.client.run(`CREATE TABLE lab.a ${definition}`);
    const error = failure(await home.call("restore_plan", everything({ into_database: "lab" })));
    expect(error).toMatchObject({ code: "TARGET_TAKEN" });
    expect(error.message).toMatch(/On the cluster to restore into .*lab\.a/);
  });

  test("a cluster without a catalog", async () => {
    const bare = await world({ repositories: store });
    const error = failure(await home.call("restore_plan", everything({ into: bare.resource })));
    await bare.close();
    expect(error).toMatchObject({ code: "CATALOG_MISSING" });
    expect(error.message).toContain("On the cluster to restore into");
  });

  test("a cluster that does not answer", async () => {
    const gone = { ...away.resource, port: 1 };
    const into = failure(await home.call("restore_plan", everything({ into: gone })));
    expect(into).toMatchObject({ code: "CLUSTER_UNREACHABLE" });
    expect(into.message).toContain("the cluster to restore into (");
    const input = everything({ starrocks: { ...home.resource, port: 1 } });
    expect(failure(await home.call("restore_plan", input)).message).toContain("the cluster of the backups (");
  });
});

describe("a run that goes into another cluster", () => {
  test("has its slot there: a backup of the same database waits there, one at home does not", async () => {
    await away.client.run("CREATE DATABASE shop");
    await away.client.run(`CREATE TABLE shop.mine ${definition}`);
    succeeded(await away.call("inventory", { group: "own", add: ["shop.*"] }));
    await away.starrocks.ticker.pause();
    const { run_id, plan_hash } = await planned(everything());
    const both = { into: away.resource, run_id };
    succeeded(await home.call("restore", { ...both, plan_hash, approved: true }));
    expect(await heldSlots(away.client)).toMatchObject([{ run_id }]);
    expect(await heldSlots(home.client)).toEqual([]);
    const other = succeeded(await away.call("plan", { group: "own", type: "full" }));
    const waiting = succeeded(await away.call("backup", { run_id: other["run_id"] ?? null }));
    expect(JSON.stringify(waiting["waiting_for"])).toContain(run_id);
    succeeded(await away.call("cancel", { run_id: other["run_id"] ?? null }));
    await away.starrocks.ticker.start();
    expect(succeeded(await home.call("poll", { ...both, wait_seconds: 60 }))["done"]).toBe(true);
    succeeded(await home.call("report", both));
    await tidy();
  });

  test("is listed and cancelled there, with nothing left behind", async () => {
    await away.starrocks.ticker.pause();
    const { run_id, plan_hash } = await planned(everything());
    succeeded(await home.call("restore", { into: away.resource, run_id, plan_hash, approved: true }));
    expect(JSON.stringify(succeeded(await away.call("status", {})))).toContain(run_id);
    expect(failure(await home.call("cancel", { run_id }))).toMatchObject({
      code: "UNKNOWN_RUN",
      next: expect.stringContaining("another cluster"),
    });
    await away.starrocks.ticker.start();
    succeeded(await away.call("cancel", { run_id }));
    expect(await tableNames(away.client, "shop")).toEqual([]);
    await tidy();
  });

  test("is not ended by a step that knows one of the clusters only", async () => {
    const { run_id, plan_hash } = await planned(everything());
    succeeded(await home.call("restore", { into: away.resource, run_id, plan_hash, approved: true }));
    const alone = failure(await away.call("poll", { run_id, wait_seconds: 0 }));
    expect(alone).toMatchObject({ code: "BACKUPS_ELSEWHERE" });
    const both = { into: away.resource, run_id, wait_seconds: 60 };
    expect(succeeded(await home.call("poll", both))["state"]).toBe("FINISHED");
    expect(await rowsOf(away.client, "shop.a")).toEqual(then);
    await tidy();
  });

  test("is published while the cluster of the backups is out of reach", async () => {
    const { run_id, plan_hash } = await planned(everything());
    succeeded(await home.call("restore", { into: away.resource, run_id, plan_hash, approved: true }));
    await submitted();
    const starrocks = { ...home.resource, port: 1 };
    const both = { starrocks, into: away.resource, run_id, wait_seconds: 60 };
    expect(succeeded(await home.call("poll", both))["state"]).toBe("FINISHED");
    expect(await rowsOf(away.client, "shop.b")).toEqual(then);
    await tidy();

    /** Until the parts of both snapshots are there. */
    async function submitted(): Promise<void> {
      for (;;) {
        const names = await tableNames(away.client, "shop");
        if (names.filter((name) => /__r_[0-9a-f]{8}_\d$/.test(name)).length === 4) return;
        if (names.includes("a") || names.includes("b")) return;
        succeeded(await home.call("poll", { into: away.resource, run_id, wait_seconds: 0 }));
      }
    }
  });

  test("is ended by its flow's failure step", async () => {
    const { run_id, plan_hash } = await planned(everything());
    succeeded(await home.call("restore", { into: away.resource, run_id, plan_hash, approved: true }));
    const error = { name: "X", message: "gone" };
    succeeded(await home.call("fail", { into: away.resource, run_id, plan_hash, error }));
    await expect.poll(async () => succeeded(await away.call("status", {}))["open"]).toEqual([]);
    expect(await tableNames(away.client, "shop")).toEqual([]);
    await tidy();
  });
});
