import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../windmill/json.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import type { Client } from "../support/client.ts";
import { type Contents, contentsOf } from "../support/contents.ts";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { tableNames } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

/** Something that happens to a shop with nightly backups, and how its tables come back. */
interface Accident {
  readonly name: string;
  readonly happens: readonly string[];
  /** What is asked of the restore, beside the backup or the time. */
  readonly asks: JsonObject;
  /** By which of both. */
  readonly by: "label" | "time";
  /** Each step of a flow is a process: most accidents call what the steps do. */
  readonly through?: "flows";
  /** Tables that are as they were afterwards; undefined: all of the group. */
  readonly back?: readonly string[];
  /** By table, which rows were written after the backup and stay. */
  readonly stays?: Readonly<Record<string, (row: string) => boolean>>;
  /** Why it cannot be taken back; undefined: it can. */
  readonly final?: string;
}

const one = 'PROPERTIES ("replication_num" = "1")';

let it: World;
let label: string;
/** What there was when the newest backup was made, and when the restore began. */
let then: Contents;

beforeEach(async () => {
  it = await worldWithGroups({ nightly: ["shop.*"] }, openShop);
  await it.backUp({ group: "nightly", type: "full" });
  for (const sql of business) await it.client.run(sql);
  label = String(firstSnapshot(await it.backUp({ group: "nightly", type: "incremental" }))["label"]);
  then = await contentsOf(it.client, "shop");
});
afterEach(() => it.close());

/** A table of each kind: ranges, lists, automatic partitions, none; with and without a primary key, aggregated. */
async function openShop(client: Client): Promise<void> {
  await client.run("CREATE DATABASE shop");
  await client.run(
    `CREATE TABLE shop.orders (id BIGINT NOT NULL, day DATE NOT NULL, amount DECIMAL(12, 2) NOT NULL, state VARCHAR(16) NULL)
     PRIMARY KEY (id, day) PARTITION BY RANGE (day) (START ("2025-01-01") END ("2025-01-06") EVERY (INTERVAL 1 DAY))
     DISTRIBUTED BY HASH (id) BUCKETS 2 ${one}`,
  );
  await client.run(
    `CREATE TABLE shop.payments (id BIGINT NOT NULL, method VARCHAR(16) NOT NULL, amount DECIMAL(12, 2) NOT NULL)
     DUPLICATE KEY (id) PARTITION BY LIST (method)
     (PARTITION p_card VALUES IN ("card"), PARTITION p_cash VALUES IN ("cash"), PARTITION p_other VALUES IN ("gift", "note"))
     DISTRIBUTED BY HASH (id) BUCKETS 1 ${one}`,
  );
  await client.run(
    `CREATE TABLE shop.customers (id BIGINT NOT NULL, name VARCHAR(64) NOT NULL, city VARCHAR(64) NULL)
     PRIMARY KEY (id) DISTRIBUTED BY HASH (id) BUCKETS 1 ${one}`,
  );
  await client.run(
    `CREATE TABLE shop.visits (id BIGINT NOT NULL, at DATETIME NOT NULL, page VARCHAR(64) NULL)
     DUPLICATE KEY (id) PARTITION BY date_trunc('day', at) DISTRIBUTED BY HASH (id) BUCKETS 1 ${one}`,
  );
  await client.run(
    `CREATE TABLE shop.totals (day DATE NOT NULL, metric VARCHAR(16) NOT NULL, n BIGINT SUM NOT NULL)
     AGGREGATE KEY (day, metric) PARTITION BY date_trunc('month', day) DISTRIBUTED BY HASH (day) BUCKETS 1 ${one}`,
  );
  for (let day = 1; day <= 5; day++) {
    const ids = Array.from({ length: 4 }, (_, each) => day * 10 + each);
    const rows = (row: (id: number) => string) => ids.map((id) => `(${row(id)})`).join(", ");
    const methods = ["card", "cash", "gift", "note"];
    await client.run(
      `INSERT INTO shop.orders VALUES ${rows((id) => `${id}, '2025-01-0${day}', ${id}.50, ${id % 3 === 0 ? "NULL" : "'open'"}`)}`,
    );
    await client.run(
      `INSERT INTO shop.payments VALUES ${rows((id) => `${id}, '${methods[id % 4]}', ${id}.50`)}`,
    );
    await client.run(`INSERT INTO shop.customers VALUES ${rows((id) => `${id}, 'Customer ${id}', NULL`)}`);
    await client.run(
      `INSERT INTO shop.visits VALUES ${rows((id) => `${id}, '2025-01-0${day} 08:15:0${id % 10}', '/p/${id}'`)}`,
    );
    await client.run(`INSERT INTO shop.totals VALUES ('2025-0${day}-01', 'visits', ${day})`);
  }
}

