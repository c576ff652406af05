import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { planHash } from "../../lib/planning/plan-hash.ts";
import type { JsonObject } from "../../windmill/json.ts";
import { succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

/* Whoever can write the catalog may edit every row of a run. Nobody who ends it knows the plan that was approved. */

let it: World;
let run_id: string;
let approval: JsonObject;
const precious = [{ n: 1 }];
const live = [{ n: 1 }, { n: 2 }];

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.t"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    for (const name of ["t", "precious"]) {
      await client.run(`CREATE TABLE shop.${name} (n INT) PROPERTIES ("replication_num" = "1")`);
      await client.run(`INSERT INTO shop.${name} VALUES (1)`);
    }
  });
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.t VALUES (2)");
  const target = { tables: ["shop.t"], target_time: "2099-01-01 00:00" };
  const plan = succeeded(await it.call("restore_plan", target));
  run_id = String(plan["run_id"]);
  approval = { run_id, plan_hash: plan["plan_hash"] ?? null, approved: true };
});
afterEach(() => it.close());

const rows = (table: string) => it.client.rows(`SELECT n FROM shop.\`${table}\` ORDER BY n`);

async function editPlan(change: (text: string) => string): Promise<void> {
  const [row] = await it.client.rows(`SELECT plan FROM ops.runs WHERE run_id = '${run_id}'`);
  const text = change(String(row?.["plan"]));
  const hash = planHash(JSON.parse(text));
  const sql = "UPDATE ops.runs SET plan = ?, plan_hash = ? WHERE run_id = ?";
  await it.client.connection.query(sql, [text, hash, run_id]);
}

/** Every name of the run's tables becomes that of a live table. */
const toPrecious = (text: string) => text.replaceAll(/"t__r_[0-9a-f]+_\d+"|"t__replaced_\w+"/g, '"precious"');

/** The restore stops right before or after what a statement does. */
async function stopAt(match: RegExp, drop: "before" | "after"): Promise<void> {
  await it.starrocks.ticker.pause();
  succeeded(await it.call("restore", approval));
  it.starrocks.faults.add({ match, times: 1, drop });
  it.starrocks.ticker.start();
  expect((await it.call("poll", { run_id, wait_seconds: 60 })).kind).toBe("failure");
}

async function idsOf(table: string): Promise<string> {
  const ids = await it.client.rows(
    `SELECT PARTITION_ID AS id FROM information_schema.partitions_meta WHERE DB_NAME = 'shop' AND TABLE_NAME = '${table}'`,
  );
  return ids.map((row) => row["id"]).join(",");
}

const replacedName = async () =>
  (await tableNames(it.client, "shop")).find((name) => /__(p|replaced)_/.test(name)) ?? "";

describe("names of live tables in a plan, with its hash, are not gone by", () => {
  test("when the run is cancelled before it begins", async () => {
    await editPlan(toPrecious);
    expect(succeeded(await it.call("cancel", { run_id }))["state"]).toBe("CANCELLED");
    expect(await tableNames(it.client, "shop")).toEqual(["precious", "t"]);
    expect(await rows("precious")).toEqual(precious);
  });

  test("when it is cancelled with a part restored: that one is dropped", async () => {
    await stopAt(/ RENAME /, "before");
    expect(await tableNames(it.client, "shop")).toHaveLength(3);
    await editPlan(toPrecious);
    expect(succeeded(await it.call("cancel", { run_id }))["state"]).toBe("CANCELLED");
    expect(await tableNames(it.client, "shop")).toEqual(["precious", "t"]);
    expect(await rows("precious")).toEqual(precious);
    expect(await rows("t")).toEqual(live);
  });

  test("when it is carried on by somebody who has no plan at hand", async () => {
    await stopAt(/ RENAME /, "before");
    await editPlan(toPrecious);
    expect(succeeded(await it.call("poll", { run_id, wait_seconds: 60 }))["state"]).toBe("FINISHED");
    expect(await rows("precious")).toEqual(precious);
    expect(await rows("t")).toEqual([{ n: 1 }]);
    expect(await rows(await replacedName())).toEqual(live);
  });
});

describe("partition ids of a live table in restore_history", () => {
  async function claimIdsOf(table: string): Promise<void> {
    const ids = await idsOf(table);
    await it.client.run(
      `UPDATE ops.restore_history SET restored_partition_ids = '${ids}', status = 'READY' WHERE run_id = '${run_id}'`,
    );
  }

  test.each([
    ["cancel", "cancel"],
    ["the failure step", "fail"],
    ["the next poll", "poll"],
  ] as const)("make %s drop or swap nothing that was live, after the SWAP", async (_, script) => {
    await stopAt(/ SWAP WITH /, "after");
    expect(await rows("t")).toEqual([{ n: 1 }]);
    const replaced = await replacedName();
    expect(await rows(replaced)).toEqual(live);
    await claimIdsOf(replaced);
    const error = { name: "Error", message: "the worker died", step_id: "poll" };
    await it.call(script, script === "fail" ? { run_id, error } : { run_id });
    expect(await rows("t")).toEqual([{ n: 1 }]);
    expect(await rows(await replacedName())).toEqual(live);
    expect(await rows("precious")).toEqual(precious);
  });

  test("make nobody drop what is live, before the SWAP", async () => {
    await stopAt(/ SWAP WITH /, "before");
    await claimIdsOf("t");
    await it.call("cancel", { run_id });
    expect(await rows("t")).toEqual(live);
    expect(await rows("precious")).toEqual(precious);
  });
});

test("a table that was there before the plan is not the run's, whatever its name", async () => {
  const [, mark] = /([0-9a-f]{8})$/.exec(run_id) ?? [];
  await it.client.run(`ALTER TABLE shop.precious RENAME t__r_${mark}_0`);
  const cancelled = succeeded(await it.call("cancel", { run_id }));
  expect(cancelled["state"]).toBe("CANCELLED");
  expect(await rows(`t__r_${mark}_0`)).toEqual(precious);
  expect(await it.client.rows("SELECT error_message FROM ops.restore_history")).toEqual([
    { error_message: expect.stringContaining(`shop.t__r_${mark}_0`) },
  ]);
});

test("a slot that names another run as its holder stops the restore, and drops nothing", async () => {
  await it.starrocks.ticker.pause();
  succeeded(await it.call("restore", approval));
  await it.client.run("UPDATE ops.run_status SET run_id = 'backup_00000000' WHERE state = 'ACTIVE'");
  it.starrocks.ticker.start();
  const poll = succeeded(await it.call("poll", { run_id, wait_seconds: 0 }));
  expect(poll["waiting_for"]).toEqual([expect.stringContaining("backup_00000000")]);
  expect(succeeded(await it.call("cancel", { run_id }))["state"]).toMatch(/CANCELLED|RUNNING/);
  expect(await rows("t")).toEqual(live);
  expect(await rows("precious")).toEqual(precious);
});

test("submissions that cannot be read are named", async () => {
  await it.starrocks.ticker.pause();
  succeeded(await it.call("restore", approval));
  await it.client.run(`UPDATE ops.runs SET submitted_job = '{"shop": 1}' WHERE run_id = '${run_id}'`);
  expect(await it.call("cancel", { run_id })).toMatchObject({ error: { extra: { code: "RUN_UNREADABLE" } } });
  expect(await rows("t")).toEqual(live);
});
