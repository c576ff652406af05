import { expect, test } from "vitest";
import { succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { buildRestoreStage, type RestoreStage } from "./restore-stage.ts";
import type { Performance, Strike } from "./stage.ts";
import { stages } from "./stages.ts";
import { statementShape } from "./statement-shape.ts";
import { strikes } from "./strikes.ts";

/** A changed partition and a dropped one come back into the live table; what was written to another one stays. */
const partitions = ["p20250102", "p20250104"];
const shops = stages(buildRestoreStage);

async function spoil({ world: { client } }: RestoreStage): Promise<void> {
  for (const name of await tableNames(client, "sales_db"))
    if (name.includes("__replaced_")) await client.run(`DROP TABLE sales_db.\`${name}\` FORCE`);
  await client.run("TRUNCATE TABLE sales_db.orders");
  await client.run("INSERT INTO sales_db.orders VALUES ('2025-01-01', 70), ('2025-01-02', 80)");
  await client.run("ALTER TABLE sales_db.orders DROP PARTITION IF EXISTS p20250104 FORCE");
}

async function restorePartitions(stage: RestoreStage, strike?: Strike): Promise<Performance> {
  await spoil(stage);
  const input = { tables: ["sales_db.orders"], target_time: "2099-01-01 00:00", partitions };
  return await stage.perform("restore", input, strike);
}

const restored = {
  orders: [1, 70, 2, 2, 2, 4, 4, 5],
  kept: [[2, 80]],
  leftovers: [],
  held: [],
  openRuns: [],
};

async function readAftermath({ world: { client } }: RestoreStage) {
  const rows = async (table: string) =>
    (await client.rows(`SELECT day(d) AS day, n FROM sales_db.\`${table}\` ORDER BY d, n`)).map(
      ({ day, n }) => [Number(day), Number(n)] as const,
    );
  const names = await tableNames(client, "sales_db");
  const kept = names.filter((name) => name.startsWith("orders__replaced_"));
  return {
    orders: (await rows("orders")).flat(),
    kept: (await Promise.all(kept.map(rows))).flat(),
    leftovers: names.filter((name) => /__[rp]_/.test(name)),
    held: await client.rows("SELECT scope, run_id FROM ops.run_status WHERE state = 'ACTIVE'"),
    openRuns: await client.rows("SELECT run_id, state FROM ops.runs WHERE state <> 'FINISHED'"),
  };
}

const sent = await shops.on(async (stage) => {
  const whole = await stage.restore();
  succeeded(whole.outcome);
  const undisturbed = await restorePartitions(stage);
  succeeded(undisturbed.outcome);
  expect(await readAftermath(stage)).toEqual(restored);
  // What a restore of whole tables sends as well has a matrix of its own.
  const known = new Set(whole.sent.map(({ sql }) => statementShape(sql)));
  return undisturbed.sent.filter(({ sql }) => !known.has(statementShape(sql)));
});

test.concurrent.each(strikes(sent, new Set()))("$stepId, $when: $shape ($again)", async (strike) => {
  await shops.on(async (stage) => {
    const { outcome, struck } = await restorePartitions(stage, strike);
    expect(struck, "the strike").toBe(true);
    succeeded(outcome);
    expect(await readAftermath(stage)).toEqual(restored);
  });
});
