import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Client } from "../../local/walkthrough/client.ts";
import { failure, firstSnapshot, heldSlots, succeeded, type World, worldWithGroups } from "./world.ts";

let it: World;
afterEach(() => it.close());

/** A table with one row a day in January 2025. */
async function daily(client: Client, database: string, table: string, days = 5): Promise<void> {
  await client.run(`CREATE DATABASE IF NOT EXISTS \`${database}\``);
  const end = `2025-01-${String(days + 1).padStart(2, "0")}`;
  await client.run(`CREATE TABLE \`${database}\`.\`${table}\` (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY RANGE (d) (START ("2025-01-01") END ("${end}") EVERY (INTERVAL 1 DAY))
    DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  const rows = Array.from(
    { length: days },
    (_, day) => `('2025-01-${String(day + 1).padStart(2, "0")}', ${day})`,
  );
  await client.run(`INSERT INTO \`${database}\`.\`${table}\` VALUES ${rows.join(", ")}`);
}

async function numbers(client: Client, table: string): Promise<readonly unknown[]> {
  return (await client.rows(`SELECT n FROM ${table} ORDER BY d, n`)).map((row) => row["n"]);
}

async function history(client: Client, columns: string): Promise<readonly unknown[]> {
  return await client.rows(`SELECT ${columns} FROM ops.backup_history ORDER BY created_at, label`);
}

/** Manifests nobody will ever read. */
async function manifestsOfFailed(client: Client): Promise<readonly unknown[]> {
  return await client.rows(
    "SELECT label FROM ops.backup_tables WHERE label IN (SELECT label FROM ops.backup_history WHERE status = 'FAILED')",
  );
}

