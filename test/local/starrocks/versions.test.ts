import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createOrders, type Lab, one, partitions, startLab } from "./support.ts";

/** starrocks.md §9.4-9.5: what every operation does to ids, versions and epochs. */
let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.client.run("CREATE DATABASE sales");
});
afterAll(() => lab.end());
beforeEach(async () => {
  await lab.client.run("DROP TABLE IF EXISTS sales.orders");
  await createOrders(lab.client);
});

const now = () => partitions(lab.client, "sales.orders");

describe("versions", () => {
  it("start at 1 and rise only where rows arrive", async () => {
    const before = await now();
    expect(before["p1"]).toMatchObject({ version: "2", next: "3", n: "1" });
    await lab.client.run("INSERT INTO sales.orders VALUES (9, '2025-01-02', 'z')");
    const after = await now();
    expect(after["p2"]).toMatchObject({
      version: "3",
      id: before["p2"]?.["id"],
      epoch: before["p2"]?.["epoch"],
      n: "2",
    });
    expect(after["p1"]).toEqual(before["p1"]);
    await lab.client.run("INSERT INTO sales.orders SELECT * FROM sales.orders WHERE id = 4711");
    expect(await now()).toEqual(after);
  });

  it("restart at 1 under new ids after TRUNCATE", async () => {
    const before = await now();
    await lab.client.run("TRUNCATE TABLE sales.orders PARTITION (p1)");
    const after = await now();
    expect(after["p1"]).toMatchObject({ version: "1", n: "0" });
    expect(after["p1"]?.["id"]).not.toBe(before["p1"]?.["id"]);
    expect(after["p1"]?.["epoch"]).not.toBe(before["p1"]?.["epoch"]);
    expect(after["p2"]).toEqual(before["p2"]);
    expect(await lab.client.rows("SELECT id FROM sales.orders ORDER BY id")).toEqual([
      { id: "2" },
      { id: "3" },
    ]);
  });

  it("are 2 under new ids after INSERT OVERWRITE", async () => {
    for (let i = 0; i < 3; i += 1)
      await lab.client.run("INSERT INTO sales.orders VALUES (5, '2025-01-01', 'x')");
    const before = await now();
    expect(before["p1"]).toMatchObject({ version: "5" });
    await lab.client.run("INSERT OVERWRITE sales.orders PARTITION (p1) SELECT 7, '2025-01-01', 'new'");
    const after = await now();
    expect(after["p1"]).toMatchObject({ version: "2", n: "1" });
    expect(after["p1"]?.["id"]).not.toBe(before["p1"]?.["id"]);
    expect(after["p3"]).toEqual(before["p3"]);
    expect(await lab.client.rows("SELECT item FROM sales.orders PARTITION (p1)")).toEqual([{ item: "new" }]);
  });

  it("follow the temporary partition on REPLACE PARTITION", async () => {
    await lab.client.run(
      `ALTER TABLE sales.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`,
    );
    await lab.client.run(
      "INSERT INTO sales.orders TEMPORARY PARTITION (tp) VALUES (8, '2025-01-01', 'temp')",
    );
    const before = await now();
    expect(before["tp"]).toMatchObject({ temporary: 1, version: "2" });
    expect(await lab.client.rows("SELECT count(*) AS n FROM sales.orders")).toEqual([{ n: "3" }]);
    await lab.client.run("ALTER TABLE sales.orders REPLACE PARTITION (p1) WITH TEMPORARY PARTITION (tp)");
    const after = await now();
    expect(after["p1"]).toMatchObject({
      id: before["tp"]?.["id"],
      epoch: before["tp"]?.["epoch"],
      version: "2",
      temporary: 0,
    });
    expect(after["tp"]).toBeUndefined();
    expect(await lab.client.rows("SELECT item FROM sales.orders PARTITION (p1)")).toEqual([{ item: "temp" }]);
  });

  it("go with the object on SWAP and RENAME", async () => {
    await lab.client.run("CREATE TABLE sales.other LIKE sales.orders");
    const [orders, other] = [await now(), await partitions(lab.client, "sales.other")];
    await lab.client.run("ALTER TABLE sales.orders SWAP WITH other");
    expect(await partitions(lab.client, "sales.other")).toEqual(orders);
    expect(await now()).toEqual(other);
    await lab.client.run("DROP TABLE sales.orders");
    await lab.client.run("ALTER TABLE sales.other RENAME orders");
    expect(await now()).toEqual(orders);
    await lab.client.run("ALTER TABLE sales.orders RENAME PARTITION p1 first");
    expect((await now())["first"]).toMatchObject({ id: orders["p1"]?.["id"], version: "2" });
  });

  it("do not move on schema and property changes", async () => {
    const before = await now();
    await lab.client.run("ALTER TABLE sales.orders ADD COLUMN extra INT DEFAULT '7'");
    await lab.client.run(`ALTER TABLE sales.orders SET ("default.storage_medium" = "HDD")`);
    await lab.client.run("ALTER TABLE sales.orders COMMENT = 'x'");
    expect(await now()).toEqual(before);
    expect(await lab.client.rows("SELECT DISTINCT extra FROM sales.orders")).toEqual([{ extra: 7 }]);
  });

  it("rise on every addressed partition of a DELETE with a predicate", async () => {
    const result = await lab.client.run("DELETE FROM sales.orders PARTITION (p1) WHERE id = 4711");
    expect(result.affectedRows).toBe(0);
    const after = await now();
    expect([after["p1"]?.["version"], after["p2"]?.["version"]]).toEqual(["3", "2"]);
  });
});

