import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../windmill/json.ts";
import { type Client, connectTo } from "../support/client.ts";
import { type World, worldWithGroups } from "../support/world.ts";

const one = 'PROPERTIES ("replication_num" = "1")';
const newest = { target_time: "2099-01-01 00:00" };
const rowsADay = 40;

let it: World;

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, async (client) => {
    await client.run("CREATE DATABASE shop");
    await client.run(
      `CREATE TABLE shop.orders (id INT NOT NULL, d DATE NOT NULL, n INT NOT NULL) PRIMARY KEY (id, d)
       PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-01-05") EVERY (INTERVAL 1 DAY))
       DISTRIBUTED BY HASH (id) BUCKETS 2 ${one}`,
    );
    await client.run(
      `CREATE TABLE shop.customers (id INT NOT NULL, d DATE NOT NULL, n INT NOT NULL) PRIMARY KEY (id, d)
       DISTRIBUTED BY HASH (id) BUCKETS 1 ${one}`,
    );
    for (const table of ["orders", "customers"])
      await client.run(`INSERT INTO shop.${table} VALUES ${days(1, 4)}`);
  });
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("UPDATE shop.orders SET n = n + 1 WHERE d = '2025-01-02'");
  await it.client.run("DELETE FROM shop.orders WHERE d = '2025-01-03' AND id % 3 = 0");
  await it.backUp({ group: "g", type: "incremental" });
});
afterEach(() => it.close());

function days(from: number, to: number): string {
  const rows = [];
  for (let day = from; day <= to; day++)
    for (let id = 0; id < rowsADay; id++) rows.push(`(${day * 1000 + id}, '2025-01-0${day}', ${id})`);
  return rows.join(", ");
}

/** What one session is told of a table, in order; an error as its text. */
type Answers = readonly string[];

const question = (table: string) =>
  `SELECT /* reader */ count(*) AS c, sum(n) AS s, sum(cast(xx_hash3_64(id, '|', d, '|', n) AS largeint)) AS h FROM shop.${table}`;

async function ask(client: Client, table: string): Promise<string> {
  try {
    return JSON.stringify(await client.rows(question(table)));
  } catch (error) {
    return String(error);
  }
}

/**
 * Reads a table in one session without a break while some work is done, and in another one before and after each statement
 * of the work.
 */
async function readDuring(table: string, work: () => Promise<unknown>): Promise<readonly Answers[]> {
  const [between, always] = [await reader(table), await reader(table)];
  let isOver = false;
  async function readOn(): Promise<void> {
    while (!isOver) await always.look();
  }
  const reading = readOn();
  it.starrocks.faults.add({
    match: /^(?!SELECT \/\* reader)/,
    times: Number.POSITIVE_INFINITY,
    before: () => between.look(),
    after: () => between.look(),
  });
  try {
    await work();
  } finally {
    isOver = true;
    it.starrocks.faults.clear();
    await reading;
    for (const { client } of [between, always]) client.connection.destroy();
  }
  return [between, always].map(({ answers }) => answers);
}

/** A session of its own, and what it was told. */
interface Reader {
  readonly client: Client;
  readonly answers: Answers;
  look(): Promise<void>;
}

async function reader(table: string): Promise<Reader> {
  const client = await connectTo({ host: it.starrocks.host, port: it.starrocks.port, user: "root" });
  const answers: string[] = [];
  return { client, answers, look: async () => void answers.push(await ask(client, table)) };
}

/** Readers are told what was before until they are told what is after, and nothing else. */
async function expectOneChange(table: string, work: () => Promise<unknown>): Promise<void> {
  const before = await ask(it.client, table);
  const answers = await readDuring(table, work);
  const after = await ask(it.client, table);
  expect(after).not.toBe(before);
  for (const ofOne of answers) {
    expect(ofOne.filter((answer) => answer !== before && answer !== after)).toEqual([]);
    expect(ofOne.indexOf(after), "the first answer after").toBe(ofOne.lastIndexOf(before) + 1);
    expect(ofOne.indexOf(after), "answers before").toBeGreaterThan(5);
  }
}

async function expectNoChange(table: string, work: () => Promise<unknown>): Promise<void> {
  const before = await ask(it.client, table);
  expect(new Set((await readDuring(table, work)).flat())).toEqual(new Set([before]));
}

const ways: readonly (readonly [name: string, input: JsonObject, strategy: string])[] = [
  ["a table that comes from one snapshot", { tables: ["shop.customers"] }, "alias"],
  ["a table that is put together", { tables: ["shop.orders"] }, "merge"],
  [
    "two partitions of a table",
    { tables: ["shop.orders"], partitions: ["2025-01-02..2025-01-03"] },
    "partitions",
  ],
];

test.each(ways)(
  "who reads %s while it is restored, and while that is taken back, sees one or the other",
  async (_, input, strategy) => {
    const table = input["tables"]?.toString().replace("shop.", "") ?? "";
    await it.client.run(`DELETE FROM shop.${table} WHERE n % 2 = 0`);
    await it.client.run(
      `INSERT INTO shop.${table} VALUES (9001, '2025-01-02', 77), (9002, '2025-01-03', 78)`,
    );
    let result: JsonObject = {};
    await expectOneChange(table, async () => {
      result = await it.restore({ ...newest, ...input });
    });
    expect(result["restored"]).toMatchObject([{ strategy }]);
    await expectOneChange(table, () => it.undo({ run_id: result["run_id"] ?? null }));
  },
);

test("who reads a table while a copy of it is made, or another table is restored, sees no change", async () => {
  await it.client.run("DELETE FROM shop.orders WHERE n % 2 = 0");
  await expectNoChange("orders", () => it.restore({ ...newest, tables: ["shop.orders"], suffix: "_then" }));
  await expectNoChange("orders", () => it.restore({ ...newest, tables: ["shop.customers"] }));
});

test("who reads a table whose replaced one is not kept sees one or the other", async () => {
  await it.client.run("TRUNCATE TABLE shop.orders");
  await expectOneChange("orders", () =>
    it.restore({ ...newest, tables: ["shop.orders"], keep_replaced: false }),
  );
});
