import { afterEach, expect, test } from "vitest";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
afterEach(() => it.close());

async function shop(group: readonly string[]): Promise<void> {
  it = await worldWithGroups({ g: group }, async (client) => {
    for (const database of ["shop", "depot"]) {
      await client.run(`CREATE DATABASE ${database}`);
      await client.run(`CREATE TABLE ${database}.t (n INT) PROPERTIES ("replication_num" = "1")`);
      await client.run(`INSERT INTO ${database}.t VALUES (1)`);
    }
  });
}

test("a backup that lacks what was asked for says so in its headline, its gaps, its label and its history", async () => {
  await shop(["shop.t", "shop.missing"]);
  const result = await it.backUp({ group: "g", type: "full" });
  const gap = { object: "shop.missing", reason: expect.stringMatching(/^does not exist, or the user/) };
  expect(result).toMatchObject({ status: "FINISHED", gaps: [gap], skipped: [gap], wm_labels: ["gaps"] });
  expect(String(result["markdown"])).toMatch(/^\*\*Backup of group g finished, with 1 gap\*\*/);
  const [row] = await it.client.rows("SELECT left_out FROM ops.backup_history");
  expect(JSON.parse(String(row?.["left_out"]))).toEqual([gap]);
});

test("what holds no data of its own is no gap", async () => {
  await shop(["shop.*"]);
  await it.client.run("CREATE VIEW shop.v AS SELECT n FROM shop.t");
  const result = await it.backUp({ group: "g", type: "full" });
  expect(result).toMatchObject({ gaps: [], skipped: [{ object: "shop.v" }] });
  expect(result["wm_labels"]).toBeUndefined();
});

test("with fail_on_gaps it fails, and what it has backed up can be restored", async () => {
  await shop(["shop.t", "shop.missing"]);
  const said = failure(await it.flow("backup", { group: "g", type: "full", fail_on_gaps: true }));
  expect(said).toMatchObject({ code: "BACKUP_HAS_GAPS", message: expect.stringContaining("shop.missing") });
  await it.client.run("TRUNCATE TABLE shop.t");
  await it.restore({ tables: ["shop.t"], target_time: "2099-01-01 00:00" });
  expect(await it.client.rows("SELECT n FROM shop.t")).toEqual([{ n: 1 }]);
});

test("a label alone means its database; with the group, the whole run", async () => {
  await shop(["shop.t", "depot.t"]);
  const { label } = firstSnapshot(await it.backUp({ group: "g", type: "full" }));
  const planned = async (input: Readonly<Record<string, string>>) =>
    succeeded(await it.call("restore_plan", { target_label: String(label), dry_run: true, ...input }))[
      "tables"
    ];
  const [database] = String(label).split("_");
  expect(await planned({})).toMatchObject([{ table: `${database}.t` }]);
  expect(await planned({ group: "g" })).toHaveLength(2);
});

test("a time to come, and a point without rows, are noted", async () => {
  await shop(["shop.t"]);
  await it.client.run("TRUNCATE TABLE shop.t");
  await it.backUp({ group: "g", type: "full" });
  const plan = succeeded(await it.call("restore_plan", { target_time: "2099-01-01 00:00", dry_run: true }));
  expect(plan["notes"]).toEqual([
    "The time asked for, 2099-01-01 00:00:00 UTC, is still to come: the newest state is restored.",
    expect.stringMatching(
      /^shop\.t has about 0 rows in shop_\w+: if it was emptied before .* choose an earlier time\.$/,
    ),
  ]);
});

test("auto without a limit says that it makes no second full", async () => {
  await shop(["shop.t"]);
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.t VALUES (2)");
  const { notes } = await it.backUp({ group: "g", type: "auto" });
  expect(notes).toEqual([
    expect.stringMatching(/^Type auto without full_every and max_chain makes no second full/),
  ]);
});
