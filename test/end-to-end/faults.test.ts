import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Checksums, checksums, differences } from "../../local/walkthrough/checksums.ts";
import type { FaultPlan, StepFault } from "../../local/windmill/job/fault.ts";
import type { RunOptions } from "../../local/windmill/run-options.ts";
import type { JsonObject } from "../../windmill/json.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import type { Client } from "../support/client.ts";
import { firstSnapshot, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

const tables = ["orders", "customers"];

async function smallShop(client: Client): Promise<void> {
  await client.run("CREATE DATABASE sales_db");
  await client.run(`CREATE TABLE sales_db.orders (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-01-06") EVERY (INTERVAL 1 DAY))
    DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run(`CREATE TABLE sales_db.customers (id BIGINT NOT NULL, name VARCHAR(20)) PRIMARY KEY (id)
    DISTRIBUTED BY HASH (id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run(
    "INSERT INTO sales_db.orders VALUES ('2025-01-01', 1), ('2025-01-02', 2), ('2025-01-03', 3), ('2025-01-03', 4)",
  );
  await client.run("INSERT INTO sales_db.customers VALUES (1, 'a'), (2, 'b')");
}

/** The catalog and the repository tell the same: one snapshot an attempt, nothing held, nothing half done. */
async function agree(it: World): Promise<void> {
  expect(await heldSlots(it.client)).toEqual([]);
  expect(await it.client.rows("SELECT run_id, state FROM ops.runs WHERE state <> 'FINISHED'")).toEqual([]);
  const finished = await it.client.rows(
    "SELECT label FROM ops.backup_history WHERE status = 'FINISHED' ORDER BY label",
  );
  const kept = await it.client.rows("SHOW SNAPSHOT ON repo");
  expect(kept.map((row) => [row["Snapshot"], row["Status"]]).sort()).toEqual(
    finished.map((row) => [row["label"], "OK"]),
  );
}

let it: World;
beforeEach(async () => {
  it = await worldWithGroups({ g: ["sales_db.*"] }, smallShop);
});
afterEach(() => it.close());

/** How the parts of a life are done: each by its flow, or by calls where nothing happens to it. */
interface Ways {
  readonly backUp: (input: JsonObject) => Promise<JsonObject>;
  readonly restore: (input: JsonObject) => Promise<JsonObject>;
}

function byFlow(flow: "backup" | "restore", options: RunOptions = {}) {
  return async (input: JsonObject) => succeeded(await it.flow(flow, input, options));
}

/** Full, change, incremental, lose everything, restore. */
async function wholeLife({ backUp, restore }: Ways): Promise<void> {
  await backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO sales_db.orders VALUES ('2025-01-03', 5), ('2025-01-05', 6)");
  await it.client.run("UPDATE sales_db.customers SET name = 'c' WHERE id = 2");
  const incremental = await backUp({ group: "g", type: "incremental" });
  const expected: Checksums = await checksums(it.client, tables);
  await it.client.run("TRUNCATE TABLE sales_db.orders");
  await it.client.run("DELETE FROM sales_db.customers WHERE id > 0");
  await restore({ target_label: String(firstSnapshot(incremental)["label"]) });
  expect(differences(expected, await checksums(it.client, tables))).toEqual([]);
  expect((await tableNames(it.client, "sales_db")).filter((name) => !name.includes("__replaced_"))).toEqual([
    "customers",
    "orders",
  ]);
  await agree(it);
}

/** With faults in every step. */
async function lifeWith(faults: FaultPlan): Promise<void> {
  await wholeLife({ backUp: byFlow("backup", { faults }), restore: byFlow("restore", { faults }) });
}

describe("every step of a backup, a second backup and a restore", () => {
  test("loses its worker after everything was done, before its result was stored", async () => {
    await lifeWith(({ execution }) => (execution === 0 ? { kind: "lose-result-and-restart" } : undefined));
  });

  test("runs twice at once", async () => {
    await lifeWith(({ execution }) => (execution === 0 ? { kind: "run-twice-at-once" } : undefined));
  });

  test.each([120, 180, 240, 320])("is killed after %i ms and run again", async (milliseconds) => {
    const kill: StepFault = {
      kind: "kill-and-restart",
      when: (process) => process.milliseconds(milliseconds),
    };
    await lifeWith(({ execution }) => (execution === 0 ? kill : undefined));
  });
});

const ofBackup: readonly (readonly [string, RegExp])[] = [
  ["the partitions' list", /^SELECT DB_NAME,/],
  ["the baseline", /^SELECT .* FROM `ops`\.`backup_partitions` .* ORDER BY asked/s],
  ["the label's reservation", /^INSERT INTO `ops`\.`backup_history`/],
  ["the manifest", /^INSERT INTO `ops`\.`backup_partitions`/],
  ["the plan", /^INSERT INTO `ops`\.`runs`/],
  ["the start's record", /^UPDATE `ops`\.`runs` SET `state` = 'RUNNING'/],
  ["the slot", /^INSERT INTO `ops`\.`run_status`/],
  ["the submission's record", /^UPDATE `ops`\.`backup_history` SET `status` = 'SUBMITTED'/],
  ["BACKUP", /^BACKUP SNAPSHOT/],
  ["the outcome's record", /^UPDATE `ops`\.`backup_history` SET `status` = 'FINISHED'/],
  ["the slot's release", /^UPDATE `ops`\.`run_status` SET `state` = 'FINISHED'/],
];

const ofRestore: readonly (readonly [string, RegExp])[] = [
  ["the approval's record", /^UPDATE `ops`\.`runs` SET `state` = 'RUNNING'/],
  ["RESTORE", /^RESTORE SNAPSHOT/],
  ["a partition's creation", /^ALTER TABLE .* ADD PARTITION/],
  ["a merge", /^INSERT INTO `sales_db`/],
  ["a temporary table's end", /^DROP TABLE/],
  ["the rename before the swap", /^ALTER TABLE .* RENAME `orders__p_/],
  ["SWAP", /^ALTER TABLE .* SWAP WITH/],
  ["the rename after the swap", /^ALTER TABLE .* RENAME `orders__replaced_/],
];

describe("the answer to a statement is lost after StarRocks has done it", () => {
  /** Counts how often it is lost: a fault that never struck would prove nothing. */
  function lose(match: RegExp): readonly string[] {
    const hits: string[] = [];
    const counted = new RegExp(match);
    counted.test = (sql) => match.test(sql) && hits.push(sql) > 0;
    it.starrocks.faults.add({ match: counted, times: 1, drop: "after" });
    return hits;
  }

  test.each(ofBackup)("of a backup: %s", async (_, match) => {
    const hits = lose(match);
    const flow = byFlow("backup");
    await wholeLife({
      backUp: (input) => (input["type"] === "full" ? flow(input) : it.backUp(input)),
      restore: it.restore,
    });
    expect(hits).toHaveLength(1);
  });

  test.each(ofRestore)("of a restore: %s", async (_, match) => {
    let hits: readonly string[] = [];
    const flow = byFlow("restore");
    await wholeLife({
      backUp: it.backUp,
      restore: (input) => {
        hits = lose(match);
        return flow(input);
      },
    });
    expect(hits).toHaveLength(1);
  });
});
