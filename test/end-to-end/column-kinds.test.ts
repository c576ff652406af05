import { afterEach, describe, expect, test } from "vitest";
import type { StarRocksVersion } from "../../local/starrocks/basics/versions.ts";
import type { JsonObject } from "../../windmill/json.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
afterEach(() => it.close());

const versions = ["3.3", "3.5", "4.1"] as const satisfies readonly StarRocksVersion[];

/** Big days in the full, a small one in the increment: the full's part is the base of the merge. */
async function shop(
  version: StarRocksVersion,
  columns: string,
  values: (n: number) => string,
): Promise<void> {
  it = await worldWithGroups(
    { g: ["shop.t"] },
    async (client) => {
      await client.run("CREATE DATABASE shop");
      await client.run(`ADMIN SET FRONTEND CONFIG ("auto_increment_cache_size" = "0")`);
      await client.run(
        `CREATE TABLE shop.t ${columns} PARTITION BY RANGE (d) (PARTITION p1 VALUES LESS THAN ("10"), PARTITION p2 VALUES LESS THAN ("20"))
         DISTRIBUTED BY HASH (id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`,
      );
      await client.run(`INSERT INTO shop.t (d, n) VALUES ${[1, 2, 3, 4].map(values).join(", ")}`);
    },
    { version },
  );
  await it.backUp({ group: "g", type: "full" });
  await it.client.run(`INSERT INTO shop.t (d, n) VALUES (15, 5), (15, 6)`);
  await it.backUp({ group: "g", type: "incremental" });
}

async function restored(): Promise<JsonObject> {
  return await it.restore({ tables: ["shop.t"], target_time: "2099-01-01 00:00" });
}

describe.each(versions)("StarRocks %s", (version) => {
  test("a new row after a restore gets no id that a restored row has", async () => {
    await shop(
      version,
      "(id BIGINT NOT NULL AUTO_INCREMENT, d INT NOT NULL, n INT) PRIMARY KEY (id, d)",
      (n) => `(1, ${n})`,
    );
    const before = await it.client.rows("SELECT * FROM shop.t ORDER BY id");
    expect(before).toHaveLength(6);
    expect((await restored())["restored"]).toMatchObject([{ strategy: "merge", notices: [] }]);
    expect(await it.client.rows("SELECT * FROM shop.t ORDER BY id")).toEqual(before);
    await it.client.run("INSERT INTO shop.t (d, n) VALUES (1, 7), (15, 8)");
    const ids = (await it.client.rows("SELECT id FROM shop.t ORDER BY id")).map(({ id }) => Number(id));
    expect(new Set(ids).size).toBe(8);
  });

  test("generated columns are computed again, not copied", async () => {
    await shop(
      version,
      "(id INT, d INT NOT NULL, n INT, g BIGINT AS (n + 1)) DUPLICATE KEY (id, d)",
      (n) => `(1, ${n})`,
    );
    expect((await restored())["restored"]).toMatchObject([{ strategy: "merge", rows: 6 }]);
  });
});

test("where the counter cannot be moved and the table is lost, the result says so", async () => {
  await shop(
    "3.5",
    "(id BIGINT NOT NULL AUTO_INCREMENT, d INT NOT NULL, n INT) PRIMARY KEY (id, d)",
    (n) => `(1, ${n})`,
  );
  await it.client.run("DROP TABLE shop.t FORCE");
  expect((await restored())["restored"]).toMatchObject([
    {
      notices: [expect.stringMatching(/^new rows may get a value of id that restored rows have \(up to 6\)/)],
    },
  ]);
});