/** Between the full and the incremental. */
const business = [
  "INSERT INTO shop.orders VALUES (99, '2025-01-05', 9.99, 'late')",
  "UPDATE shop.orders SET state = 'paid' WHERE day = '2025-01-02'",
  "DELETE FROM shop.orders WHERE day = '2025-01-03' AND id % 2 = 0",
  "INSERT INTO shop.payments VALUES (99, 'card', 9.99)",
  "UPDATE shop.customers SET city = 'Lyon' WHERE id = 11",
  "INSERT INTO shop.visits VALUES (99, '2025-01-06 10:00:00', NULL)",
  "INSERT INTO shop.totals VALUES ('2025-01-01', 'visits', 100)",
];

const noTable = "there was no table before";

const accidents: readonly Accident[] = [
  {
    name: "a table is truncated",
    happens: ["TRUNCATE TABLE shop.visits"],
    asks: { tables: ["shop.visits"] },
    by: "time",
    through: "flows",
    back: ["visits"],
  },
  {
    name: "an UPDATE without its WHERE goes over a PRIMARY KEY table",
    happens: ["UPDATE shop.orders SET amount = 0, state = 'paid' WHERE id >= 0"],
    asks: { tables: ["shop.orders"] },
    by: "label",
    back: ["orders"],
  },
  {
    name: "a DELETE goes over an unpartitioned PRIMARY KEY table",
    happens: ["DELETE FROM shop.customers WHERE id < 40"],
    asks: { tables: ["shop.customers"] },
    by: "time",
    back: ["customers"],
  },
  {
    name: "a table is dropped",
    happens: ["DROP TABLE shop.payments FORCE"],
    asks: { tables: ["shop.payments"] },
    by: "time",
    back: ["payments"],
    final: noTable,
  },
  {
    name: "a table is dropped and made anew by who wants to help",
    happens: [
      "DROP TABLE shop.customers FORCE",
      `CREATE TABLE shop.customers (id BIGINT NOT NULL, name VARCHAR(64) NOT NULL) DUPLICATE KEY (id)
       DISTRIBUTED BY HASH (id) BUCKETS 3 ${one}`,
      "INSERT INTO shop.customers VALUES (1, 'by hand')",
    ],
    asks: { tables: ["shop.customers"] },
    by: "label",
    back: ["customers"],
  },
  {
    name: "the database is dropped",
    happens: ["DROP DATABASE shop FORCE"],
    asks: { group: "nightly" },
    by: "time",
    through: "flows",
    final: noTable,
  },
  {
    name: "a table is overwritten with the rows of another day",
    happens: ["INSERT OVERWRITE shop.payments SELECT id, method, amount FROM shop.payments WHERE id < 20"],
    asks: { tables: ["shop.payments"] },
    by: "label",
    back: ["payments"],
  },
  {
    name: "one partition is overwritten, and the table goes on being written to",
    happens: [
      "INSERT OVERWRITE shop.payments PARTITION (p_card) VALUES (1, 'card', 0)",
      "INSERT INTO shop.payments VALUES (1000, 'cash', 1)",
    ],
    asks: { tables: ["shop.payments"], partitions: ["p_card"] },
    by: "time",
    back: ["payments"],
    stays: { payments: (row) => row.startsWith('["1000"') },
  },
  {
    name: "a partition is dropped",
    happens: ["ALTER TABLE shop.orders DROP PARTITION p20250102 FORCE"],
    asks: { tables: ["shop.orders"], partitions: ["p20250102"] },
    by: "label",
    back: ["orders"],
  },
  {
    name: "one day is spoilt, and the others go on",
    happens: [
      "UPDATE shop.orders SET amount = amount * 100 WHERE day = '2025-01-02'",
      "INSERT INTO shop.orders VALUES (1000, '2025-01-05', 1, 'new')",
    ],
    asks: { tables: ["shop.orders"], partitions: ["2025-01-02..2025-01-02"] },
    by: "time",
    through: "flows",
    back: ["orders"],
    stays: { orders: (row) => row.startsWith('["1000"') },
  },
  {
    name: "one day of an automatic table is deleted",
    happens: ["DELETE FROM shop.visits WHERE at >= '2025-01-03 00:00:00' AND at < '2025-01-04 00:00:00'"],
    asks: { tables: ["shop.visits"], partitions: ["2025-01-03..2025-01-03"] },
    by: "label",
    back: ["visits"],
  },
  {
    name: "a column is dropped",
    happens: ["ALTER TABLE shop.customers DROP COLUMN city"],
    asks: { tables: ["shop.customers"] },
    by: "time",
    back: ["customers"],
  },
  {
    name: "a load has counted an aggregate twice",
    happens: ["INSERT INTO shop.totals SELECT day, metric, n FROM shop.totals"],
    asks: { tables: ["shop.totals"] },
    by: "label",
    back: ["totals"],
  },
  {
    name: "a release has spoilt all tables",
    happens: [
      "TRUNCATE TABLE shop.orders",
      "INSERT INTO shop.visits VALUES (1, '2031-01-01 00:00:00', 'x')",
      "ALTER TABLE shop.payments ADD COLUMN note VARCHAR(10) NULL",
      "DELETE FROM shop.customers WHERE id > 0",
      "TRUNCATE TABLE shop.totals",
    ],
    asks: { group: "nightly" },
    by: "label",
  },
];

