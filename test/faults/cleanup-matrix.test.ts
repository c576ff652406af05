import { expect, test } from "vitest";
import { succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { buildStage, type Performance, type Stage, type Strike } from "./stage.ts";
import { stages } from "./stages.ts";
import { strikes } from "./strikes.ts";

/** A stage whose restore has ended long ago. */
interface CleanupStage extends Stage {
  /** Has tables lie around that the restore has left, and a stranger's, then cleans up. */
  cleanUp(strike?: Strike): Promise<Performance>;
  readAftermath(): Promise<unknown>;
}

const stranger = "orders__replaced_20250101_deadbeef";

async function buildCleanupStage(): Promise<CleanupStage> {
  const stage = await buildStage(["sales_db.*"], async (client) => {
    await daily(client, "sales_db", "orders");
    await client.run(`CREATE TABLE sales_db.${stranger} LIKE sales_db.orders`);
  });
  const { client } = stage.world;
  succeeded((await stage.perform("backup", { group: "g", type: "full" })).outcome);
  const input = { tables: ["sales_db.orders"], target_time: "2099-01-01 00:00" };
  const { run_id } = succeeded((await stage.perform("restore", input)).outcome);
  stage.world.passSeconds(8 * 86_400);
  const mark = String(run_id).slice(-8);
  return {
    ...stage,
    async cleanUp(strike) {
      for (const name of [`orders__r_${mark}_0`, `orders__p_${mark}_0badcafe`])
        await client.run(`CREATE TABLE IF NOT EXISTS sales_db.${name} LIKE sales_db.orders`);
      return await stage.perform("cleanup", {}, strike);
    },
    async readAftermath() {
      return { tables: await tableNames(client, "sales_db"), rows: await numbers(client, "sales_db.orders") };
    },
  };
}

const clean = { tables: ["orders", stranger], rows: [0, 1, 2, 3, 4] };

const shops = stages(buildCleanupStage);

const sent = await shops.on(async (stage) => {
  // The first finds the replaced table as well.
  const undisturbed = await stage.cleanUp();
  expect(succeeded(undisturbed.outcome)["tables"]).toHaveLength(4);
  expect(await stage.readAftermath()).toEqual(clean);
  return undisturbed.sent;
});

test.concurrent.each(strikes(sent, new Set()))("$stepId, $when: $shape ($again)", async (strike) => {
  await shops.on(async (stage) => {
    const { outcome, struck } = await stage.cleanUp(strike);
    expect(struck, "the strike").toBe(true);
    succeeded(outcome);
    expect(await stage.readAftermath()).toEqual(clean);
  });
});
