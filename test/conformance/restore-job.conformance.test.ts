import { describe, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, one, restore, restoreText, timestamp, waitFor } from "../support/jobs.ts";
import { common } from "../support/refusals.ts";

const cluster = useCluster();
const sequence = ["PENDING", "SNAPSHOTING", "DOWNLOAD", "DOWNLOADING", "COMMIT", "COMMITTING", "FINISHED"];

async function snapshot(): Promise<{ database: string; label: string }> {
  const [database, label] = [await cluster.database(), unique("s")];
  await createOrders(cluster, `${database}.orders`);
  await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
  await backup(cluster, database, label);
  return { database, label };
}

describe("§7 RestoreJob", () => {
  test("shows only states of the sequence, in its order", async () => {
    const { database, label } = await snapshot();
    await cluster.client.run(await restoreText(cluster, { into: database, label, on: "orders AS copy" }));
    const seen: unknown[] = [];
    await waitFor(cluster, "RESTORE", database, (row) => {
      if (seen.at(-1) !== row["State"]) seen.push(row["State"]);
      return row["State"] === "FINISHED";
    });
    expect(sequence.filter((state) => seen.includes(state))).toEqual(seen);
  });

  testEmbedded("does at most one step per tick", "counts ticks", async () => {
    const { database, label } = await snapshot();
    const text = await restoreText(cluster, { into: database, label, on: "orders AS copy" });
    await cluster.embedded.ticker.pause();
    await cluster.client.run(text);
    const seen: unknown[] = [];
    for (let tick = 0; tick < sequence.length; tick += 1) {
      seen.push((await cluster.client.rows(`SHOW RESTORE FROM ${database}`))[0]?.["State"]);
      await cluster.embedded.ticker.tick();
    }
    expect(seen).toEqual(sequence);
  });

  test("SHOW RESTORE has these columns, in this order, all VAR_STRING", async () => {
    const { database, label } = await snapshot();
    await restore(cluster, { into: database, label, on: "t AS u" });
    expect(await cluster.client.columns(`SHOW RESTORE FROM ${database}`)).toEqual(
      "JobId Label Timestamp DbName State AllowLoad ReplicationNum RestoreObjs CreateTime MetaPreparedTime SnapshotFinishedTime DownloadFinishedTime FinishedTime UnfinishedTasks Progress TaskErrMsg Status Timeout"
        .split(" ")
        .map((name) => ({ name, type: 253 })),
    );
  });

  test("a finished row: label, timestamp, times in order", async () => {
    const { database, label } = await snapshot();
    const row = await restore(cluster, { into: database, label, on: "t AS u" });
    expect(row).toMatchObject({
      Label: label,
      Timestamp: await timestamp(cluster, label),
      DbName: database,
      State: "FINISHED",
      AllowLoad: "false",
      ReplicationNum: "1",
      UnfinishedTasks: "",
      TaskErrMsg: "",
      Status: "[OK]",
      Timeout: "86400",
    });
    const times = [
      "CreateTime",
      "MetaPreparedTime",
      "SnapshotFinishedTime",
      "DownloadFinishedTime",
      "FinishedTime",
    ];
    const shown = times.map((name) => String(row[name]));
    for (const time of shown) expect(time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect([...shown].sort()).toEqual(shown);
    expect(Number(row["JobId"])).toBeGreaterThan(0);
  });

  testEmbedded("before PENDING ran: JobId -1 and no times", "stops the tick", async () => {
    const { database, label } = await snapshot();
    const text = await restoreText(cluster, { into: database, label, on: "t AS u" });
    await cluster.embedded.ticker.pause();
    await cluster.client.run(text);
    expect((await cluster.client.rows(`SHOW RESTORE FROM ${database}`))[0]).toMatchObject({
      JobId: "-1",
      State: "PENDING",
      MetaPreparedTime: null,
      SnapshotFinishedTime: null,
      DownloadFinishedTime: null,
      FinishedTime: null,
      Status: "[OK]",
    });
  });

  test("RestoreObjs: original names with the partitions of the request, no aliases", async () => {
    const { database, label } = await snapshot();
    const row = await restore(cluster, {
      into: database,
      label,
      on: "orders PARTITION (p1, p3) AS copy, t AS u",
    });
    expect(row["RestoreObjs"]).toMatch(
      /^(orders PARTITIONS \[p[13], p[13]\], t|t, orders PARTITIONS \[p[13], p[13]\])$/,
    );
  });

  test("RestoreObjs without a PARTITION list: all partitions but one named like the table", async () => {
    const { database, label } = await snapshot();
    const row = await restore(cluster, { into: database, label, on: "orders AS copy, t AS u" });
    const objects = String(row["RestoreObjs"]);
    expect(objects).toMatch(/orders PARTITIONS \[(p[123](, )?){3}\]/);
    expect(objects).not.toContain("t PARTITIONS");
  });

  test("takes a WHERE and ignores it", async () => {
    const { database, label } = await snapshot();
    await restore(cluster, { into: database, label, on: "t AS u" });
    expect(await cluster.client.rows(`SHOW RESTORE FROM ${database} WHERE Label = 'none'`)).toHaveLength(1);
  });

  test("a second RESTORE of the label replaces the row, under another JobId", async () => {
    const { database, label } = await snapshot();
    const first = await restore(cluster, { into: database, label, on: "t AS u" });
    const second = await restore(cluster, { into: database, label, on: "t AS w" });
    expect(second["JobId"]).not.toBe(first["JobId"]);
    expect(await cluster.client.rows(`SHOW RESTORE FROM ${database}`)).toHaveLength(1);
  });

  test("CANCEL RESTORE of a finished job", async () => {
    const { database, label } = await snapshot();
    await restore(cluster, { into: database, label, on: "t AS u" });
    expect(await cluster.client.refusal(`CANCEL RESTORE FROM ${database}`)).toEqual(
      common(`Failed to cancel job: Job with label ${label} can not be cancelled. state: FINISHED`),
    );
    expect(await cluster.client.refusal(`CANCEL BACKUP FROM ${database}`)).toEqual(
      common("No backup job is currently running"),
    );
  });

  testEmbedded(
    "a backend that dies: no progress and [OK]; alive again, the job goes on",
    "kills a backend",
    async () => {
      const { database, label } = await snapshot();
      const text = await restoreText(cluster, { into: database, label, on: "orders AS copy" });
      const { ticker, cluster: inner } = cluster.embedded;
      await ticker.pause();
      await cluster.client.run(text);
      for (let tick = 0; tick < 3; tick += 1) await ticker.tick();
      inner.deadBackends.add(inner.backendIds()[0] ?? 0);
      for (let tick = 0; tick < 3; tick += 1) await ticker.tick();
      expect((await cluster.client.rows(`SHOW RESTORE FROM ${database}`))[0]).toMatchObject({
        State: "DOWNLOADING",
        Status: "[OK]",
        UnfinishedTasks: expect.stringMatching(/^\d+=\d+/),
      });
      inner.deadBackends.clear();
      for (let tick = 0; tick < 3; tick += 1) await ticker.tick();
      expect((await cluster.client.rows(`SHOW RESTORE FROM ${database}`))[0]).toMatchObject({
        State: "FINISHED",
      });
    },
  );
});