test.each(accidents.map((accident) => [accident.name, accident] as const))(
  "%s: it comes back, nothing else is touched, and the restore is taken back",
  async (_, accident) => {
    const isByFlow = accident.through === "flows";
    for (const sql of accident.happens) await it.client.run(sql);
    // The shop goes on: what is not restored is not touched.
    if (accident.back !== undefined) await it.client.run(meanwhile(accident.back));
    const spoilt = await contentsOf(it.client, "shop");
    const input = { ...(await aim(accident)), ...accident.asks };
    const result = await (isByFlow ? it.flow("restore", input).then(succeeded) : it.restore(input));

    expect(await contentsOf(it.client, "shop")).toEqual(expectedAfter(accident, spoilt));
    const kept = await keptNames();
    expect(kept.length > 0, "what was replaced is kept").toBe(accident.final === undefined);
    expect(await leftovers()).toEqual([]);

    const runId = String(result["run_id"]);
    if (accident.final !== undefined) {
      const refused = failure(await it.call("undo_plan", { run_id: runId }));
      expect(refused).toMatchObject({
        code: "NOT_UNDOABLE",
        message: expect.stringContaining(accident.final),
      });
      return;
    }
    await (isByFlow ? it.flow("undo", { run_id: runId }).then(succeeded) : it.undo({ run_id: runId }));
    expect(await contentsOf(it.client, "shop")).toEqual(spoilt);
    expect(await keptNames()).toEqual(kept);

    expect(await cleanedUp(isByFlow)).toEqual([]);
    it.passSeconds(8 * 86_400);
    expect(await cleanedUp(isByFlow)).toEqual(kept.map((table) => `shop.${table}`));
    expect(await keptNames()).toEqual([]);
    expect(await contentsOf(it.client, "shop")).toEqual(spoilt);
    expect(await leftovers()).toEqual([]);
  },
);

