import { describe, expect, test } from "vitest";
import { describeEmbedded, type TestCluster, testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, ended, one, restore } from "../support/jobs.ts";
import { unknownDatabase } from "../support/refusals.ts";

const cluster = useCluster();
const varString = 253;

async function orders(on: TestCluster = cluster): Promise<string> {
  const database = await on.database();
  await createOrders(on, `${database}.orders`);
  return database;
}

describe("§3.1 SHOW BACKUP columns", () => {
  test("are these, in this order, all VAR_STRING", async () => {
    const database = await orders();
    await backup(cluster, database, unique("s"));
    expect(await cluster.client.columns(`SHOW BACKUP FROM ${database}`)).toEqual(
      "JobId SnapshotName DbName State BackupObjs CreateTime SnapshotFinishedTime UploadFinishedTime FinishedTime UnfinishedTasks Progress TaskErrMsg Status Timeout"
        .split(" ")
        .map((name) => ({ name, type: varString })),
    );
  });

  testEmbedded("before PENDING ran: JobId -1, times NULL, no tasks", "stops the tick", async () => {
    const [database, label] = [await orders(), unique("s")];
    await cluster.embedded.ticker.pause();
    await cluster.client.run(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`);
    expect((await cluster.client.rows(`SHOW BACKUP FROM ${database}`))[0]).toMatchObject({
      JobId: "-1",
      SnapshotName: label,
      DbName: database,
      State: "PENDING",
      SnapshotFinishedTime: null,
      UploadFinishedTime: null,
      FinishedTime: null,
      UnfinishedTasks: "",
      Progress: "",
      TaskErrMsg: "",
      Status: "[OK]",
      Timeout: "86400",
    });
  });

  testEmbedded(
    "tasks: tabletId=beId of every tablet while SNAPSHOTING, taskId=beId while UPLOADING",
    "stops the tick",
    async () => {
      const database = await orders();
      const { ticker } = cluster.embedded;
      await ticker.pause();
      await cluster.client.run(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository}`);
      await ticker.tick();
      const [snapshoting] = await cluster.client.rows(`SHOW BACKUP FROM ${database}`);
      const tasks = String(snapshoting?.["UnfinishedTasks"]).split(", ");
      // Three partitions of two buckets.
      expect(tasks).toHaveLength(6);
      expect(new Set(tasks).size).toBe(6);
      for (const task of tasks) expect(task).toMatch(/^\d+=\d+$/);
      expect(snapshoting).toMatchObject({ State: "SNAPSHOTING", Progress: "", SnapshotFinishedTime: null });
      expect(Number(snapshoting?.["JobId"])).toBeGreaterThan(0);
      await ticker.tick();
      await ticker.tick();
      const [uploading] = await cluster.client.rows(`SHOW BACKUP FROM ${database}`);
      expect(uploading).toMatchObject({ State: "UPLOADING", UploadFinishedTime: null });
      expect(uploading?.["SnapshotFinishedTime"]).not.toBeNull();
      expect(uploading?.["UnfinishedTasks"]).toMatch(/^\d+=\d+$/);
      expect(uploading?.["Progress"]).toMatch(/^(\[\d+: \d+\/\d+\])?$/);
    },
  );

  test("a finished job has all its times, in order", async () => {
    const database = await orders();
    const row = await backup(cluster, database, unique("s"));
    const times = ["CreateTime", "SnapshotFinishedTime", "UploadFinishedTime", "FinishedTime"].map((name) =>
      String(row[name]),
    );
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect([...times].sort()).toEqual(times);
    expect(row).toMatchObject({ UnfinishedTasks: "", TaskErrMsg: "", Status: "[OK]" });
    expect(Number(row["JobId"])).toBeGreaterThan(0);
  });

  test("BackupObjs glues PARTITIONS to the table", async () => {
    const database = await orders();
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    const row = await backup(cluster, database, unique("s"), "ON (orders PARTITION (p1, p2), t)");
    const as = (name: string) => (cluster.atLeast(4.1) ? ` AS ${name}` : "");
    expect(row["BackupObjs"]).toBe(
      `[${database}.ordersPARTITIONS (p1, p2)${as("orders")}], [${database}.t${as("t")}]`,
    );
  });

  test("lists the objects by table name, whatever the order of the ON list", async () => {
    const database = await orders();
    await cluster.client.run(`CREATE TABLE ${database}.a (id INT) ${one}`);
    const row = await backup(cluster, database, unique("s"), "ON (orders, a)");
    const objects = String(row["BackupObjs"]);
    expect(objects.indexOf(".a")).toBeLessThan(objects.indexOf(".orders"));
  });
});

describeEmbedded("§3.1 BackupObjs from 4.1 on", "needs that version", () => {
  const newer = useCluster({ version: "4.1" });

  test("says AS <table> within the brackets", async () => {
    const database = await orders(newer);
    const row = await backup(newer, database, unique("s"), "ON (orders PARTITION (p1))");
    expect(row["BackupObjs"]).toBe(`[${database}.ordersPARTITIONS (p1) AS orders]`);
  });
});