describe("partition rows", () => {
  it("name the only partition of an unpartitioned table after the table, always", async () => {
    await lab.client.run(`CREATE TABLE sales.plain (id INT) ${one}`);
    expect(Object.keys(await partitions(lab.client, "sales.plain"))).toEqual(["plain"]);
    await lab.client.run("ALTER TABLE sales.plain RENAME flat");
    expect(Object.keys(await partitions(lab.client, "sales.flat"))).toEqual(["flat"]);
  });

  it("include the hidden partition of automatic tables, which SHOW PARTITIONS leaves out", async () => {
    await lab.client.run(
      `CREATE TABLE sales.auto (id INT, at DATETIME) PARTITION BY date_trunc('day', at) DISTRIBUTED BY HASH (id) ${one}`,
    );
    expect(Object.keys(await partitions(lab.client, "sales.auto"))).toEqual(["$shadow_automatic_partition"]);
    expect(await lab.client.rows("SHOW PARTITIONS FROM sales.auto")).toEqual([]);
    await lab.client.run("INSERT INTO sales.auto VALUES (1, '2025-03-01 10:00:00'), (2, '2025-03-02')");
    const shown = await lab.client.rows("SHOW PARTITIONS FROM sales.auto");
    expect(shown.map((row) => [row["PartitionName"], row["VisibleVersion"], row["RowCount"]])).toEqual([
      ["p20250301", "2", "1"],
      ["p20250302", "2", "1"],
    ]);
  });

  it("name automatic list partitions after their values", async () => {
    await lab.client.run(`CREATE TABLE sales.list (id INT, c VARCHAR(20)) PARTITION BY (c) ${one}`);
    await lab.client.run("INSERT INTO sales.list VALUES (1, '2025-01-01'), (2, 'a b'), (3, 'x_y')");
    const shown = await lab.client.rows("SHOW PARTITIONS FROM sales.list ORDER BY PartitionName");
    expect(shown.map((row) => [row["PartitionName"], row["List"]])).toEqual([
      ["p20250101", '[["2025-01-01"]]'],
      ["pab", '[["a b"]]'],
      ["px5fy", '[["x_y"]]'],
    ]);
  });

  it("carry the range as the FE prints it", async () => {
    const [row] = await lab.client.rows(
      "SELECT PARTITION_KEY k, PARTITION_VALUE v FROM information_schema.partitions_meta WHERE TABLE_NAME = 'orders' AND PARTITION_NAME = 'p1'",
    );
    expect(row).toEqual({
      k: "`day`",
      v: "[types: [DATE]; keys: [2025-01-01]; ..types: [DATE]; keys: [2025-01-02]; )",
    });
  });
});
