import { afterEach, describe, expect, test } from "vitest";
import { failure, firstSnapshot } from "../support/outcomes.ts";
import { daily, numbers } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
afterEach(() => it.close());

describe("what no partition shows", () => {
  test("a table of database.* that is gone is named; another comment makes its table go whole", async () => {
    it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
      await daily(client, "shop", "orders");
      await daily(client, "shop", "gone");
    });
    const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
    await it.client.run("DROP TABLE shop.gone FORCE");
    await it.client.run(`ALTER TABLE shop.orders COMMENT = "one row a day"`);
    const result = await it.backUp({ group: "g", type: "incremental" });
    expect(result["snapshots"]).toMatchObject([{ tables: 1, partitions: 5 }]);
    expect(result["skipped"]).toEqual([
      { object: "shop.gone", reason: expect.stringContaining(`is in ${full["label"]}`) },
    ]);
    await it.client.run("DROP TABLE shop.orders FORCE");
    await it.restore({ target_label: String(firstSnapshot(result)["label"]) });
    const [orders] = await it.client.rows(
      "SELECT TABLE_COMMENT c FROM information_schema.tables WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME = 'orders'",
    );
    expect(orders).toEqual({ c: "one row a day" });
    expect((await it.backUp({ group: "g", type: "full" }))["skipped"]).toEqual([
      { object: "shop.gone", reason: expect.stringContaining(`is in ${full["label"]}`) },
    ]);
  });
});

describe("what no partition and no definition shows", () => {
  test("a column that was dropped and added again comes back without its former values, however long ago", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, (client) => daily(client, "shop", "orders"));
    await it.backUp({ group: "g", type: "full" });
    await it.client.run("ALTER TABLE shop.orders DROP COLUMN n");
    await it.client.run("ALTER TABLE shop.orders ADD COLUMN n INT");
    const incremental = async () => firstSnapshot(await it.backUp({ group: "g", type: "incremental" }));
    expect(await incremental()).toMatchObject({ tables: 1, partitions: 5 });
    // By then StarRocks has forgotten the schema changes.
    it.passSeconds(8 * 24 * 3600);
    const { label } = await incremental();
    await it.client.run("TRUNCATE TABLE shop.orders");
    await it.restore({ target_label: String(label) });
    expect(await numbers(it.client, "shop.orders")).toEqual([null, null, null, null, null]);
  });
});

describe("restoring a group to a time", () => {
  test("a database whose newest backup failed comes from the one before", async () => {
    it = await worldWithGroups({ g: ["shop.*", "hr.*"] }, async (client) => {
      await daily(client, "shop", "orders");
      await daily(client, "hr", "people");
    });
    const full = await it.backUp({ group: "g", type: "full" });
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
    const restored = (await it.restore(target))["restored"];
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
        await it.backUp({ group: "g", type: "auto", baseline: "latest", max_chain: 3, ...input }),
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
    await it.restore({ target_label: String(second["label"]), tables: ["shop.orders"] });
    expect(await numbers(it.client, "shop.orders")).toEqual([1, 20, 2, 30, 3, 4]);
    await it.restore({ target_label: String(first["label"]), tables: ["shop.orders"] });
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 20, 2, 3, 4]);
  });

  test("a baseline whose snapshot is gone is refused with the way out; auto makes a full", async () => {
    it = await worldWithGroups({ g: ["shop.orders"] }, (client) => daily(client, "shop", "orders"), {
      version: "4.2",
    });
    const full = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
    await it.client.run(`DROP SNAPSHOT ${full["label"]} ON repo FORCE`);
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-02', 20)");
    const said = failure(await it.call("plan", { group: "g", type: "incremental" }));
    expect(said).toMatchObject({
      code: "BASELINE_GONE",
      message: expect.stringContaining(String(full["label"])),
      next: expect.stringMatching(/full/),
    });
    const auto = firstSnapshot(await it.backUp({ group: "g", type: "auto" }));
    expect(auto["type"]).toBe("full");
    expect(
      failure(await it.call("plan", { operation: "restore", target_label: String(full["label"]) })).code,
    ).toBe("SNAPSHOT_MISSING");
  });

  test("more partitions than a job may have make several snapshots of one run, restored as one", async () => {
    it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
      await daily(client, "shop", "orders", 7);
      await daily(client, "shop", "small", 2);
    });
    const full = await it.backUp({ group: "g", type: "full", max_partitions_per_job: 3 });
    expect(full["snapshots"]).toMatchObject([{ partitions: 3 }, { partitions: 3 }, { partitions: 3 }]);
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-07', 60)");
    const incremental = await it.backUp({ group: "g", type: "incremental", max_partitions_per_job: 3 });
    expect(incremental["snapshots"]).toMatchObject([{ partitions: 1 }]);
    await it.client.run("TRUNCATE TABLE shop.orders");
    await it.client.run("DROP TABLE shop.small FORCE");
    await it.restore({ target_label: String(firstSnapshot(incremental)["label"]) });
    expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 2, 3, 4, 5, 6, 60]);
    expect(await numbers(it.client, "shop.small")).toEqual([0, 1]);
    // An earlier part alone is no restore point.
    const [part] = await it.client.rows("SELECT label FROM ops.backup_history WHERE part = 1 AND parts = 3");
    expect(
      failure(await it.call("plan", { operation: "restore", target_label: String(part?.["label"]) })).code,
    ).toBe("UNKNOWN_LABEL");
  });
});
