import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JobFailure } from "../../../local/starrocks/metadata/job.ts";
import {
  backup,
  createOrders,
  createRepository,
  finished,
  type Lab,
  one,
  restore,
  startLab,
} from "./support.ts";

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
  await lab.client.run("CREATE DATABASE sales");
  await createOrders(lab.client);
  await createRepository(lab.client);
});
afterEach(() => lab.end());

const state = async (): Promise<unknown> => (await lab.client.rows("SHOW BACKUP FROM sales"))[0]?.["State"];

describe("a backup job", () => {
  it("goes through its states, one per tick", async () => {
    await lab.server.ticker.pause();
    await lab.client.run("BACKUP SNAPSHOT sales.s1 TO repo ON (orders PARTITION (p1, P2))");
    const [submitted] = await lab.client.rows("SHOW BACKUP FROM sales");
    expect(submitted).toMatchObject({
      JobId: "-1",
      SnapshotName: "s1",
      DbName: "sales",
      State: "PENDING",
      BackupObjs: "[sales.ordersPARTITIONS (p1, P2)]",
      SnapshotFinishedTime: null,
      FinishedTime: null,
      TaskErrMsg: "",
      Status: "[OK]",
      Timeout: "86400",
    });
    const states: unknown[] = [];
    for (let tick = 0; tick < 6; tick += 1) {
      await lab.server.ticker.tick();
      states.push(await state());
    }
    expect(states).toEqual([
      "SNAPSHOTING",
      "UPLOAD_SNAPSHOT",
      "UPLOADING",
      "SAVE_META",
      "UPLOAD_INFO",
      "FINISHED",
    ]);
    const [done] = await lab.client.rows("SHOW BACKUP");
    expect(Object.keys(done ?? {})).toEqual([
      "JobId",
      "SnapshotName",
      "DbName",
      "State",
      "BackupObjs",
      "CreateTime",
      "SnapshotFinishedTime",
      "UploadFinishedTime",
      "FinishedTime",
      "UnfinishedTasks",
      "Progress",
      "TaskErrMsg",
      "Status",
      "Timeout",
    ]);
    expect(Number(done?.["JobId"])).toBeGreaterThan(0);
  });

  it("holds what was visible at its PENDING tick: writes before it are in, later ones out", async () => {
    await lab.server.ticker.pause();
    await lab.client.run("BACKUP SNAPSHOT sales.s1 TO repo");
    await lab.client.run("INSERT INTO sales.orders VALUES (10, '2025-01-01', 'before')");
    await lab.server.ticker.tick();
    await lab.client.run("INSERT INTO sales.orders VALUES (11, '2025-01-01', 'after')");
    lab.server.ticker.start();
    await finished(lab.client, "BACKUP", "sales");
    await restore(lab.client, "sales", "s1", "orders AS copy");
    expect(await lab.client.rows("SELECT id FROM sales.copy ORDER BY id")).toEqual([
      { id: "1" },
      { id: "2" },
      { id: "3" },
      { id: "10" },
    ]);
  });

  it("is the only one of its database, and the latest is the only one remembered", async () => {
    await lab.client.run("CREATE DATABASE other");
    await lab.client.run(`CREATE TABLE other.t (id INT) ${one}`);
    await lab.server.ticker.pause();
    await lab.client.run("BACKUP SNAPSHOT sales.s1 TO repo");
    expect(await lab.client.failure("BACKUP SNAPSHOT sales.s2 TO repo")).toEqual({
      code: 5064,
      state: "42000",
      message: "Can only run one backup or restore job of a database at same time",
    });
    await lab.client.run("BACKUP SNAPSHOT other.o1 TO repo");
    lab.server.ticker.start();
    await finished(lab.client, "BACKUP", "sales");
    await finished(lab.client, "BACKUP", "other");
    expect(await lab.client.rows("SHOW BACKUP")).toHaveLength(2);
    await restore(lab.client, "sales", "s1", "orders AS copy");
    expect(await lab.client.rows("SHOW BACKUP FROM sales")).toEqual([]);
  });

  it("burns its label only once something was uploaded", async () => {
    const cancelAfter = async (label: string, ticks: number) => {
      await lab.server.ticker.pause();
      await lab.client.run(`BACKUP SNAPSHOT sales.${label} TO repo`);
      for (let tick = 0; tick < ticks; tick += 1) await lab.server.ticker.tick();
      await lab.client.run("CANCEL BACKUP FROM sales");
      return finished(lab.client, "BACKUP", "sales");
    };
    expect(await cancelAfter("early", 2)).toMatchObject({
      State: "CANCELLED",
      Status: "[COMMON_ERROR, msg: user cancelled]",
    });
    expect(await lab.client.rows("SHOW SNAPSHOT ON repo")).toEqual([]);
    expect(await cancelAfter("late", 3)).toMatchObject({ State: "CANCELLED" });
    expect(await lab.client.rows("SHOW SNAPSHOT ON repo")).toEqual([
      { Snapshot: "late", Timestamp: "", Status: "ERROR: no snapshot" },
    ]);
    expect((await lab.client.failure("BACKUP SNAPSHOT sales.late TO repo")).message).toBe(
      "Snapshot with name 'late' already exist in repository",
    );
    lab.server.ticker.start();
    expect(await backup(lab.client, "early")).toMatchObject({ State: "FINISHED" });
  });

  it("is cancelled when what it names vanished before PENDING, or a version was merged away", async () => {
    await lab.server.ticker.pause();
    await lab.client.run("BACKUP SNAPSHOT sales.s1 TO repo ON (orders PARTITION (p1))");
    await lab.client.run("ALTER TABLE sales.orders DROP PARTITION p1");
    await lab.server.ticker.tick();
    expect(await finished(lab.client, "BACKUP", "sales")).toMatchObject({
      Status: "[NOT_FOUND, msg: partition p1 does not exist  in tableorders]",
    });
    lab.server.cluster.knobs.failStep = (job) => {
      if (job.state === "SNAPSHOTING")
        throw new JobFailure("OLAP_VERSION_ALREADY_MERGED", "make snapshot failed, version already merged");
    };
    lab.server.ticker.start();
    expect(await backup(lab.client, "s1")).toMatchObject({
      State: "CANCELLED",
      Status: "[OLAP_VERSION_ALREADY_MERGED, msg: make snapshot failed, version already merged]",
    });
  });

  it("stands still with [OK] while a backend is down, and can be cancelled", async () => {
    await lab.server.ticker.pause();
    await lab.client.run("BACKUP SNAPSHOT sales.s1 TO repo");
    await lab.server.ticker.tick();
    lab.server.cluster.deadBackends.add(1001);
    for (let tick = 0; tick < 3; tick += 1) await lab.server.ticker.tick();
    const [row] = await lab.client.rows("SHOW BACKUP FROM sales");
    expect(row).toMatchObject({ State: "SNAPSHOTING", Status: "[OK]" });
    expect(row?.["UnfinishedTasks"]).toMatch(/^(\d+=1001(, |$)){6}$/);
    await lab.client.run("CANCEL BACKUP FROM sales");
    expect(await state()).toBe("CANCELLED");
  });
});