describe("§3.2 times", () => {
  test("follow the session's time_zone", async () => {
    const [database, session] = [await orders(), await cluster.connect()];
    await backup(cluster, database, unique("s"));
    const at = async (zone: string) => {
      await session.run(`SET time_zone = '${zone}'`);
      const [row] = await session.rows(`SHOW BACKUP FROM ${database}`);
      return Date.parse(`${String(row?.["CreateTime"]).replace(" ", "T")}Z`);
    };
    expect((await at("+08:00")) - (await at("+00:00"))).toBe(8 * 3_600_000);
    expect((await at("America/Sao_Paulo")) - (await at("+00:00"))).toBe(-3 * 3_600_000);
  });
});

describe("§3.3 rows", () => {
  test("an unknown database", async () => {
    const name = unique("none");
    expect(await cluster.client.refusal(`SHOW BACKUP FROM ${name}`)).toEqual(unknownDatabase(name));
    expect(await cluster.client.refusal(`SHOW RESTORE FROM ${name}`)).toEqual(unknownDatabase(name));
  });

  test("no job: no row, with FROM or IN", async () => {
    const database = await orders();
    expect(await cluster.client.rows(`SHOW BACKUP FROM ${database}`)).toEqual([]);
    expect(await cluster.client.rows(`SHOW BACKUP IN ${database}`)).toEqual([]);
    expect(await cluster.client.columns(`SHOW BACKUP FROM ${database}`)).toHaveLength(14);
  });

  test("without FROM: of all databases, not the session's", async () => {
    const [first, second, session] = [await orders(), await orders(), await cluster.connect()];
    await backup(cluster, first, unique("s"));
    await backup(cluster, second, unique("s"));
    await session.run(`USE ${first}`);
    const names = (await session.rows("SHOW BACKUP")).map((row) => row["DbName"]);
    expect(names).toEqual(expect.arrayContaining([first, second]));
  });

  test("only the latest job: a backup replaces a backup, a restore a backup, a backup a restore", async () => {
    const [database, first, second] = [await orders(), unique("s"), unique("s")];
    await backup(cluster, database, first);
    await backup(cluster, database, second);
    expect(await cluster.client.rows(`SHOW BACKUP FROM ${database}`)).toMatchObject([
      { SnapshotName: second },
    ]);
    await restore(cluster, { into: database, label: first, on: "orders AS copy" });
    expect(await cluster.client.rows(`SHOW BACKUP FROM ${database}`)).toEqual([]);
    expect(await cluster.client.rows(`SHOW RESTORE FROM ${database}`)).toHaveLength(1);
    await backup(cluster, database, unique("s"));
    expect(await cluster.client.rows(`SHOW RESTORE FROM ${database}`)).toEqual([]);
  });

  test("a refused submit leaves the former row", async () => {
    const [database, label] = [await orders(), unique("s")];
    await backup(cluster, database, label);
    await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`);
    expect(await cluster.client.rows(`SHOW BACKUP FROM ${database}`)).toMatchObject([
      { SnapshotName: label },
    ]);
  });

  testEmbedded(
    "a done job is forgotten after history_job_keep_max_second, 7 days",
    "moves the clock",
    async () => {
      const database = await orders();
      await backup(cluster, database, unique("s"));
      const day = 86_400_000;
      cluster.embedded.cluster.knobs.clockOffsetMs = 6 * day;
      await cluster.embedded.ticker.tick();
      expect(await cluster.client.rows(`SHOW BACKUP FROM ${database}`)).toHaveLength(1);
      // Cleaning is done about every four hours.
      cluster.embedded.cluster.knobs.clockOffsetMs = 7 * day + 5 * 3_600_000;
      await cluster.embedded.ticker.tick();
      expect(await cluster.client.rows(`SHOW BACKUP FROM ${database}`)).toEqual([]);
    },
  );
});

describeEmbedded("§3 predicates before 4.1", "needs those versions", () => {
  const old = useCluster({ version: "4.0" });

  test("are syntax errors of SHOW BACKUP", async () => {
    const database = await orders(old);
    await old.client.run(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${old.repository}`);
    await ended(old, "BACKUP", database);
    for (const tail of ["WHERE State = 'FINISHED'", "LIKE 'x'", "LIMIT 1"])
      expect(await old.client.refusal(`SHOW BACKUP FROM ${database} ${tail}`)).toMatchObject({
        code: 1064,
        message: expect.stringMatching(/^Getting syntax error at line 1, column \d+\./),
      });
  });
});

describeEmbedded("§3 predicates since 4.2", "a real cluster goes by them", () => {
  const fresh = useCluster({ version: "4.2" });

  test("say that they are not modelled: how they filter is not known", async () => {
    for (const tail of ["WHERE State = 'FINISHED'", "LIKE 'x'", "LIMIT 1"])
      expect((await fresh.client.refusal(`SHOW BACKUP ${tail}`)).message).toMatch(
        /is not supported by the embedded StarRocks$/,
      );
  });
});