describe("selection", () => {
  test("several databases in one group are backed up by a snapshot each, at once, and restored as one", async () => {
    const names = ["shop", "my-db", "MyDB"];
    const groups = { g: names.map((name) => `${name}.*`) };
    it = await worldWithGroups(groups, async (client) => {
      for (const name of names) await daily(client, name, "Ünïcode Table");
    });
    const full = succeeded(await it.flow("backup", { group: "g", type: "full" }));
    expect(full["snapshots"]).toHaveLength(3);
    expect(await heldSlots(it.client)).toEqual([]);
    for (const name of names) await it.client.run(`TRUNCATE TABLE \`${name}\`.\`Ünïcode Table\``);
    const label = String(firstSnapshot(full)["label"]);
    expect(succeeded(await it.flow("restore", { target_label: label }))["restored"]).toHaveLength(3);
    for (const name of names)
      expect(await numbers(it.client, `\`${name}\`.\`Ünïcode Table\``)).toEqual([0, 1, 2, 3, 4]);
  });

  test("whatever a table is called, its changes are found and it comes back", async () => {
    const names = ["orders", "ORDERS", `it's "a" \\ b`, "100%_", "表 (1)", "x".repeat(200)];
    const quoted = names.map((name) => `shop.\`${name}\``);
    it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
      for (const name of names) await daily(client, "shop", name);
    });
    succeeded(await it.flow("backup", { group: "g", type: "full" }));
    for (const table of quoted) await it.client.run(`INSERT INTO ${table} VALUES ('2025-01-02', 9)`);
    const incremental = firstSnapshot(
      succeeded(await it.flow("backup", { group: "g", type: "incremental" })),
    );
    expect(incremental["partitions"]).toBe(names.length);
    for (const table of quoted) await it.client.run(`TRUNCATE TABLE ${table}`);
    const restore = { target_label: String(incremental["label"]) };
    expect(succeeded(await it.flow("restore", restore))["restored"]).toHaveLength(names.length);
    for (const table of quoted) expect(await numbers(it.client, table)).toEqual([0, 1, 9, 2, 3, 4]);
  });

  test("what is not backed up is named with its reason, and does not fail the rest", async () => {
    it = await worldWithGroups({ g: ["shop.*", "shop.ghost", "nowhere.*"] }, async (client) => {
      await daily(client, "shop", "orders");
      await client.run("CREATE VIEW shop.v AS SELECT n FROM shop.orders");
      await client.run(`CREATE TABLE shop.empty (d DATE NOT NULL) DUPLICATE KEY (d) PARTITION BY date_trunc('day', d)
        DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
    });
    const full = succeeded(await it.flow("backup", { group: "g", type: "full" }));
    expect(full["snapshots"]).toMatchObject([{ tables: 2, partitions: 5 }]);
    const skipped = Array.isArray(full["skipped"]) ? full["skipped"] : [];
    expect(skipped).toEqual(
      expect.arrayContaining([
        { object: "shop.v", reason: expect.stringContaining("view") },
        { object: "shop.ghost", reason: expect.stringContaining("does not exist") },
        { object: "nowhere.*", reason: expect.stringContaining("does not exist") },
        { object: "shop.empty", reason: expect.stringContaining("no partition yet") },
      ]),
    );
  });
});

describe("what no partition shows", () => {
  test("a table of database.* that is gone is named; another comment makes its table go whole", async () => {
    it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
      await daily(client, "shop", "orders");
      await daily(client, "shop", "gone");
    });
    const full = firstSnapshot(succeeded(await it.flow("backup", { group: "g", type: "full" })));
    await it.client.run("DROP TABLE shop.gone FORCE");
    await it.client.run(`ALTER TABLE shop.orders COMMENT = "one row a day"`);
    const result = succeeded(await it.flow("backup", { group: "g", type: "incremental" }));
    expect(result["snapshots"]).toMatchObject([{ tables: 1, partitions: 5 }]);
    expect(result["skipped"]).toEqual([
      { object: "shop.gone", reason: expect.stringContaining(`is in ${full["label"]}`) },
    ]);
    await it.client.run("DROP TABLE shop.orders FORCE");
    succeeded(await it.flow("restore", { target_label: String(firstSnapshot(result)["label"]) }));
    const [orders] = await it.client.rows(
      "SELECT TABLE_COMMENT c FROM information_schema.tables WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME = 'orders'",
    );
    expect(orders).toEqual({ c: "one row a day" });
    expect(succeeded(await it.flow("backup", { group: "g", type: "full" }))["skipped"]).toEqual([
      { object: "shop.gone", reason: expect.stringContaining(`is in ${full["label"]}`) },
    ]);
  });
});

describe("what no partition and no definition shows", () => {
  test("a column that was dropped and added again comes back without its former values, however long ago", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, (client) => daily(client, "shop", "orders"));
    succeeded(await it.flow("backup", { group: "g", type: "full" }));
    await it.client.run("ALTER TABLE shop.orders DROP COLUMN n");
    await it.client.run("ALTER TABLE shop.orders ADD COLUMN n INT");
    const incremental = async () =>
      firstSnapshot(succeeded(await it.flow("backup", { group: "g", type: "incremental" })));
    expect(await incremental()).toMatchObject({ tables: 1, partitions: 5 });
    // By then StarRocks has forgotten the schema changes.
    it.starrocks.cluster.knobs.clockOffsetMs += 8 * 24 * 3600 * 1000;
    const { label } = await incremental();
    await it.client.run("TRUNCATE TABLE shop.orders");
    succeeded(await it.flow("restore", { target_label: String(label) }));
    expect(await numbers(it.client, "shop.orders")).toEqual([null, null, null, null, null]);
  });
});

describe("restoring a group to a time", () => {
  test("a database whose newest backup failed comes from the one before", async () => {
    it = await worldWithGroups({ g: ["shop.*", "hr.*"] }, async (client) => {
      await daily(client, "shop", "orders");
      await daily(client, "hr", "people");
    });
    const full = succeeded(await it.flow("backup", { group: "g", type: "full" }));
    for (const table of ["shop.orders", "hr.people"])
      await it.client.run(`INSERT INTO ${table} VALUES ('2025-01-02', 20)`);
    await it.client.run(
      `ADMIN SET FRONTEND CONFIG ("embedded.fault" =
        '{"match": "BACKUP SNAPSHOT .?hr", "error": {"code": 5064, "message": "no space left"}}')`,
    );
    const said = failure(await it.flow("backup", { group: "g", type: "incremental" }));
    expect(said.message).toMatch(/^Backup hr_\S+ failed: .*no space left/);
    for (const table of ["shop.orders", "hr.people"]) await it.client.run(`TRUNCATE TABLE ${table}`);
    const target = { group: "g", target_time: "2100-01-01 00:00" };
    const restored = succeeded(await it.flow("restore", target))["restored"];
    expect(restored).toMatchObject([
      { table: "hr.people", strategy: "alias" },
      { table: "shop.orders", strategy: "merge" },
    ]);
    expect(await numbers(it.client, "hr.people")).toEqual([0, 1, 2, 3, 4]);
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 20, 2, 3, 4]);
    const [of] = (full["snapshots"] as readonly { readonly label: string }[]).filter((each) =>
      each.label.startsWith("hr"),
    );
    expect(restored).toMatchObject([{ snapshots: [of?.label] }, {}]);
  });
});

describe("types and baselines", () => {
  test("chains: increments that stand on increments, with partitions added, changed and dropped in each", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, (client) => daily(client, "shop", "orders"));
    const backup = async (input = {}) =>
      firstSnapshot(
        succeeded(
          await it.flow("backup", { group: "g", type: "auto", baseline: "latest", max_chain: 3, ...input }),
        ),
      );
    expect(await backup()).toMatchObject({ type: "full", baseline: null });
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-02', 20)");
    const first = await backup();
    expect(first).toMatchObject({ type: "incremental", partitions: 1 });
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-03', 30)");
    await it.client.run("ALTER TABLE shop.orders DROP PARTITION p20250101");
    const second = await backup();
    expect(second).toMatchObject({ type: "incremental", baseline: first["label"], partitions: 1 });
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-04', 40)");
    expect(await backup()).toMatchObject({ type: "full" });
    succeeded(await it.flow("restore", { target_label: String(second["label"]), tables: ["shop.orders"] }));
    expect(await numbers(it.client, "shop.orders")).toEqual([1, 20, 2, 30, 3, 4]);
    succeeded(await it.flow("restore", { target_label: String(first["label"]), tables: ["shop.orders"] }));
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 20, 2, 3, 4]);
  });

  test("a baseline whose snapshot is gone is refused with the way out; auto makes a full", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, (client) => daily(client, "shop", "orders"), {
      version: "4.2",
    });
    const full = firstSnapshot(succeeded(await it.flow("backup", { group: "g", type: "full" })));
    await it.client.run(`DROP SNAPSHOT ${full["label"]} ON repo FORCE`);
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-02', 20)");
    const said = failure(await it.flow("backup", { group: "g", type: "incremental" }));
    expect(said).toMatchObject({
      code: "BASELINE_GONE",
      message: expect.stringContaining(String(full["label"])),
      next: expect.stringMatching(/full/),
    });
    const auto = firstSnapshot(succeeded(await it.flow("backup", { group: "g", type: "auto" })));
    expect(auto["type"]).toBe("full");
    expect(failure(await it.flow("restore", { target_label: String(full["label"]) })).code).toBe(
      "SNAPSHOT_MISSING",
    );
  });

  test("more partitions than a job may have make several snapshots of one run, restored as one", async () => {
    it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
      await daily(client, "shop", "orders", 7);
      await daily(client, "shop", "small", 2);
    });
    const full = succeeded(await it.flow("backup", { group: "g", type: "full", max_partitions_per_job: 3 }));
    expect(full["snapshots"]).toMatchObject([{ partitions: 3 }, { partitions: 3 }, { partitions: 3 }]);
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-07', 60)");
    const incremental = succeeded(
      await it.flow("backup", { group: "g", type: "incremental", max_partitions_per_job: 3 }),
    );
    expect(incremental["snapshots"]).toMatchObject([{ partitions: 1 }]);
    await it.client.run("TRUNCATE TABLE shop.orders");
    await it.client.run("DROP TABLE shop.small FORCE");
    succeeded(await it.flow("restore", { target_label: String(firstSnapshot(incremental)["label"]) }));
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4, 5, 6, 60]);
    expect(await numbers(it.client, "shop.small")).toEqual([0, 1]);
    // An earlier part alone is no restore point.
    const [part] = await it.client.rows("SELECT label FROM ops.backup_history WHERE part = 1 AND parts = 3");
    expect(failure(await it.flow("restore", { target_label: String(part?.["label"]) })).code).toBe(
      "UNKNOWN_LABEL",
    );
  });
});

describe("what production throws at a backup", () => {
  const oneTable = (client: Client) => daily(client, "shop", "orders");

  test("somebody else's job on the database is waited for, and named", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
    await it.starrocks.ticker.pause();
    await it.client.run("BACKUP SNAPSHOT shop.theirs TO repo ON (orders)");
    const lines: string[] = [];
    const running = it.flow(
      "backup",
      { group: "g", type: "full" },
      { onEvent: (event) => event.kind === "log" && lines.push(event.line) },
    );
    while (!lines.some((line) => line.includes("theirs"))) await sleep(50);
    it.starrocks.ticker.start();
    expect(succeeded(await running)["status"]).toBe("FINISHED");
  });

  test("a version that was merged away is tried again under a label of its own; both attempts are recorded", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
    const refusal =
      "Do not support backing up x: [OLAP_VERSION_ALREADY_MERGED, msg: make snapshot failed, version already merged]";
    it.starrocks.faults.add({
      match: /^BACKUP SNAPSHOT/,
      times: 1,
      error: { code: 5064, state: "42000", message: refusal },
    });
    const result = succeeded(await it.flow("backup", { group: "g", type: "full" }));
    expect(String(firstSnapshot(result)["label"])).toMatch(/_full_try2$/);
    expect(await history(it.client, "status, attempt")).toEqual([
      { status: "FAILED", attempt: 1 },
      { status: "FINISHED", attempt: 2 },
    ]);
    await it.client.run("TRUNCATE TABLE shop.orders");
    succeeded(await it.flow("restore", { target_label: String(firstSnapshot(result)["label"]) }));
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4]);
  });

  test("a partition and a table that vanish between plan and submission do not fail the rest", async () => {
    it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
      await daily(client, "shop", "orders");
      await daily(client, "shop", "doomed");
    });
    succeeded(await it.flow("backup", { group: "g", type: "full" }));
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 10), ('2025-01-02', 20)");
    await it.client.run("INSERT INTO shop.doomed VALUES ('2025-01-01', 10)");
    const plan = succeeded(await it.script("plan", { group: "g", type: "incremental" }));
    await it.client.run("ALTER TABLE shop.orders DROP PARTITION p20250101");
    await it.client.run("DROP TABLE shop.doomed FORCE");
    const run = { run_id: String(plan["run_id"]) };
    succeeded(await it.script("backup", run));
    succeeded(await it.script("poll", run));
    const report = succeeded(await it.script("report", run));
    expect(report).toMatchObject({ status: "FINISHED", snapshots: [{ tables: 1, partitions: 1 }] });
    expect(report["skipped"]).toEqual([
      { object: "shop.doomed", reason: expect.stringContaining("dropped") },
    ]);
    await it.client.run("TRUNCATE TABLE shop.orders");
    succeeded(await it.flow("restore", { target_label: String(firstSnapshot(report)["label"]) }));
    expect(await numbers(it.client, "shop.orders")).toEqual([1, 20, 2, 3, 4]);
  });

  test.each([
    ["full", ["doomed", "orders", "zoo"]],
    ["full", ["zoo", "orders", "doomed"]],
    ["incremental", ["doomed", "orders", "zoo"]],
  ] as const)(
    "%s, in the parts %j: what vanishes after the plan does not fail the rest",
    async (type, tables) => {
      it = await worldWithGroups({ g: tables.map((table) => `shop.${table}`) }, async (client) => {
        for (const table of tables) await daily(client, "shop", table);
      });
      if (type === "incremental") {
        succeeded(await it.flow("backup", { group: "g", type: "full" }));
        for (const table of tables)
          await it.client.run(`INSERT INTO shop.${table} SELECT d, 9 FROM shop.${table}`);
      }
      const plan = succeeded(await it.script("plan", { group: "g", type, max_partitions_per_job: 5 }));
      await it.client.run("DROP TABLE shop.doomed FORCE");
      const run = { run_id: String(plan["run_id"]) };
      succeeded(await it.script("poll", run));
      const report = succeeded(await it.script("report", run));
      expect(report["status"]).toBe("FINISHED");
      expect(report["skipped"]).toEqual([
        { object: "shop.doomed", reason: expect.stringContaining("dropped") },
      ]);
      await it.client.run("TRUNCATE TABLE shop.orders");
      await it.client.run("TRUNCATE TABLE shop.zoo");
      const snapshots = report["snapshots"] as readonly { readonly label: string }[];
      succeeded(await it.flow("restore", { target_label: String(snapshots.at(-1)?.label) }));
      const expected = type === "full" ? [0, 1, 2, 3, 4] : [0, 9, 1, 9, 2, 9, 3, 9, 4, 9];
      expect(await numbers(it.client, "shop.orders")).toEqual(expected);
      expect(await numbers(it.client, "shop.zoo")).toEqual(expected);
    },
  );

  test.each(["full", "incremental"])(
    "%s: fails, and says so, when every table vanished after the plan",
    async (type) => {
      it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
      if (type === "incremental") {
        succeeded(await it.flow("backup", { group: "g", type: "full" }));
        await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 9)");
      }
      const plan = succeeded(await it.script("plan", { group: "g", type }));
      await it.client.run("DROP TABLE shop.orders FORCE");
      const run = { run_id: String(plan["run_id"]) };
      succeeded(await it.script("poll", run));
      expect(failure(await it.script("report", run)).message).toMatch(
        /nothing is left to copy: shop\.orders was dropped or renamed after the plan was made/,
      );
      expect(await heldSlots(it.client)).toEqual([]);
      expect(await manifestsOfFailed(it.client)).toEqual([]);
    },
  );

  test("an incremental fails, and says so, when the only table in it got another schema after the plan", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
    const full = firstSnapshot(succeeded(await it.flow("backup", { group: "g", type: "full" })));
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 9)");
    const plan = succeeded(await it.script("plan", { group: "g", type: "incremental" }));
    await it.client.run("ALTER TABLE shop.orders ADD COLUMN m INT");
    const run = { run_id: String(plan["run_id"]) };
    succeeded(await it.script("poll", run));
    expect(failure(await it.script("report", run)).message).toMatch(
      /nothing is left to copy: shop\.orders its schema changed/,
    );
    expect(await manifestsOfFailed(it.client)).toEqual([]);
    const result = succeeded(await it.flow("restore", { target_time: "2100-01-01 00:00", group: "g" }));
    expect(result["restored"]).toMatchObject([{ snapshots: [full["label"]] }]);
  });

  test("an overwrite in flight holds a backup up for a while; then its table is left out, and named", async () => {
    it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
      await daily(client, "shop", "orders");
      await daily(client, "shop", "busy");
    });
    await it.client.run(
      `ALTER TABLE shop.busy ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`,
    );
    const plan = succeeded(await it.script("plan", { group: "g", type: "full" }));
    const run = { run_id: String(plan["run_id"]) };
    const waiting = succeeded(await it.script("poll", { ...run, wait_seconds: 0 }));
    expect(waiting["waiting_for"]).toEqual([expect.stringContaining("temporary partitions on busy")]);
    it.starrocks.cluster.knobs.clockOffsetMs += 180_000;
    succeeded(await it.script("poll", run));
    const report = succeeded(await it.script("report", run));
    expect(report).toMatchObject({ status: "FINISHED", snapshots: [{ tables: 1, partitions: 5 }] });
    expect(report["skipped"]).toEqual([
      { object: "shop.busy", reason: expect.stringContaining("temporary partitions") },
    ]);
  });

  test("a table on which the user lacks EXPORT is left out, and named", async () => {
    it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
      await daily(client, "shop", "orders");
      await daily(client, "shop", "secret");
    });
    for (const statement of [
      "CREATE USER 'br'@'%' IDENTIFIED BY 'pw'",
      "GRANT REPOSITORY ON SYSTEM TO USER 'br'@'%'",
      "GRANT EXPORT, SELECT ON TABLE shop.orders TO USER 'br'@'%'",
      "GRANT SELECT ON TABLE shop.secret TO USER 'br'@'%'",
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN DATABASE ops TO USER 'br'@'%'",
    ]) {
      await it.client.run(statement);
    }
    const starrocks = { ...it.resource, user: "br", password: "pw" };
    const result = succeeded(await it.flow("backup", { starrocks, group: "g", type: "full" }));
    expect(result).toMatchObject({ status: "FINISHED", snapshots: [{ tables: 1, partitions: 5 }] });
    const skipped = [{ object: "shop.secret", reason: expect.stringContaining("EXPORT") }];
    expect(result["skipped"]).toEqual(skipped);
    succeeded(await it.flow("backup", { group: "g", type: "full" }));
    await it.client.run("INSERT INTO shop.secret VALUES ('2025-01-01', 9)");
    const without = succeeded(await it.flow("backup", { starrocks, group: "g", type: "incremental" }));
    expect(without).toMatchObject({ status: "FINISHED", skipped, snapshots: [{ tables: 1, partitions: 0 }] });
  });

  test("a table restored from a backup that caught a load in flight takes new loads", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
    it.starrocks.cluster.knobs.nextVersionGap = 1;
    const full = firstSnapshot(succeeded(await it.flow("backup", { group: "g", type: "full" })));
    it.starrocks.cluster.knobs.nextVersionGap = 0;
    await it.client.run("TRUNCATE TABLE shop.orders");
    succeeded(await it.flow("restore", { target_label: String(full["label"]) }));
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 100)");
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 100, 1, 2, 3, 4]);
  });

  test("a run is stopped: the job is cancelled, the slot is free, the next backup works", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
    await it.starrocks.ticker.pause();
    const plan = succeeded(await it.script("plan", { group: "g", type: "full" }));
    const run = { run_id: String(plan["run_id"]) };
    succeeded(await it.script("backup", run));
    expect(await heldSlots(it.client)).toHaveLength(1);
    const cancelled = succeeded(await it.script("cancel", run));
    expect(cancelled).toMatchObject({ state: "CANCELLED", cancelled: [expect.stringMatching(/^shop_/)] });
    expect(succeeded(await it.script("cancel", run))).toMatchObject({ state: "CANCELLED", cancelled: [] });
    expect(await heldSlots(it.client)).toEqual([]);
    expect(await it.client.rows("SHOW BACKUP FROM shop")).toMatchObject([{ State: "CANCELLED" }]);
    expect(await history(it.client, "status")).toEqual([{ status: "CANCELLED" }]);
    expect(await it.client.rows("SELECT label FROM ops.backup_partitions")).toEqual([]);
    expect(failure(await it.script("report", run)).code).toBe("CANCELLED");
    it.starrocks.ticker.start();
    expect(succeeded(await it.flow("backup", { group: "g", type: "full" }))["status"]).toBe("FINISHED");
  });

  test("a job that does not get on is reported as stalled, and cancelled when that is asked for", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
    await it.starrocks.ticker.pause();
    const plan = succeeded(await it.script("plan", { group: "g", type: "full" }));
    const run = { run_id: String(plan["run_id"]) };
    succeeded(await it.script("backup", run));
    it.starrocks.cluster.knobs.clockOffsetMs += 120_000;
    const poll = { ...run, wait_seconds: 0, stall_minutes: 1 };
    const stalled = succeeded(await it.script("poll", poll));
    expect(stalled).toMatchObject({
      done: false,
      waiting_for: [expect.stringContaining("no progress for 2 min")],
    });
    succeeded(await it.script("poll", { ...poll, cancel_stalled: true }));
    expect(succeeded(await it.script("poll", run))).toMatchObject({ done: true, state: "FAILED" });
    expect(failure(await it.script("report", run))).toMatchObject({
      code: "BACKUP_FAILED",
      message: expect.stringContaining("user cancelled"),
    });
    expect(await heldSlots(it.client)).toEqual([]);
    it.starrocks.ticker.start();
  });

  test("a run that died without a word loses its slot after a while; the next one takes over and finishes", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
    const plan = succeeded(await it.script("plan", { group: "g", type: "full" }));
    it.starrocks.faults.add({ match: /^BACKUP SNAPSHOT/, times: 1, drop: "before" });
    failure(await it.script("backup", { run_id: String(plan["run_id"]) }));
    expect(await heldSlots(it.client)).toHaveLength(1);
    const second = succeeded(await it.script("plan", { group: "g", type: "full" }));
    const run = { run_id: String(second["run_id"]) };
    const waiting = succeeded(await it.script("poll", { ...run, wait_seconds: 0 }));
    expect(waiting["waiting_for"]).toEqual([expect.stringContaining(String(plan["run_id"]))]);
    it.starrocks.cluster.knobs.clockOffsetMs += 11 * 60_000;
    expect(succeeded(await it.script("poll", run))).toMatchObject({ done: true, state: "FINISHED" });
  });

  test("a read-only and a missing repository are refused before anything is written", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
    await it.client.run(
      `CREATE READ ONLY REPOSITORY ro WITH BROKER ON LOCATION "s3://bucket/ro" PROPERTIES ("aws.s3.access_key" = "a")`,
    );
    expect(failure(await it.flow("backup", { group: "g", type: "full", repository: "ro" })).code).toBe(
      "REPOSITORY_READ_ONLY",
    );
    expect(await history(it.client, "label")).toEqual([]);
  });

  test("a dead backend is reported; without any the run is refused", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, oneTable, { backends: 2 });
    const [, second] = (await it.client.rows("SHOW BACKENDS")).map((row) => Number(row["BackendId"]));
    it.starrocks.cluster.deadBackends.add(second ?? 0);
    const plan = succeeded(await it.script("plan", { group: "g", type: "full", dry_run: true }));
    expect(plan["notes"]).toEqual([expect.stringContaining("is not alive")]);
  });
});