const copies: readonly (readonly [name: string, asks: JsonObject, where: readonly [string, string]])[] = [
  ["under another name", { rename_to: "orders_before" }, ["shop", "orders_before"]],
  ["with a suffix", { suffix: "_then" }, ["shop", "orders_then"]],
  ["in another database", { into_database: "lab" }, ["lab", "orders"]],
];

test.each(copies)(
  "rows are mended by hand from a copy %s, beside which the live table goes on",
  async (_, asks, [database, table]) => {
    await it.client.run("UPDATE shop.orders SET amount = 0 WHERE id % 2 = 0");
    await it.client.run("INSERT INTO shop.orders VALUES (1000, '2025-01-05', 1, 'new')");
    const spoilt = await contentsOf(it.client, "shop");
    const result = await it.restore({ target_label: label, tables: ["shop.orders"], ...asks });
    const { [table]: copy, ...others } = await contentsOf(it.client, database);
    expect(copy).toEqual(then["orders"]);
    expect(others).toEqual(database === "shop" ? spoilt : {});
    expect(await contentsOf(it.client, "shop")).toMatchObject(spoilt);
    expect(await leftovers()).toEqual([]);
    const refused = failure(await it.call("undo_plan", { run_id: result["run_id"] ?? null }));
    expect(refused).toMatchObject({ code: "NOT_UNDOABLE", message: expect.stringContaining("it is a copy") });

    await it.client.run(`INSERT INTO shop.orders SELECT * FROM ${database}.${table} WHERE id % 2 = 0`);
    const mended = await contentsOf(it.client, "shop");
    expect(mended["orders"]).toEqual(expectedAfter(mendedByHand, spoilt)["orders"]);
    it.passSeconds(30 * 86_400);
    expect(await cleanedUp(false)).toEqual([]);
  },
);

const mendedByHand = {
  back: ["orders"],
  stays: { orders: (row: string) => row.startsWith('["1000"') },
};

async function aim({ by }: Accident): Promise<JsonObject> {
  if (by === "label") return { target_label: label };
  const [row] = await it.client.rows(`SELECT cut_to FROM ops.backup_history WHERE label = '${label}'`);
  return { target_time: String(row?.["cut_to"]) };
}

/** A row for a table that is not restored. */
function meanwhile(back: readonly string[]): string {
  return back.includes("customers")
    ? "INSERT INTO shop.totals VALUES ('2025-01-01', 'visits', 7)"
    : "INSERT INTO shop.customers VALUES (7, 'New', NULL)";
}

function expectedAfter({ back, stays = {} }: Pick<Accident, "back" | "stays">, spoilt: Contents): Contents {
  if (back === undefined) return then;
  const restored = back.map((table) => {
    const [columns = "", ...rows] = then[table] ?? [];
    const written = (spoilt[table] ?? []).slice(1).filter((row) => stays[table]?.(row) === true);
    return [table, [columns, ...[...rows, ...written].sort()]] as const;
  });
  return { ...spoilt, ...Object.fromEntries(restored) };
}

/** Tables that cleanup drops now. */
async function cleanedUp(isByFlow: boolean): Promise<readonly string[]> {
  const outcome = isByFlow ? await it.flow("cleanup", {}) : await it.call("cleanup", {});
  const tables = succeeded(outcome)["tables"] as JsonObject[];
  return tables.flatMap(({ outcome, table }) => (outcome === "dropped" ? [String(table)] : [])).sort();
}

async function keptNames(): Promise<readonly string[]> {
  return (await tableNames(it.client, "shop")).filter((name) => /__replaced_/.test(name)).sort();
}

/** What no restore may leave: slots, parts, and copies that are about to be published. */
async function leftovers(): Promise<readonly unknown[]> {
  const parts = (await tableNames(it.client, "shop")).filter((name) => /__[rp]_/.test(name));
  return [...parts, ...(await heldSlots(it.client))];
}
