import { afterEach, expect, test } from "vitest";
import { heldSlots, manifestsOfFailed } from "../support/catalog-rows.ts";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { daily, numbers, oneTable } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
afterEach(() => it.close());

test("a partition and a table that vanish between plan and submission do not fail the rest", async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await daily(client, "shop", "orders");
    await daily(client, "shop", "doomed");
  });
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 10), ('2025-01-02', 20)");
  await it.client.run("INSERT INTO shop.doomed VALUES ('2025-01-01', 10)");
  const plan = succeeded(await it.call("plan", { group: "g", type: "incremental" }));
  await it.client.run("ALTER TABLE shop.orders DROP PARTITION p20250101");
  await it.client.run("DROP TABLE shop.doomed FORCE");
  const run = { run_id: String(plan["run_id"]) };
  succeeded(await it.call("backup", run));
  succeeded(await it.call("poll", run));
  const report = succeeded(await it.call("report", run));
  expect(report).toMatchObject({ status: "FINISHED", snapshots: [{ tables: 1, partitions: 1 }] });
  expect(report["skipped"]).toEqual([{ object: "shop.doomed", reason: expect.stringContaining("dropped") }]);
  await it.client.run("TRUNCATE TABLE shop.orders");
  await it.restore({ target_label: String(firstSnapshot(report)["label"]) });
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
      await it.backUp({ group: "g", type: "full" });
      for (const table of tables)
        await it.client.run(`INSERT INTO shop.${table} SELECT d, 9 FROM shop.${table}`);
    }
    const plan = succeeded(await it.call("plan", { group: "g", type, max_partitions_per_job: 5 }));
    await it.client.run("DROP TABLE shop.doomed FORCE");
    const run = { run_id: String(plan["run_id"]) };
    succeeded(await it.call("poll", run));
    const report = succeeded(await it.call("report", run));
    expect(report["status"]).toBe("FINISHED");
    expect(report["skipped"]).toEqual([
      { object: "shop.doomed", reason: expect.stringContaining("dropped") },
    ]);
    await it.client.run("TRUNCATE TABLE shop.orders");
    await it.client.run("TRUNCATE TABLE shop.zoo");
    const snapshots = report["snapshots"] as readonly { readonly label: string }[];
    await it.restore({ target_label: String(snapshots.at(-1)?.label) });
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
      await it.backUp({ group: "g", type: "full" });
      await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 9)");
    }
    const plan = succeeded(await it.call("plan", { group: "g", type }));
    await it.client.run("DROP TABLE shop.orders FORCE");
    const run = { run_id: String(plan["run_id"]) };
    succeeded(await it.call("poll", run));
    expect(failure(await it.call("report", run)).message).toMatch(
      /nothing is left to copy: shop\.orders was dropped or renamed after the plan was made/,
    );
    expect(await heldSlots(it.client)).toEqual([]);
    expect(await manifestsOfFailed(it.client)).toEqual([]);
  },
);

test("an incremental fails, and says so, when the only table in it got another schema after the plan", async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, oneTable);
  const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 9)");
  const plan = succeeded(await it.call("plan", { group: "g", type: "incremental" }));
  await it.client.run("ALTER TABLE shop.orders ADD COLUMN m INT");
  const run = { run_id: String(plan["run_id"]) };
  succeeded(await it.call("poll", run));
  expect(failure(await it.call("report", run)).message).toMatch(
    /nothing is left to copy: shop\.orders its schema changed/,
  );
  expect(await manifestsOfFailed(it.client)).toEqual([]);
  const result = await it.restore({ target_time: "2100-01-01 00:00", group: "g" });
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
  const plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
  const run = { run_id: String(plan["run_id"]) };
  const waiting = succeeded(await it.call("poll", { ...run, wait_seconds: 0 }));
  expect(waiting["waiting_for"]).toEqual([expect.stringContaining("temporary partitions on busy")]);
  it.passSeconds(180);
  succeeded(await it.call("poll", run));
  const report = succeeded(await it.call("report", run));
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
  const result = await it.backUp({ starrocks, group: "g", type: "full" });
  expect(result).toMatchObject({ status: "FINISHED", snapshots: [{ tables: 1, partitions: 5 }] });
  const skipped = [{ object: "shop.secret", reason: expect.stringContaining("EXPORT") }];
  expect(result["skipped"]).toEqual(skipped);
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.secret VALUES ('2025-01-01', 9)");
  const without = await it.backUp({ starrocks, group: "g", type: "incremental" });
  expect(without).toMatchObject({ status: "NOTHING_TO_DO", skipped, snapshots: [] });
  // Taken away after the plan.
  await it.client.run("GRANT EXPORT ON TABLE shop.secret TO USER 'br'@'%'");
  const { run_id = null } = succeeded(await it.call("plan", { starrocks, group: "g", type: "full" }));
  await it.client.run("REVOKE EXPORT ON TABLE shop.secret FROM USER 'br'@'%'");
  succeeded(await it.call("backup", { starrocks, run_id }));
  succeeded(await it.call("poll", { starrocks, run_id, wait_seconds: 60 }));
  expect(succeeded(await it.call("report", { starrocks, run_id }))).toMatchObject({
    status: "FINISHED",
    gaps: skipped,
    snapshots: [{ tables: 1, partitions: 5 }],
  });
});
