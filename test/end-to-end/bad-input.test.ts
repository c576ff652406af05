import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../windmill/json.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import type { Client } from "../support/client.ts";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, world, worldWithGroups } from "../support/world.ts";

async function onePartitionedTable(client: Client): Promise<void> {
  await client.run("CREATE DATABASE shop");
  await client.run(`CREATE TABLE shop.t (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-01-04") EVERY (INTERVAL 1 DAY))
    DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run("INSERT INTO shop.t VALUES ('2025-01-01', 1), ('2025-01-02', 2), ('2025-01-03', 3)");
}

/** Everything a run could have changed. */
async function state(client: Client): Promise<unknown> {
  const catalog = [
    "backup_history",
    "backup_tables",
    "backup_partitions",
    "restore_history",
    "runs",
    "run_status",
  ];
  const rows = [];
  for (const table of catalog) rows.push(await client.rows(`SELECT * FROM ops.${table} ORDER BY 1, 2`));
  return {
    rows,
    tables: await tableNames(client, "shop"),
    data: await client.rows("SELECT * FROM shop.t ORDER BY d"),
  };
}

describe("with a catalog, a full backup and an empty group", () => {
  let it: World;

  beforeAll(async () => {
    it = await worldWithGroups({ g: ["shop.t"], ghosts: ["shop.nothing"] }, onePartitionedTable);
    succeeded(await it.flow("backup", { group: "g", type: "full" }));
  });
  afterAll(() => it.close());

  const cases: readonly (readonly [string, string, JsonObject, string, RegExp])[] = [
    ["an unknown group", "backup", { group: "nope", type: "full" }, "UNKNOWN_GROUP", /nope/],
    [
      "a group without a table that exists",
      "backup",
      { group: "ghosts", type: "full" },
      "EMPTY_GROUP",
      /shop\.nothing/,
    ],
    ["an incremental without a full", "backup", { group: "ghosts" }, "EMPTY_GROUP", /ghosts/],
    [
      "an unknown baseline",
      "backup",
      { group: "g", type: "incremental", baseline: "nope" },
      "UNKNOWN_BASELINE",
      /nope/,
    ],
    [
      "an unknown repository",
      "backup",
      { group: "g", type: "full", repository: "nope" },
      "UNKNOWN_REPOSITORY",
      /nope/,
    ],
    ["an unknown label", "restore", { target_label: "nope" }, "UNKNOWN_LABEL", /nope/],
    [
      "a time before the first restore point",
      "restore",
      { target_time: "2001-01-01 00:00" },
      "NO_RESTORE_POINT",
      /2001-01-01/,
    ],
    [
      "a table that no backup has",
      "restore",
      { target_time: "2099-01-01 00:00", tables: ["shop.nope"] },
      "TABLE_NOT_IN_RESTORE_POINT",
      /shop\.nope/,
    ],
    [
      "a form that was left empty",
      "restore",
      { target_label: "", target_time: null, tables: [] },
      "INVALID_INPUT",
      /Backup: give either a backup or a time/,
    ],
  ];

  test.each(cases)(
    "%s: one sentence, a code, the next step; nothing is changed",
    async (...[, flow, input, code, object]) => {
      const before = await state(it.client);
      const said = failure(await it.flow(flow, input));
      expect(said.code).toBe(code);
      expect(said.message).toMatch(object);
      expect(said.next).toMatch(/\w/);
      expect(await state(it.client)).toEqual(before);
      expect(await heldSlots(it.client)).toEqual([]);
    },
  );

  test("a wrong port", async () => {
    const said = failure(
      await it.flow("backup", { starrocks: { ...it.resource, port: 1 }, group: "g", type: "full" }),
    );
    expect(said).toMatchObject({
      code: "CLUSTER_UNREACHABLE",
      message: "Could not connect to StarRocks: nothing accepts connections at 127.0.0.1:1.",
    });
  });

  test("a wrong password, which no result and no log repeats", async () => {
    const logs: string[] = [];
    const outcome = await it.flow(
      "backup",
      { starrocks: { ...it.resource, password: "s3cret-marker" }, group: "g", type: "full" },
      { onEvent: (event) => event.kind === "log" && logs.push(event.line) },
    );
    expect(failure(outcome).code).toBe("LOGIN_REFUSED");
    expect(`${JSON.stringify(outcome)}${logs.join()}`).not.toContain("s3cret-marker");
  });

  test("a table that is in another backup than the one named", async () => {
    const [row] = await it.client.rows("SELECT label FROM ops.backup_history WHERE status = 'FINISHED'");
    const said = failure(
      await it.flow("restore", { target_label: String(row?.["label"]), tables: ["shop.other"] }),
    );
    expect(said).toMatchObject({
      code: "TABLE_NOT_IN_RESTORE_POINT",
      next: expect.stringContaining("shop.t"),
    });
  });

  test("a table that is named twice is restored once", async () => {
    const target = { target_time: "2099-01-01 00:00", tables: ["shop.t", "shop.t"] };
    expect(succeeded(await it.flow("restore", { ...target, dry_run: true }))["tables"]).toMatchObject([
      { table: "shop.t", partitions: 3 },
    ]);
  });

  test("nothing has changed: success, no snapshot, and a restore point all the same", async () => {
    const before = await it.client.rows("SHOW SNAPSHOT ON repo");
    const result = succeeded(await it.flow("backup", { group: "g", type: "incremental" }));
    expect(result).toMatchObject({ status: "NOTHING_TO_DO", snapshots: [], skipped: [] });
    expect(await it.client.rows("SHOW SNAPSHOT ON repo")).toEqual(before);
    expect(await heldSlots(it.client)).toEqual([]);
    const [point] = await it.client.rows(
      "SELECT label, snapshot_timestamp, partition_count FROM ops.backup_history WHERE status = 'NOTHING_TO_DO'",
    );
    expect(point).toMatchObject({ snapshot_timestamp: null, partition_count: 0 });
    const plan = succeeded(
      await it.flow("restore", { target_label: String(point?.["label"]), dry_run: true }),
    );
    expect(plan["tables"]).toMatchObject([{ table: "shop.t", strategy: "alias", partitions: 3 }]);
  });

  test("a dry run shows the plan and writes nothing", async () => {
    const before = await state(it.client);
    const backup = succeeded(await it.flow("backup", { group: "g", type: "full", dry_run: true }));
    expect(backup).toMatchObject({ status: "DRY_RUN", run_id: null, total: { partitions: 3 } });
    const label = String(
      firstSnapshot(succeeded(await it.flow("backup", { group: "g", type: "full", dry_run: true })))["label"],
    );
    expect(label).toMatch(/^shop_\d{8}_\d{6}_full$/);
    expect(await state(it.client)).toEqual(before);
  });

  test("a rejected plan changes no table and leaves nothing behind", async () => {
    const tables = await tableNames(it.client, "shop");
    const outcome = await it.flow(
      "restore",
      { target_time: "2099-01-01 00:00", tables: ["shop.t"] },
      { approve: "reject" },
    );
    expect(failure(outcome)).toMatchObject({
      code: "REJECTED",
      message: "The plan was rejected by local; nothing was changed.",
    });
    expect(await tableNames(it.client, "shop")).toEqual(tables);
    expect(await heldSlots(it.client)).toEqual([]);
    expect(await it.client.rows("SELECT state FROM ops.runs WHERE operation = 'restore'")).toEqual([
      { state: "FAILED" },
    ]);
  });

  test("an approval of another plan than the stored one is refused", async () => {
    const plan = succeeded(
      await it.call("restore_plan", { target_time: "2099-01-01 00:00", tables: ["shop.t"] }),
    );
    const input = { run_id: String(plan["run_id"]), plan_hash: "0".repeat(32), approved: true };
    expect(failure(await it.call("restore", input)).code).toBe("PLAN_CHANGED");
    expect(
      failure(await it.call("restore", { ...input, plan_hash: String(plan["plan_hash"]), approved: false }))
        .code,
    ).toBe("NOT_APPROVED");
    expect(failure(await it.call("poll", { run_id: input.run_id })).code).toBe("NOT_APPROVED");
  });
});

test("without the catalog, every step says to run init", async () => {
  const it = await world();
  try {
    expect(failure(await it.flow("backup", { group: "g", type: "full" }))).toMatchObject({
      code: "CATALOG_MISSING",
      message: expect.stringContaining("ops"),
      next: expect.stringContaining("init"),
    });
  } finally {
    await it.close();
  }
});

test("the catalog may be in a database of another name", async () => {
  const it = await world();
  try {
    await onePartitionedTable(it.client);
    const starrocks = { ...it.resource, ops_database: "br_catalog" };
    succeeded(await it.call("init", { starrocks }));
    succeeded(await it.call("inventory", { starrocks, group: "g", add: ["shop.*"] }));
    const full = firstSnapshot(succeeded(await it.flow("backup", { starrocks, group: "g", type: "full" })));
    await it.client.run("TRUNCATE TABLE shop.t");
    succeeded(
      await it.flow("restore", { starrocks, target_label: String(full["label"]), tables: ["shop.t"] }),
    );
    expect(await it.client.rows("SELECT n FROM shop.t ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(await it.client.rows("SHOW DATABASES LIKE 'ops'")).toEqual([]);
  } finally {
    await it.close();
  }
});
