import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { planHash } from "../../lib/planning/plan-hash.ts";
import type { JsonObject } from "../../windmill/json.ts";
import type { Row } from "../support/client.ts";
import { failure, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
let plan: JsonObject;

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
  plan = succeeded(await it.call("restore_plan", { tables: ["shop.t"], target_time: "2099-01-01 00:00" }));
});
afterEach(() => it.close());

/** What whoever can write the catalog may do: another text, and the hash that belongs to it. */
async function edit(change: (text: string) => string, withHash: boolean): Promise<void> {
  const [row] = await it.client.rows(`SELECT plan FROM ops.runs WHERE run_id = '${plan["run_id"]}'`);
  const text = change(String(row?.["plan"]));
  const hash = withHash ? `, plan_hash = '${planHash(JSON.parse(text))}'` : "";
  await it.client.connection.query(`UPDATE ops.runs SET plan = ?${hash} WHERE run_id = ?`, [
    text,
    plan["run_id"],
  ]);
}

/** Parts of `t` become a table that is none of the run's. */
const toPrecious = (text: string) => text.replaceAll(/"t__r_[0-9a-f]+_\d+"/g, '"precious"');

const rows = (table: string): Promise<Row[]> => it.client.rows(`SELECT n FROM shop.${table} ORDER BY n`);

async function nothingIsLost(): Promise<void> {
  expect(await rows("precious")).toEqual([{ n: 1 }]);
  expect(await rows("t")).toEqual([{ n: 1 }, { n: 2 }]);
}

const approved = () => ({
  run_id: plan["run_id"] ?? null,
  plan_hash: plan["plan_hash"] ?? null,
  approved: true,
});

describe.each([
  ["alone", false],
  ["with its hash", true],
])("a plan that is edited %s", (_, withHash) => {
  test("before the restore begins is not begun", async () => {
    await edit(toPrecious, withHash);
    expect(failure(await it.call("restore", approved())).code).toBe("PLAN_CHANGED");
    await nothingIsLost();
  });

  test("between two steps of a restore ends the run before anything else is done", async () => {
    await it.starrocks.ticker.pause();
    succeeded(await it.call("restore", approved()));
    await edit(toPrecious, withHash);
    it.starrocks.ticker.start();
    const { run_id, plan_hash } = approved();
    succeeded(await it.call("poll", { run_id, plan_hash, wait_seconds: 60 }));
    const said = failure(await it.call("report", { run_id, plan_hash }));
    expect(said).toMatchObject({
      code: "PLAN_CHANGED",
      next: expect.stringMatching(/^Nothing more is done for it\./),
    });
    await nothingIsLost();
  });

  test("before the failure step drops nothing, and ends the run", async () => {
    await edit(toPrecious, withHash);
    const { run_id, plan_hash } = approved();
    const error = { name: "Error", message: "the worker died", step_id: "restore" };
    await it.call("fail", { run_id, plan_hash, error });
    expect(await it.client.rows(`SELECT state FROM ops.runs WHERE run_id = '${run_id}'`)).toEqual([
      { state: "FAILED" },
    ]);
    await nothingIsLost();
    expect(await tableNames(it.client, "shop")).toEqual(["precious", "t"]);
  });
});

test("a run whose plan was edited can be cancelled", async () => {
  await edit(toPrecious, false);
  await it.call("cancel", { run_id: plan["run_id"] ?? null });
  expect(await it.client.rows(`SELECT state FROM ops.runs WHERE run_id = '${plan["run_id"]}'`)).toEqual([
    { state: "FAILED" },
  ]);
  await nothingIsLost();
});

test("a backup whose plan was edited is ended with its rows: none of them is open for ever", async () => {
  plan = succeeded(await it.call("plan", { group: "g", type: "full" }));
  await edit((text) => text.replaceAll('"t"', '"precious"'), false);
  const { run_id = null, plan_hash = null } = plan;
  expect(failure(await it.call("backup", { run_id, plan_hash })).code).toBe("PLAN_CHANGED");
  await it.call("cancel", { run_id });
  const rows = await it.client.rows(
    `SELECT status, error_message FROM ops.backup_history WHERE run_id = '${run_id}'`,
  );
  expect(rows).toEqual([{ status: "FAILED", error_message: expect.stringContaining("its hash differs") }]);
});
