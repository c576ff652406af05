import { beforeEach, describe, expect, test } from "vitest";
import { describeEmbedded, testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, restore } from "../support/jobs.ts";

/** §12: ids are given out in intervals; a snapshot holds where the next one starts. */
const tail = `PRIMARY KEY (id) DISTRIBUTED BY HASH (id) BUCKETS 1 PROPERTIES ("replication_num" = "1")`;
const table = (name: string) => `CREATE TABLE ${name} (id BIGINT NOT NULL AUTO_INCREMENT, n INT) ${tail}`;

const cluster = useCluster();

let database = "";
beforeEach(async () => {
  database = await cluster.database();
  await run(table("$d.t"));
});

const run = (sql: string) => cluster.client.run(sql.replaceAll("$d", database));
const idOf = async (n: number, name = "t") =>
  Number((await cluster.client.rows(`SELECT id FROM ${database}.${name} WHERE n = ${n}`))[0]?.["id"]);

describe("§12 new ids", () => {
  test("are given to rows without one; rows with one do not count", async () => {
    await run("INSERT INTO $d.t (n) VALUES (1), (2)");
    await run("INSERT INTO $d.t VALUES (50, 3), (DEFAULT, 4)");
    const ids = await Promise.all([1, 2, 4].map((n) => idOf(n)));
    expect(new Set(ids).size).toBe(3);
    expect(Math.max(...ids)).toBeLessThan(50);
    await run("INSERT INTO $d.t (n) SELECT n + 10 FROM $d.t WHERE n = 1");
    expect(await idOf(11)).not.toBeNaN();
  });

  test("stand for no NULL", async () => {
    const refusal = (sql: string) => cluster.client.refusal(sql.replaceAll("$d", database));
    expect((await refusal("INSERT INTO $d.t VALUES (NULL, 1)")).message).toContain(
      "`NULL` value is not supported for an AUTO_INCREMENT column: id",
    );
    expect((await refusal("INSERT INTO $d.t SELECT NULL, 1")).message).toMatch(/filtered data|NULL value/);
  });

  test("of a restored table start where the snapshot's counter stood, beyond all ids before", async () => {
    await run("INSERT INTO $d.t (n) VALUES (1), (2), (3)");
    const label = unique("l");
    await backup(cluster, database, label);
    await run("INSERT INTO $d.t (n) VALUES (4)");
    await restore(cluster, { into: database, label, on: "t AS r" });
    await run("INSERT INTO $d.r (n) VALUES (5)");
    expect(await idOf(5, "r")).toBeGreaterThan(await idOf(3, "r"));
  });
});

describe("§12 a counter follows its table's id", () => {
  testEmbedded("through SWAP", "sets the size of intervals", async () => {
    await run(`ADMIN SET FRONTEND CONFIG ("auto_increment_cache_size" = "0")`);
    await run(table("$d.u"));
    await run("INSERT INTO $d.t (n) VALUES (1), (2), (3)");
    await run("ALTER TABLE $d.t SWAP WITH u");
    await run("INSERT INTO $d.t (n) VALUES (4)");
    await run("INSERT INTO $d.u (n) VALUES (4)");
    expect([await idOf(4, "t"), await idOf(4, "u")]).toEqual([1, 4]);
  });

  testEmbedded(
    "and rows inserted from a later snapshot do not move that of an earlier one",
    "sets the size of intervals",
    async () => {
      await run(`ADMIN SET FRONTEND CONFIG ("auto_increment_cache_size" = "0")`);
      await run("INSERT INTO $d.t (n) VALUES (1)");
      const label = unique("l");
      await backup(cluster, database, label);
      await run("INSERT INTO $d.t (n) VALUES (2), (3)");
      await restore(cluster, { into: database, label, on: "t AS r" });
      await run("INSERT INTO $d.r SELECT * FROM $d.t");
      await run("INSERT INTO $d.r (n) VALUES (4)");
      // The id of another row, which is overwritten.
      expect(await idOf(4, "r")).toBe(2);
      expect(await cluster.client.rows(`SELECT count(*) n FROM ${database}.r`)).toEqual([{ n: "3" }]);
    },
  );
});

describeEmbedded("ALTER TABLE … AUTO_INCREMENT", "asks several versions", () => {
  for (const version of ["4.0", "4.1"] as const)
    describe(version, () => {
      const one = useCluster({ version });
      test("sets the counter since 4.1, never back", async () => {
        const name = await one.database();
        await one.client.run(table(`${name}.t`));
        const set = (value: number) => `ALTER TABLE ${name}.t AUTO_INCREMENT = ${value}`;
        if (version === "4.0") {
          expect((await one.client.refusal(set(500_000))).message).toMatch(/^Getting syntax error/);
          return;
        }
        await one.client.run(`INSERT INTO ${name}.t (n) VALUES (1)`);
        expect(await one.client.refusal(set(7))).toEqual({
          code: 1064,
          sqlState: "HY000",
          message: "New auto_increment value must be greater than current value: 100001",
        });
        await one.client.run(set(500_000));
        await one.client.run(`INSERT INTO ${name}.t (n) VALUES (2)`);
        expect(await one.client.rows(`SELECT id FROM ${name}.t WHERE n = 2`)).toEqual([{ id: "500000" }]);
      });
    });
});