it("a job that outlives its timeout is cancelled", async () => {
  await lab.server.ticker.pause();
  await lab.client.run(`BACKUP SNAPSHOT sales.s1 TO repo PROPERTIES ("timeout" = "600")`);
  await lab.server.ticker.tick();
  lab.server.cluster.knobs.clockOffsetMs = 601_000;
  await lab.server.ticker.tick();
  expect((await lab.client.rows("SHOW BACKUP FROM sales"))[0]).toMatchObject({
    State: "CANCELLED",
    Status: "[TIMEOUT, msg: ]",
    Timeout: "600",
  });
});

it("4.2 can drop snapshots of its own cluster", async () => {
  const newest = await startLab({ version: "4.2" });
  try {
    await newest.client.run("CREATE DATABASE sales");
    await createOrders(newest.client);
    await createRepository(newest.client);
    await backup(newest.client, "s1");
    await newest.client.run("DROP SNAPSHOT s1 ON repo");
    expect(await newest.client.rows("SHOW SNAPSHOT ON repo")).toEqual([]);
    expect((await newest.client.failure("DROP SNAPSHOT s1 ON repo")).message).toBe(
      "Snapshot does not exist in repository repo: s1",
    );
    await backup(newest.client, "s1");
    newest.server.cluster.clusterId = "another";
    expect((await newest.client.failure("DROP SNAPSHOT s1 ON repo")).message).toMatch(
      /^Snapshot s1 in repository repo was created by cluster \d+, and this cluster is another\. Use DROP SNAPSHOT/,
    );
    await newest.client.run("DROP SNAPSHOT s1 ON repo FORCE");
  } finally {
    await newest.end();
  }
});

