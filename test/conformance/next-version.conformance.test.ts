import { describe, expect } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, ended, one, partitions, restore } from "../support/jobs.ts";

const cluster = useCluster();

const ids = async (table: string): Promise<unknown[]> =>
  (await cluster.client.rows(`SELECT id FROM ${table} ORDER BY id`)).map((row) => Number(row["id"]));

describe("§6.7 the gap in NEXT_VERSION", () => {
  testEmbedded(
    "is copied into a new table: loads commit and never become visible, until the version is set",
    "turns a knob",
    async () => {
      const [database, label] = [await cluster.database(), unique("s")];
      await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
      await cluster.client.run(`INSERT INTO ${database}.t VALUES (1)`);
      cluster.embedded.cluster.knobs.nextVersionGap = 1;
      await backup(cluster, database, label);
      cluster.embedded.cluster.knobs.nextVersionGap = 0;
      await restore(cluster, { into: database, label, on: "t AS u" });
      expect((await partitions(cluster, database, "u"))["u"]).toMatchObject({ version: "2", next: "4" });
      const { info } = await cluster.client.run(`INSERT INTO ${database}.u VALUES (2)`);
      expect(info).toContain("'status':'COMMITTED'");
      expect(await ids(`${database}.u`)).toEqual([1]);
      await cluster.client.run(`ADMIN SET TABLE ${database}.u PARTITION (u) VERSION TO 3`);
      const repaired = (await partitions(cluster, database, "u"))["u"];
      expect(Number(repaired?.["next"])).toBe(Number(repaired?.["version"]) + 1);
      const later = await cluster.client.run(`INSERT INTO ${database}.u VALUES (3)`);
      expect(later.info).toContain("'status':'VISIBLE'");
      expect(await ids(`${database}.u`)).toContain(3);
    },
  );

  testEmbedded("is none in a partition overwritten in place", "turns a knob", async () => {
    const [database, label] = [await cluster.database(), unique("s")];
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await cluster.client.run(`INSERT INTO ${database}.t VALUES (1)`);
    cluster.embedded.cluster.knobs.nextVersionGap = 1;
    await backup(cluster, database, label);
    await restore(cluster, { into: database, label });
    expect(await ended(cluster, "RESTORE", database)).toMatchObject({ State: "FINISHED" });
    expect((await partitions(cluster, database, "t"))["t"]).toMatchObject({ version: "2", next: "3" });
  });
});
