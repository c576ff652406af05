import { describe, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, ended, one } from "../support/jobs.ts";
import { common, syntax } from "../support/refusals.ts";

const cluster = useCluster();

async function orders(): Promise<string> {
  const database = await cluster.database();
  await createOrders(cluster, `${database}.orders`);
  return database;
}

/** Submits with the loop standing still, does `ticks` steps, then what the case wants. */
async function submitted(database: string, ticks: number, tail = ""): Promise<string> {
  const label = unique("s");
  await cluster.embedded.ticker.pause();
  await cluster.client.run(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository} ${tail}`);
  for (let tick = 0; tick < ticks; tick += 1) await cluster.embedded.ticker.tick();
  return label;
}

const shown = async (database: string) => (await cluster.client.rows(`SHOW BACKUP FROM ${database}`))[0];

const snapshots = (label: string) =>
  cluster.client.rows(`SHOW SNAPSHOT ON ${cluster.repository} WHERE SNAPSHOT IN ('${label}')`);

describe("§2.3 failures", () => {
  testEmbedded("a table dropped before PENDING", "stops the tick", async () => {
    const database = await orders();
    await submitted(database, 0);
    await cluster.client.run(`DROP TABLE ${database}.orders FORCE`);
    await cluster.embedded.ticker.tick();
    expect(await shown(database)).toMatchObject({
      State: "CANCELLED",
      Status: "[NOT_FOUND, msg: table orders does not exist]",
    });
  });

  testEmbedded("a partition dropped before PENDING", "stops the tick", async () => {
    const database = await orders();
    await submitted(database, 0, "ON (orders PARTITION (p1))");
    await cluster.client.run(`ALTER TABLE ${database}.orders DROP PARTITION p1`);
    await cluster.embedded.ticker.tick();
    expect(await shown(database)).toMatchObject({
      State: "CANCELLED",
      Status: "[NOT_FOUND, msg: partition p1 does not exist  in tableorders]",
    });
  });

  testEmbedded("a partition renamed before PENDING", "stops the tick", async () => {
    const database = await orders();
    await submitted(database, 0, "ON (orders PARTITION (p1))");
    await cluster.client.run(`ALTER TABLE ${database}.orders RENAME PARTITION p1 q1`);
    await cluster.embedded.ticker.tick();
    expect(await shown(database)).toMatchObject({
      Status: "[NOT_FOUND, msg: partition p1 does not exist  in tableorders]",
    });
  });

  testEmbedded("no replica alive at PENDING", "kills a backend", async () => {
    const database = await orders();
    await submitted(database, 0);
    for (const id of cluster.embedded.cluster.backendIds()) cluster.embedded.cluster.deadBackends.add(id);
    await cluster.embedded.ticker.tick();
    const row = await shown(database);
    expect(row).toMatchObject({ State: "CANCELLED" });
    expect(row?.["Status"]).toMatch(
      /^\[COMMON_ERROR, msg: failed to choose replica to make snapshot for tablet \d+\. visible version: 2\]$/,
    );
  });

  testEmbedded(
    "a backend that dies after PENDING: no progress, Status [OK], until CANCEL",
    "kills a backend",
    async () => {
      const database = await orders();
      await submitted(database, 1);
      cluster.embedded.cluster.deadBackends.add(cluster.embedded.cluster.backendIds()[0] ?? 0);
      for (let tick = 0; tick < 4; tick += 1) await cluster.embedded.ticker.tick();
      expect(await shown(database)).toMatchObject({ State: "SNAPSHOTING", Status: "[OK]" });
      await cluster.client.run(`CANCEL BACKUP FROM ${database}`);
      expect(await shown(database)).toMatchObject({ State: "CANCELLED" });
    },
  );

  testEmbedded("the same in UPLOADING, until the timeout", "kills a backend, moves the clock", async () => {
    const database = await orders();
    await submitted(database, 3, 'PROPERTIES ("timeout" = "600")');
    cluster.embedded.cluster.deadBackends.add(cluster.embedded.cluster.backendIds()[0] ?? 0);
    for (let tick = 0; tick < 4; tick += 1) await cluster.embedded.ticker.tick();
    expect(await shown(database)).toMatchObject({ State: "UPLOADING", Status: "[OK]" });
    cluster.embedded.cluster.knobs.clockOffsetMs = 601_000;
    await cluster.embedded.ticker.tick();
    expect(await shown(database)).toMatchObject({ State: "CANCELLED", Status: "[TIMEOUT, msg: ]" });
  });

  testEmbedded(
    "no table state is set: loads, ALTER and TRUNCATE go on during the job",
    "stops the tick",
    async () => {
      const database = await orders();
      await submitted(database, 1);
      await cluster.client.run(`INSERT INTO ${database}.orders VALUES (7, '2025-01-01', 'x')`);
      await cluster.client.run(`TRUNCATE TABLE ${database}.orders PARTITION (p3)`);
      await cluster.client.run(`ALTER TABLE ${database}.orders RENAME moved`);
      expect(await cluster.client.rows(`SELECT count(*) AS n FROM ${database}.moved`)).toEqual([{ n: "3" }]);
    },
  );

  testEmbedded("a repository cannot be dropped under a job", "stops the tick", async () => {
    const database = await orders();
    await submitted(database, 1);
    expect(await cluster.client.refusal(`DROP REPOSITORY ${cluster.repository}`)).toEqual(
      common("Backup or restore job is running on this repository. Can not drop it"),
    );
  });
});

describe("§2.4 CANCEL BACKUP", () => {
  test("without FROM is a parse error, even within a database", async () => {
    const [database, session] = [await orders(), await cluster.connect()];
    await session.run(`USE ${database}`);
    for (const kind of ["BACKUP", "RESTORE"])
      expect(await session.refusal(`CANCEL ${kind}`)).toEqual(
        syntax("No selected database for cancel BACKUP/RESTORE"),
      );
  });

  test("of external catalogs, where there is no job of theirs", async () => {
    expect(await cluster.client.refusal("CANCEL BACKUP FOR EXTERNAL CATALOG")).toEqual(
      common("No backup job is currently running"),
    );
    expect(await cluster.client.refusal("CANCEL RESTORE FOR EXTERNAL CATALOG")).toEqual(
      common("No restore is currently running"),
    );
  });

  test("of a database without a job, or with one of the other kind", async () => {
    const database = await orders();
    expect(await cluster.client.refusal(`CANCEL BACKUP FROM ${database}`)).toEqual(
      common("No backup job is currently running"),
    );
    expect(await cluster.client.refusal(`CANCEL RESTORE FROM ${database}`)).toEqual(
      common("No restore is currently running"),
    );
    await backup(cluster, database, unique("s"));
    expect(await cluster.client.refusal(`CANCEL RESTORE FROM ${database}`)).toEqual(
      common("No restore is currently running"),
    );
  });

  test("of an unknown database: wrapped", async () => {
    const name = unique("none");
    expect(await cluster.client.refusal(`CANCEL BACKUP FROM ${name}`)).toEqual({
      code: 5501,
      sqlState: "3F000",
      message: `Getting analyzing error. Detail message: Unknown database '${name}'.`,
    });
  });

  test("of a finished job", async () => {
    const [database, label] = [await orders(), unique("s")];
    await backup(cluster, database, label);
    expect(await cluster.client.refusal(`CANCEL BACKUP FROM ${database}`)).toEqual(
      common(`Failed to cancel job: Job with label ${label} can not be cancelled. state: FINISHED`),
    );
  });

  test("of a running job, then of the cancelled one", async () => {
    const [database, label] = [await orders(), unique("s")];
    await cluster.client.run(`BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`);
    await cluster.client.run(`CANCEL BACKUP FROM ${database}`);
    const row = await ended(cluster, "BACKUP", database);
    expect(row).toMatchObject({ State: "CANCELLED", Status: "[COMMON_ERROR, msg: user cancelled]" });
    expect(row["FinishedTime"]).not.toBeNull();
    expect(await cluster.client.refusal(`CANCEL BACKUP FROM ${database}`)).toEqual(
      common(`Failed to cancel job: Job with label ${label} can not be cancelled. state: CANCELLED`),
    );
  });
});

describe("§2.5 the label after a failure", () => {
  const cases: [state: string, ticks: number, burnt: boolean][] = [
    ["PENDING", 0, false],
    ["SNAPSHOTING", 1, false],
    ["UPLOAD_SNAPSHOT", 2, false],
    ["UPLOADING", 3, true],
    ["SAVE_META", 4, true],
    ["UPLOAD_INFO", 5, true],
  ];
  for (const [state, ticks, burnt] of cases)
    testEmbedded(`cancelled in ${state}: ${burnt ? "burnt" : "free"}`, "stops the tick", async () => {
      const database = await orders();
      const label = await submitted(database, ticks);
      expect(await shown(database)).toMatchObject({ State: state });
      await cluster.client.run(`CANCEL BACKUP FROM ${database}`);
      cluster.embedded.ticker.start();
      const again = `BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository}`;
      if (burnt) {
        expect(await snapshots(label)).toEqual([
          { Snapshot: label, Timestamp: "", Status: "ERROR: no snapshot" },
        ]);
        expect(await cluster.client.refusal(again)).toEqual(
          common(`Snapshot with name '${label}' already exist in repository`),
        );
      } else {
        expect(await snapshots(label)).toEqual([]);
        await cluster.client.run(again);
        expect(await ended(cluster, "BACKUP", database)).toMatchObject({ State: "FINISHED" });
      }
    });

  test("finished: refused, and listed OK", async () => {
    const [database, label] = [await orders(), unique("s")];
    await backup(cluster, database, label);
    expect(await snapshots(label)).toMatchObject([{ Snapshot: label, Status: "OK" }]);
  });
});

describe("§2.3 jobs without tablets", () => {
  test("a table without rows is backed up like any other", async () => {
    const database = await cluster.database();
    await cluster.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    expect(await backup(cluster, database, unique("s"))).toMatchObject({ State: "FINISHED", Status: "[OK]" });
  });
});