it("SHOW SNAPSHOT lists, filters and gives details", async () => {
  await backup(lab.client, "s1");
  await backup(lab.client, "s2", "ON (orders PARTITION (p1))");
  const listed = await lab.client.rows("SHOW SNAPSHOT ON repo WHERE SNAPSHOT IN ('s2', 'nope')");
  expect(listed).toMatchObject([{ Snapshot: "s2", Status: "OK" }]);
  const stamp = listed[0]?.["Timestamp"];
  expect(stamp).toMatch(/^\d{4}(-\d{2}){5}-\d{3}$/);
  expect(await lab.client.rows("SHOW SNAPSHOT ON repo WHERE SNAPSHOT = 'nope'")).toEqual([
    { Snapshot: "nope", Timestamp: "", Status: "ERROR: no snapshot" },
  ]);
  const [detail] = await lab.client.rows(
    `SHOW SNAPSHOT ON repo WHERE SNAPSHOT = 's2' AND TIMESTAMP = '${stamp}'`,
  );
  expect(detail).toMatchObject({ Database: "sales", Status: "OK" });
  expect(JSON.parse(String(detail?.["Details"]))).toMatchObject({
    name: "s2",
    backup_objects: { orders: { partitions: { p1: {} } } },
  });
  expect((await lab.client.failure("SHOW SNAPSHOT ON repo WHERE TIMESTAMP = 'x'")).message).toContain(
    "Where clause should looks like: SNAPSHOT = 'your_snapshot_name'",
  );
  expect(await lab.client.failure("SHOW SNAPSHOT ON nowhere")).toMatchObject({ code: 5064 });
});

