import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { succeeded } from "../support/outcomes.ts";
import { type World, world } from "../support/world.ts";

const readme = fileURLToPath(new URL("../../README.md", import.meta.url));

let it: World;

/** The user of README, with README's grants and no other. */
beforeEach(async () => {
  it = await world();
  await it.client.run("CREATE DATABASE sales_db");
  await it.client.run(
    `CREATE TABLE sales_db.orders (k INT NOT NULL) PARTITION BY RANGE (k)
     (PARTITION a VALUES LESS THAN ("10"), PARTITION b VALUES LESS THAN ("20")) PROPERTIES ("replication_num" = "1")`,
  );
  await it.client.run("INSERT INTO sales_db.orders VALUES (1), (11)");
  for (const statement of await grantsOfReadme()) await it.client.run(statement.replace("'...'", "'secret'"));
  Object.assign(it.resource, { user: "backup", password: "secret" });
});
afterEach(() => it.close());

async function grantsOfReadme(): Promise<readonly string[]> {
  const [, section = ""] = (await readFile(readme, "utf8")).split("### 1. A user on StarRocks");
  const [, sql = ""] = /```sql\n(.*?)```/s.exec(section) ?? [];
  return sql
    .split("\n")
    .map((line) => line.replace(/;\s*(--.*)?$/, ""))
    .filter((line) => line !== "");
}

test("README's grants serve for everything, and bring a database back that was dropped", async () => {
  succeeded(await it.call("init", {}));
  succeeded(await it.call("inventory", { group: "g", add: ["sales_db.*"] }));
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO sales_db.orders VALUES (2)");
  await it.backUp({ group: "g", type: "incremental" });
  const rows = () => it.client.rows("SELECT k FROM sales_db.orders ORDER BY k");
  const expected = [{ k: 1 }, { k: 2 }, { k: 11 }];
  await it.client.run("TRUNCATE TABLE sales_db.orders");
  await it.restore({ tables: ["sales_db.orders"], target_time: "2099-01-01 00:00" });
  expect(await rows()).toEqual(expected);
  await it.client.run("DROP DATABASE sales_db FORCE");
  await it.restore({ tables: ["sales_db.orders"], target_time: "2099-01-01 00:00" });
  expect(await rows()).toEqual(expected);
});
