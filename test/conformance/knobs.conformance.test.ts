import { escape as quoted } from "mysql2/promise";
import { expect, test } from "vitest";
import { JobFailure } from "../../local/starrocks/metadata/job.ts";
import { describeEmbedded, unique, useCluster } from "../support/cluster.ts";
import {
  backup,
  createOrders,
  ended,
  one,
  restore,
  restoreText,
  timestamp,
  waitFor,
} from "../support/jobs.ts";
import { common } from "../support/refusals.ts";

const why = "turns knobs";

async function orders(cluster: ReturnType<typeof useCluster>): Promise<string> {
  const database = await cluster.database();
  await createOrders(cluster, `${database}.orders`);
  return database;
}

describeEmbedded("§19 knobs, by SQL of an administrator", why, () => {
  const cluster = useCluster();
  const set = (key: string, value: unknown) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return cluster.client.run(`ADMIN SET FRONTEND CONFIG ("embedded.${key}" = ${quoted(text)})`);
  };
  const submit = (database: string, label = unique("s")) =>
    cluster.client.run(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`);

  test("an unknown knob, or a value that is none, is refused", async () => {
    expect(
      await cluster.client.refusal(`ADMIN SET FRONTEND CONFIG ("embedded.nonsense" = "1")`),
    ).toMatchObject({ code: 1064 });
    for (const value of ["not JSON", '{"times": 1}', '{"match": "x", "tims": 2}'])
      expect(
        await cluster.client.refusal(`ADMIN SET FRONTEND CONFIG ("embedded.fault" = '${value}')`),
      ).toMatchObject({ code: 1064 });
  });

  test("fault: the next statements that match fail, as many as said", async () => {
    await set("fault", {
      match: "SELECT 'a'",
      times: 2,
      error: { code: 5024, state: "53400", message: "late" },
    });
    for (let time = 0; time < 2; time += 1)
      expect(await cluster.client.refusal("SELECT 'a'")).toEqual({
        code: 5024,
        sqlState: "53400",
        message: "late",
      });
    expect(await cluster.client.rows("SELECT 'a' AS x")).toEqual([{ x: "a" }]);
  });

  test("fault: a statement is done, and its answer lost with the connection", async () => {
    const [database, label] = [await orders(cluster), unique("s")];
    const session = await cluster.connect();
    await set("fault", { match: "^BACKUP", drop: "after" });
    const refusal = await session.refusal(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`);
    expect(refusal.message).toMatch(/closed|ECONNRESET/i);
    expect(await ended(cluster, "BACKUP", database)).toMatchObject({
      SnapshotName: label,
      State: "FINISHED",
    });
  });

  test("fault: a connection is lost before the statement is done", async () => {
    const [database, session] = [await orders(cluster), await cluster.connect()];
    await set("fault", { match: "^BACKUP", drop: "before" });
    await session.refusal(`BACKUP SNAPSHOT ${database}.s TO ${cluster.repository}`);
    expect(await cluster.client.rows(`SHOW BACKUP FROM ${database}`)).toEqual([]);
  });

  test("fault: a delay, until it is put back", async () => {
    await set("fault", { match: "SELECT 'slow'", times: 9, delayMs: 150 });
    const timed = async () => {
      const start = performance.now();
      await cluster.client.rows("SELECT 'slow' AS x");
      return performance.now() - start;
    };
    expect(await timed()).toBeGreaterThanOrEqual(145);
    await set("fault", "");
    expect(await timed()).toBeLessThan(145);
  });

  test("fail_job: a version that was merged away (§2.2), once", async () => {
    const database = await orders(cluster);
    await set("fail_job", {
      state: "SNAPSHOTING",
      code: "OLAP_VERSION_ALREADY_MERGED",
      message: "make snapshot failed, version already merged",
    });
    const label = unique("s");
    expect(await backup(cluster, database, label)).toMatchObject({
      State: "CANCELLED",
      Status: "[OLAP_VERSION_ALREADY_MERGED, msg: make snapshot failed, version already merged]",
    });
    expect(await backup(cluster, database, label)).toMatchObject({ State: "FINISHED" });
  });

  test("show_times_in_utc8: SHOW is eight hours ahead of a session in UTC, partitions_meta is not (§3.2)", async () => {
    const [database, session] = [await orders(cluster), await cluster.connect()];
    await session.run("SET time_zone = '+00:00'");
    const times = async () => {
      const [shown] = await session.rows(`SHOW PARTITIONS FROM ${database}.orders`);
      const [listed] =
        await session.rows(`SELECT VISIBLE_VERSION_TIME AS t FROM information_schema.partitions_meta
        WHERE DB_NAME = '${database}' AND PARTITION_ID = ${shown?.["PartitionId"]}`);
      return [shown?.["VisibleVersionTime"], listed?.["t"]].map((text) => Date.parse(`${text}Z`));
    };
    const [right, reference] = await times();
    expect(right).toBe(reference);
    await set("show_times_in_utc8", "true");
    expect(await times()).toEqual([Number(reference) + 8 * 3_600_000, reference]);
    await backup(cluster, database, unique("s"));
    const [job] = await session.rows(`SHOW BACKUP FROM ${database}`);
    expect(Date.parse(`${job?.["CreateTime"]}Z`) - Date.now()).toBeGreaterThan(7 * 3_600_000);
  });

  test("stall_job: no progress and [OK], the reason in TaskErrMsg; put back, the job goes on (§2.3)", async () => {
    const database = await orders(cluster);
    await cluster.embedded.ticker.pause();
    await submit(database);
    for (let tick = 0; tick < 3; tick += 1) await cluster.embedded.ticker.tick();
    await set("stall_job", { message: "connection refused" });
    for (let tick = 0; tick < 5; tick += 1) await cluster.embedded.ticker.tick();
    const [row] = await cluster.client.rows(`SHOW BACKUP FROM ${database}`);
    expect(row).toMatchObject({ State: "UPLOADING", Status: "[OK]" });
    expect(row?.["TaskErrMsg"]).toMatch(/^\[\d+: connection refused\]$/);
    await set("stall_job", "");
    cluster.embedded.ticker.start();
    expect(await ended(cluster, "BACKUP", database)).toMatchObject({ State: "FINISHED", TaskErrMsg: "" });
  });

  test("stall_job: of one label only, and the timeout still ends it", async () => {
    const [first, second, label] = [await orders(cluster), await orders(cluster), unique("s")];
    await set("stall_job", { label });
    await submit(first, label);
    await submit(second);
    expect(await ended(cluster, "BACKUP", second)).toMatchObject({ State: "FINISHED" });
    expect((await cluster.client.rows(`SHOW BACKUP FROM ${first}`))[0]).toMatchObject({ State: "PENDING" });
    await set("clock_offset_ms", 86_401_000);
    expect(await ended(cluster, "BACKUP", first)).toMatchObject({
      State: "CANCELLED",
      Status: "[TIMEOUT, msg: ]",
    });
  });

  test("submit_lock_held: the busy text for every statement under the lock (§1.4 8), after the repository", async () => {
    const [database, label] = [await orders(cluster), unique("s")];
    await backup(cluster, database, label);
    const text = await restoreText(cluster, { into: database, label, on: "orders AS copy" });
    await set("submit_lock_held", "true");
    const busy = common("Another backup or restore job is being submitted. Please wait and try again");
    for (const sql of [
      `BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`,
      text,
      `CANCEL BACKUP FROM ${database}`,
      `DROP REPOSITORY ${cluster.repository}`,
    ])
      expect(await cluster.client.refusal(sql)).toEqual(busy);
    expect((await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.s TO none`)).message).toContain(
      "Repository [none] does not exist",
    );
    await set("submit_lock_held", "false");
    await cluster.client.run(text);
    await ended(cluster, "RESTORE", database);
  });

  test("dead_backends: a job stands still until they are back", async () => {
    const database = await orders(cluster);
    await cluster.embedded.ticker.pause();
    await submit(database);
    await cluster.embedded.ticker.tick();
    await set("dead_backends", String(cluster.embedded.cluster.backendIds()[0]));
    for (let tick = 0; tick < 3; tick += 1) await cluster.embedded.ticker.tick();
    const [row] = await cluster.client.rows(`SHOW BACKUP FROM ${database}`);
    expect(row).toMatchObject({ State: "SNAPSHOTING", Status: "[OK]" });
    expect(row?.["UnfinishedTasks"]).toMatch(/^(\d+=\d+(, |$)){6}$/);
    await set("dead_backends", "");
    cluster.embedded.ticker.start();
    expect(await ended(cluster, "BACKUP", database)).toMatchObject({ State: "FINISHED" });
  });

  test("next_version_gap: a transaction was committed and unpublished at PENDING (§6.7)", async () => {
    const [database, label] = [await orders(cluster), unique("s")];
    await set("next_version_gap", "1");
    await backup(cluster, database, label);
    await set("next_version_gap", "0");
    await restore(cluster, { into: database, label, on: "orders AS copy" });
    const rows = await cluster.client.rows(
      `SELECT NEXT_VERSION - VISIBLE_VERSION AS gap FROM information_schema.partitions_meta WHERE DB_NAME = '${database}' AND TABLE_NAME = 'copy'`,
    );
    expect(rows.map((row) => Number(row["gap"]))).toEqual([2, 2, 2]);
  });

  test("follower: SHOW RESTORE has journaled states only, no tasks and no progress (§7)", async () => {
    const [database, label] = [await orders(cluster), unique("s")];
    await backup(cluster, database, label);
    const text = await restoreText(cluster, { into: database, label, on: "orders AS copy" });
    await cluster.embedded.ticker.pause();
    await cluster.client.run(text);
    await set("follower", "true");
    const seen: unknown[] = [];
    for (let tick = 0; tick < 7; tick += 1) {
      const [row] = await cluster.client.rows(`SHOW RESTORE FROM ${database}`);
      expect(row).toMatchObject({ UnfinishedTasks: "", Progress: "" });
      if (seen.at(-1) !== row?.["State"]) seen.push(row?.["State"]);
      await cluster.embedded.ticker.tick();
    }
    expect(seen).toEqual(["PENDING", "DOWNLOAD", "COMMIT", "FINISHED"]);
  });
});

describeEmbedded("§19 knobs, from test code", why, () => {
  const cluster = useCluster();

  test("failStep ends any step of any job", async () => {
    const [database, label] = [await orders(cluster), unique("s")];
    await backup(cluster, database, label);
    cluster.embedded.cluster.knobs.failStep = (job) => {
      if (job.state === "DOWNLOADING") throw new JobFailure("COMMON_ERROR", "no space left");
    };
    expect(await restore(cluster, { into: database, label, on: "orders AS copy" })).toMatchObject({
      State: "CANCELLED",
      Status: "[COMMON_ERROR, msg: no space left]",
    });
    expect(await cluster.client.rows(`SHOW TABLES FROM ${database} LIKE 'copy'`)).toEqual([]);
  });

  test("overwriteBarrier holds an INSERT OVERWRITE among its temporary partitions, which refuse a backup (§19.7)", async () => {
    const [database, session] = [await orders(cluster), await cluster.connect()];
    let release = (): void => undefined;
    cluster.embedded.cluster.overwriteBarrier = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const overwriting = session.run(
      `INSERT OVERWRITE ${database}.orders PARTITION (p1) SELECT 5, '2025-01-01', 'n'`,
    );
    await expect
      .poll(
        async () => (await cluster.client.rows(`SHOW TEMPORARY PARTITIONS FROM ${database}.orders`)).length,
      )
      .toBe(1);
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository}`),
    ).toEqual(common("Do not support backing up table with temp partitions"));
    release();
    await overwriting;
    expect(await backup(cluster, database, unique("s"))).toMatchObject({ State: "FINISHED" });
  });
});