describe("BACKUP refuses", () => {
  it.each([
    [
      "BACKUP SNAPSHOT nowhere.s TO repo",
      5501,
      "Getting analyzing error. Detail message: Unknown database 'nowhere'.",
    ],
    [
      "BACKUP SNAPSHOT sales.s TO nowhere",
      5064,
      "Getting analyzing error. Detail message: Repository [nowhere] does not exist.",
    ],
    [
      "BACKUP SNAPSHOT sales.s TO repo ON (t)",
      1064,
      "Getting analyzing error. Detail message: Incorrect table name 't'.",
    ],
    [
      "BACKUP SNAPSHOT sales.s TO repo ON (orders, orders)",
      1064,
      "Getting analyzing error at line 1, column 44. Detail message: Duplicated table: orders.",
    ],
    [
      "BACKUP SNAPSHOT sales.s TO repo ON (orders AS o)",
      1064,
      "Getting syntax error. Detail message: Specifying alias for backup object is forbidden in BACKUP stmt.",
    ],
    [
      "BACKUP DATABASE sales SNAPSHOT sales.s TO repo",
      1064,
      "Getting syntax error. Detail message: Specifying dbName before snapshot name is forbidden if the DbName is specified explicitly in BACKUP/RESTORE.",
    ],
    [
      `BACKUP SNAPSHOT sales.s TO repo PROPERTIES ("timeout" = "60")`,
      5064,
      "Getting analyzing error. Detail message: timeout must be at least 10 min.",
    ],
    [
      `BACKUP SNAPSHOT sales.s TO repo PROPERTIES ("ttl" = "7 DAY")`,
      5064,
      "Getting analyzing error. Detail message: Unknown backup job properties: [ttl].",
    ],
    ["CANCEL BACKUP FROM sales", 5064, "No backup job is currently running"],
    [
      "CANCEL BACKUP",
      1064,
      "Getting syntax error. Detail message: No selected database for cancel BACKUP/RESTORE.",
    ],
    [
      "DROP SNAPSHOT s ON repo",
      1064,
      "Getting syntax error at line 1, column 5. Detail message: Unexpected input 'SNAPSHOT', the most similar input is {a legal statement}.",
    ],
  ])("%s", async (sql, code, message) => {
    expect(await lab.client.failure(sql)).toMatchObject({ code, message });
  });

  it("unknown partitions, with the words glued as in the product", async () => {
    const failure = await lab.client.failure("BACKUP SNAPSHOT sales.s TO repo ON (orders PARTITION (zz))");
    expect(failure.message).toMatch(/Detail message: partition\[zz\] does not exist {2}in tableorders\.$/);
  });

  it("tables with temporary partitions, also those of a running INSERT OVERWRITE", async () => {
    const refusal = { code: 5064, message: "Do not support backing up table with temp partitions" };
    let release: () => void = () => undefined;
    lab.server.cluster.overwriteBarrier = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const other = await lab.connect();
    const overwriting = other.run("INSERT OVERWRITE sales.orders PARTITION (p1) SELECT 5, '2025-01-01', 'n'");
    for (let tries = 0; tries < 200; tries += 1) {
      const [row] = await lab.client.rows(
        "SELECT count(*) AS n FROM information_schema.partitions_meta WHERE IS_TEMP = 1",
      );
      if (row?.["n"] === "1") break;
    }
    expect(await lab.client.failure("BACKUP SNAPSHOT sales.s TO repo")).toMatchObject(refusal);
    release();
    await overwriting;
    await lab.client.run(
      `ALTER TABLE sales.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`,
    );
    expect(await lab.client.failure("BACKUP SNAPSHOT sales.s TO repo")).toMatchObject(refusal);
    await lab.client.run("ALTER TABLE sales.orders DROP TEMPORARY PARTITION tp");
    expect(await backup(lab.client, "s")).toMatchObject({ State: "FINISHED" });
  });

  it("a whole database for one shared-data table in it", async () => {
    await lab.client.run(`CREATE TABLE sales.lake (id INT) ${one}`);
    const table = lab.server.cluster.catalog.allTables().find((one) => one.name === "lake");
    if (table) table.engine = "CLOUD_NATIVE";
    expect(await lab.client.failure("BACKUP SNAPSHOT sales.s TO repo")).toMatchObject({
      code: 5064,
      message: "Table: lake can not support backup restore, type: CLOUD_NATIVE",
    });
    expect(await backup(lab.client, "s", "ON (orders)")).toMatchObject({ State: "FINISHED" });
  });

  it("the grammar of 3.4 on 3.3", async () => {
    const old = await startLab({ version: "3.3" });
    try {
      await old.client.run("CREATE DATABASE sales");
      await createOrders(old.client);
      await createRepository(old.client);
      for (const sql of [
        "BACKUP DATABASE sales SNAPSHOT s TO repo",
        "BACKUP SNAPSHOT sales.s TO repo ON (TABLE orders)",
      ]) {
        expect((await old.client.failure(sql)).message).toMatch(
          /^Getting syntax error at line 1, column \d+/,
        );
      }
      expect(await backup(old.client, "s", "ON (orders)")).toMatchObject({ State: "FINISHED" });
      expect(
        (await old.client.failure("SELECT VERSION_EPOCH FROM information_schema.partitions_meta")).message,
      ).toContain("Column 'VERSION_EPOCH' cannot be resolved");
    } finally {
      await old.end();
    }
  });
});
