import { expect, test } from "vitest";
import { describeEmbedded, type TestCluster, unique, useCluster } from "../support/cluster.ts";
import { backup, one, restoreText } from "../support/jobs.ts";
import { common } from "../support/refusals.ts";

/** A finished backup of a small table. */
async function snapshot(on: TestCluster): Promise<{ database: string; label: string }> {
  const [database, label] = [await on.database(), unique("s")];
  await on.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
  await backup(on, database, label);
  return { database, label };
}

describeEmbedded("§5 DROP SNAPSHOT up to 4.1", "needs those versions", () => {
  const old = useCluster({ version: "4.1" });

  test("is a syntax error, as is the WHERE form on every version", async () => {
    for (const sql of [
      `DROP SNAPSHOT s ON ${old.repository}`,
      `DROP SNAPSHOT ON ${old.repository} WHERE SNAPSHOT = 's'`,
    ])
      expect(await old.client.refusal(sql)).toMatchObject({
        code: 1064,
        message: expect.stringMatching(/^Getting syntax error at line 1, column 5\./),
      });
  });
});

describeEmbedded("§5 DROP SNAPSHOT, 4.2", "needs that version", () => {
  const newest = useCluster({ version: "4.2" });
  const drop = (label: string, tail = "") => `DROP SNAPSHOT ${label} ON ${newest.repository} ${tail}`;

  test("deletes the snapshot and frees its label", async () => {
    const { database, label } = await snapshot(newest);
    await newest.client.run(drop(label));
    expect(
      await newest.client.rows(`SHOW SNAPSHOT ON ${newest.repository} WHERE SNAPSHOT IN ('${label}')`),
    ).toEqual([]);
    expect(await backup(newest, database, label)).toMatchObject({ State: "FINISHED" });
  });

  test("the WHERE form is a syntax error", async () => {
    expect(
      await newest.client.refusal(`DROP SNAPSHOT ON ${newest.repository} WHERE SNAPSHOT = 's'`),
    ).toMatchObject({
      code: 1064,
      message: expect.stringMatching(/^Getting syntax error at line 1, column \d+\./),
    });
  });

  test("of an unknown repository, or an unknown snapshot", async () => {
    expect(await newest.client.refusal("DROP SNAPSHOT s ON none")).toEqual(
      common("Repository does not exist: none"),
    );
    const label = unique("none");
    expect(await newest.client.refusal(drop(label))).toEqual(
      common(`Snapshot does not exist in repository ${newest.repository}: ${label}`),
    );
  });

  test("of a read-only repository", async () => {
    const { label } = await snapshot(newest);
    await newest.client.run(`DROP REPOSITORY ${newest.repository}`);
    const create = `REPOSITORY ${newest.repository} WITH BROKER ON LOCATION "s3://bucket/prefix"`;
    await newest.client.run(`CREATE READ ONLY ${create}`);
    expect(await newest.client.refusal(drop(label))).toEqual(
      common(`Repository ${newest.repository} is read only`),
    );
    await newest.client.run(`DROP REPOSITORY ${newest.repository}`);
    await newest.client.run(`CREATE ${create}`);
  });

  test("of a snapshot in use by a backup or a restore", async () => {
    const { database, label } = await snapshot(newest);
    const { ticker } = newest.embedded;
    const other = unique("s");
    await ticker.pause();
    await newest.client.run(`BACKUP SNAPSHOT ${database}.${other} TO ${newest.repository}`);
    for (let tick = 0; tick < 4; tick += 1) await ticker.tick();
    expect(await newest.client.refusal(drop(other))).toEqual(
      common(`Can not drop snapshot ${other}: a backup is writing it`),
    );
    await newest.client.run(`CANCEL BACKUP FROM ${database}`);
    await newest.client.run(await restoreText(newest, { into: database, label, on: "t AS copy" }));
    expect(await newest.client.refusal(drop(label))).toEqual(
      common(`Can not drop snapshot ${label}: a restore is reading it`),
    );
  });

  test("of another cluster's snapshot, or of one that tells no owner, only with FORCE", async () => {
    const { database, label } = await snapshot(newest);
    const { cluster, ticker } = newest.embedded;
    const self = cluster.clusterId;
    cluster.clusterId = "4711";
    expect(await newest.client.refusal(drop(label))).toEqual(
      common(
        `Snapshot ${label} in repository ${newest.repository} was created by cluster ${self}, and this cluster is 4711. Use DROP SNAPSHOT ... FORCE to drop it anyway`,
      ),
    );
    cluster.clusterId = self;
    await newest.client.run(drop(label, "FORCE"));
    const half = unique("s");
    await ticker.pause();
    await newest.client.run(`BACKUP SNAPSHOT ${database}.${half} TO ${newest.repository}`);
    for (let tick = 0; tick < 4; tick += 1) await ticker.tick();
    await newest.client.run(`CANCEL BACKUP FROM ${database}`);
    expect(await newest.client.refusal(drop(half))).toEqual(
      common(
        `Snapshot ${half} in repository ${newest.repository} does not record which cluster created it, and this cluster is ${self}. Use DROP SNAPSHOT ... FORCE to drop it anyway`,
      ),
    );
    await newest.client.run(drop(half, "FORCE"));
    await newest.client.run(`BACKUP SNAPSHOT ${database}.${half} TO ${newest.repository}`);
  });
});

describeEmbedded("§5 ttl, 4.2", "needs that version, moves the clock", () => {
  const newest = useCluster({ version: "4.2" });
  const listed = async (label: string) =>
    (await newest.client.rows(`SHOW SNAPSHOT ON ${newest.repository} WHERE SNAPSHOT IN ('${label}')`)).length;

  test("the leader deletes what expired, and keeps what has no ttl", async () => {
    const [database, brief, kept] = [await newest.database(), unique("s"), unique("s")];
    await newest.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await backup(newest, database, brief, 'PROPERTIES ("ttl" = "12 HOUR")');
    await backup(newest, database, kept, 'PROPERTIES ("ttl" = "")');
    newest.embedded.cluster.knobs.clockOffsetMs = 11 * 3_600_000;
    await newest.embedded.ticker.expireSnapshots();
    expect([await listed(brief), await listed(kept)]).toEqual([1, 1]);
    newest.embedded.cluster.knobs.clockOffsetMs = 13 * 3_600_000;
    await newest.embedded.ticker.expireSnapshots();
    expect([await listed(brief), await listed(kept)]).toEqual([0, 1]);
  });

  test("of another cluster's snapshots nothing is deleted", async () => {
    const [database, label] = [await newest.database(), unique("s")];
    await newest.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await backup(newest, database, label, 'PROPERTIES ("ttl" = "1 DAY")');
    const { cluster, ticker } = newest.embedded;
    const self = cluster.clusterId;
    cluster.clusterId = "4711";
    cluster.knobs.clockOffsetMs = 25 * 3_600_000;
    await ticker.expireSnapshots();
    expect(await listed(label)).toBe(1);
    cluster.clusterId = self;
    await ticker.expireSnapshots();
    expect(await listed(label)).toBe(0);
  });
});
