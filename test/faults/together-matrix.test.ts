import { expect, test } from "vitest";
import { failure, succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { buildStage, type Performance, type Stage, type Strike } from "./stage.ts";
import { stages } from "./stages.ts";
import { strikes } from "./strikes.ts";

/** A stage on which the second of two tables that are to become live together cannot. */
async function buildTogetherStage(): Promise<Stage> {
  const stage = await buildStage(["sales_db.*"], async (client) => {
    await daily(client, "sales_db", "orders");
    await daily(client, "sales_db", "visits");
  });
  succeeded((await stage.perform("backup", { group: "g", type: "full" })).outcome);
  const { client } = stage.world;
  for (const table of ["orders", "visits"]) {
    await client.run(`TRUNCATE TABLE sales_db.${table}`);
    await client.run(`INSERT INTO sales_db.${table} VALUES ('2025-01-03', 77)`);
  }
  const error = { code: 5203, message: "Access denied; you need the ALTER privilege" };
  const match = /^ALTER TABLE `sales_db`\.`visits` SWAP WITH /;
  stage.world.starrocks.faults.add({ match, times: Number.POSITIVE_INFINITY, error });
  return stage;
}

async function restoreTogether({ perform, world }: Stage, strike?: Strike): Promise<Performance> {
  // What could not be swapped is left aside and named; it is another's in the next run.
  for (const name of await tableNames(world.client, "sales_db"))
    if (name.includes("__")) await world.client.run(`DROP TABLE sales_db.\`${name}\` FORCE`);
  return await perform("restore", { group: "g", target_time: "2099-01-01 00:00", max_drift: 1000 }, strike);
}

async function readAftermath({ world: { client } }: Stage) {
  const names = await tableNames(client, "sales_db");
  return {
    orders: await numbers(client, "sales_db.orders"),
    visits: await numbers(client, "sales_db.visits"),
    left: names.filter((name) => name.includes("__")).map((name) => name.replace(/__.*/, "")),
    last: await client.rows(
      "SELECT table_name, status FROM ops.restore_history ORDER BY started_at DESC, table_name LIMIT 2",
    ),
    held: await client.rows("SELECT scope, run_id FROM ops.run_status WHERE state = 'ACTIVE'"),
    openRuns: await client.rows("SELECT run_id FROM ops.runs WHERE state IN ('PLANNED', 'RUNNING')"),
  };
}

const nothing = {
  orders: [77],
  visits: [77],
  left: ["visits"],
  last: [
    { table_name: "orders", status: "FAILED" },
    { table_name: "visits", status: "FAILED" },
  ],
  held: [],
  openRuns: [],
};

const shops = stages(buildTogetherStage);

const sent = await shops.on(async (stage) => {
  const undisturbed = await restoreTogether(stage);
  expect(failure(undisturbed.outcome).code).toBe("RESTORE_FAILED");
  expect(await readAftermath(stage)).toEqual(nothing);
  // What comes before is that of any restore, which has a matrix of its own.
  const swap = undisturbed.sent.findIndex(({ sql }) => / SWAP WITH /.test(sql));
  return undisturbed.sent.slice(swap);
});

test.concurrent.each(strikes(sent, new Set()))("$stepId, $when: $shape ($again)", async (strike) => {
  await shops.on(async (stage) => {
    const { outcome, struck } = await restoreTogether(stage, strike);
    expect(struck, "the strike").toBe(true);
    expect(failure(outcome).code).toBe("RESTORE_FAILED");
    expect(await readAftermath(stage)).toEqual(nothing);
  });
});
