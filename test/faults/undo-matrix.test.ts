import { expect, test } from "vitest";
import { succeeded } from "../support/outcomes.ts";
import { daily, numbers, tableNames } from "../support/tables.ts";
import { buildStage, type Performance, type Stage, type Strike } from "./stage.ts";
import { stages } from "./stages.ts";
import { strikes } from "./strikes.ts";

/** A stage whose restores were: of a whole table, and of partitions of another. */
interface UndoStage extends Stage {
  /** Makes what is live as it was after the restore, as if nobody had undone it, then undoes it. */
  undo(strike?: Strike): Promise<Performance>;
  readAftermath(): Promise<unknown>;
}

async function buildUndoStage(): Promise<UndoStage> {
  const stage = await buildStage(["sales_db.*"], async (client) => {
    await daily(client, "sales_db", "orders");
    await daily(client, "sales_db", "visits");
  });
  const { client } = stage.world;
  succeeded((await stage.perform("backup", { group: "g", type: "full" })).outcome);
  for (const table of ["orders", "visits"]) {
    await client.run(`TRUNCATE TABLE sales_db.${table}`);
    await client.run(`INSERT INTO sales_db.${table} VALUES ('2025-01-02', 77)`);
  }
  const newest = { target_time: "2099-01-01 00:00" };
  const runIds: unknown[] = [];
  for (const input of [
    { ...newest, tables: ["sales_db.orders"] },
    { ...newest, tables: ["sales_db.visits"], partitions: ["p20250102", "p20250103"] },
  ])
    runIds.push(succeeded((await stage.perform("restore", input)).outcome)["run_id"]);
  const [whole, some] = runIds.map(String);
  const kept = async (table: string) => {
    const names = await tableNames(client, "sales_db");
    return names.find((name) => name.startsWith(`${table}__replaced_`)) ?? "";
  };
  return {
    ...stage,
    async undo(strike) {
      await client.run("UPDATE ops.restore_history SET undone_by = NULL WHERE undone_by IS NOT NULL");
      if ((await numbers(client, "sales_db.orders")).includes(77))
        await client.run(`ALTER TABLE sales_db.orders SWAP WITH \`${await kept("orders")}\``);
      await client.run("INSERT INTO sales_db.visits VALUES ('2025-01-03', 5)");
      const first = await stage.perform("undo", { run_id: whole ?? "" }, strike);
      succeeded(first.outcome);
      const second = await stage.perform("undo", { run_id: some ?? "" }, first.struck ? undefined : strike);
      return { ...second, sent: [...first.sent, ...second.sent], struck: first.struck || second.struck };
    },
    async readAftermath() {
      const names = await tableNames(client, "sales_db");
      return {
        orders: await numbers(client, "sales_db.orders"),
        kept: await numbers(client, `sales_db.\`${await kept("orders")}\``),
        visits: await numbers(client, "sales_db.visits"),
        leftovers: names.filter((name) => /__[rp]_/.test(name)),
        undone: await client.rows(
          "SELECT count(DISTINCT undone_by) AS runs FROM ops.restore_history WHERE undone_by IS NOT NULL",
        ),
        held: await client.rows("SELECT scope, run_id FROM ops.run_status WHERE state = 'ACTIVE'"),
        openRuns: await client.rows("SELECT run_id, state FROM ops.runs WHERE state <> 'FINISHED'"),
      };
    },
  };
}

const undone = {
  orders: [77],
  kept: [0, 1, 2, 3, 4],
  visits: [77],
  leftovers: [],
  undone: [{ runs: "2" }],
  held: [],
  openRuns: [],
};

const shops = stages(buildUndoStage);

const sent = await shops.on(async (stage) => {
  const undisturbed = await stage.undo();
  succeeded(undisturbed.outcome);
  expect(await stage.readAftermath()).toEqual(undone);
  // Planning and reporting go as those of a restore, which has a matrix of its own.
  return undisturbed.sent.filter(({ stepId }) => stepId === "undo" || stepId === "poll");
});

test.concurrent.each(strikes(sent, new Set()))("$stepId, $when: $shape ($again)", async (strike) => {
  await shops.on(async (stage) => {
    const { outcome, struck } = await stage.undo(strike);
    expect(struck, "the strike").toBe(true);
    succeeded(outcome);
    expect(await stage.readAftermath()).toEqual(undone);
  });
});