const jobs = {
  BACKUP: ["PENDING", "SNAPSHOTING", "UPLOAD_SNAPSHOT", "UPLOADING", "SAVE_META", "UPLOAD_INFO"],
  RESTORE: ["SNAPSHOTING", "DOWNLOAD", "DOWNLOADING", "COMMIT", "COMMITTING"],
};

describeEmbedded("§2.1, §7 the FE is killed and restarted at a chosen state", why, () => {
  const cluster = useCluster();
  const at = (state: string) =>
    cluster.client.run(`ADMIN SET FRONTEND CONFIG ("embedded.restart_at" = "${state}")`);

  test.each(jobs.BACKUP.slice(1))(
    "BACKUP at %s: connections end, the job goes on and is whole",
    async (state) => {
      const [database, label, session] = [await orders(cluster), unique("s"), await cluster.connect()];
      await at(state);
      await session.run(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`);
      await expect.poll(() => session.rows("SELECT 1").catch(() => "lost")).toBe("lost");
      await cluster.reconnect();
      expect(await ended(cluster, "BACKUP", database)).toMatchObject({ State: "FINISHED", Status: "[OK]" });
      await restore(cluster, { into: database, label, on: "orders AS copy" });
      expect(await cluster.client.rows(`SELECT count(*) AS n FROM ${database}.copy`)).toEqual([{ n: "3" }]);
    },
  );

  test.each(jobs.RESTORE)("RESTORE at %s: likewise, into a new table and an existing one", async (state) => {
    const [database, label, target] = [await orders(cluster), unique("s"), await cluster.database()];
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await cluster.client.run(`INSERT INTO ${database}.t VALUES (1)`);
    await backup(cluster, database, label);
    await cluster.client.run(`CREATE TABLE ${target}.t (id INT) ${one}`);
    const text = await restoreText(cluster, { into: target, label });
    await at(state);
    await cluster.client.run(text);
    await expect.poll(() => cluster.client.rows("SELECT 1").catch(() => "lost")).toBe("lost");
    await cluster.reconnect();
    expect(await ended(cluster, "RESTORE", target)).toMatchObject({ State: "FINISHED", Status: "[OK]" });
    expect(await cluster.client.rows(`SELECT count(*) AS n FROM ${target}.orders`)).toEqual([{ n: "3" }]);
    expect(await cluster.client.rows(`SELECT id FROM ${target}.t`)).toEqual([{ id: 1 }]);
  });

  test("CreateTime and the snapshot's timestamp stay what they were at submit", async () => {
    const [database, label] = [await orders(cluster), unique("s")];
    await at("SNAPSHOTING");
    await cluster.client.run(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`);
    await expect.poll(() => cluster.client.rows("SELECT 1").catch(() => "lost")).toBe("lost");
    await cluster.reconnect();
    const row = await waitFor(cluster, "BACKUP", database, ({ State }) => State === "FINISHED");
    const stamp = await timestamp(cluster, label);
    expect(stamp.slice(0, 19).replaceAll("-", "")).toBe(String(row["CreateTime"]).replaceAll(/[-: ]/g, ""));
  });
});
