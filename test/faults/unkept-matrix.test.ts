import { expect, test } from "vitest";
import { succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { buildRestoreStage, type RestoreStage } from "./restore-stage.ts";
import type { Performance, Strike } from "./stage.ts";
import { stages } from "./stages.ts";
import { strikes } from "./strikes.ts";

/** A table of one snapshot: nothing else is dropped than what it replaces. */
const shops = stages(buildRestoreStage);

async function restoreUnkept({ perform, world }: RestoreStage, strike?: Strike): Promise<Performance> {
  await world.client.run("TRUNCATE TABLE sales_db.customers");
  await world.client.run("INSERT INTO sales_db.customers VALUES (9, 'z')");
  const input = {
    tables: ["sales_db.customers"],
    target_time: "2099-01-01 00:00",
    keep_replaced: false,
    max_drift: 1000,
  };
  return await perform("restore", input, strike);
}

const restored = {
  customers: [1, 2],
  others: [],
  last: [{ status: "FINISHED", replaced_kept_as: null, notices: "[]" }],
  held: [],
  openRuns: [],
};

async function readAftermath({ world: { client } }: RestoreStage) {
  const rows = await client.rows("SELECT id FROM sales_db.customers ORDER BY id");
  return {
    customers: rows.map(({ id }) => Number(id)),
    others: (await tableNames(client, "sales_db")).filter((name) => name.includes("__")),
    last: await client.rows(
      "SELECT status, replaced_kept_as, notices FROM ops.restore_history ORDER BY started_at DESC LIMIT 1",
    ),
    held: await client.rows("SELECT scope, run_id FROM ops.run_status WHERE state = 'ACTIVE'"),
    openRuns: await client.rows("SELECT run_id, state FROM ops.runs WHERE state <> 'FINISHED'"),
  };
}

const sent = await shops.on(async (stage) => {
  const undisturbed = await restoreUnkept(stage);
  succeeded(undisturbed.outcome);
  expect(await readAftermath(stage)).toEqual(restored);
  // What comes before and after is that of a restore that keeps, which has a matrix of its own.
  const swap = undisturbed.sent.findIndex(({ sql }) => / SWAP WITH /.test(sql));
  const record = undisturbed.sent.findLastIndex(({ sql }) => /^UPDATE `ops`\.`restore_history`/.test(sql));
  expect(record).toBeGreaterThan(swap);
  return undisturbed.sent.slice(swap, record + 1);
});

test.concurrent.each(strikes(sent, new Set()))("$stepId, $when: $shape ($again)", async (strike) => {
  await shops.on(async (stage) => {
    const { outcome, struck } = await restoreUnkept(stage, strike);
    expect(struck, "the strike").toBe(true);
    succeeded(outcome);
    expect(await readAftermath(stage)).toEqual(restored);
  });
});
