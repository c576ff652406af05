import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startStarRocks } from "../../local/starrocks/server.ts";
import { answers, run } from "../peers/program.ts";
import { connectTo } from "../support/client.ts";
import { describeEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, ended, restoreText, waitFor } from "../support/jobs.ts";

describeEmbedded("§15 forwarding, with a leader and followers", "several FEs", () => {
  const cluster = useCluster({ followers: 2 });
  const follower = () => cluster.connect({ port: cluster.embedded.followers[0] ?? 0 });

  test("every FE knows all of them, and who leads", async () => {
    const seen = await (await follower()).rows("SHOW FRONTENDS");
    expect(seen.map((row) => row["Role"])).toEqual(["LEADER", "FOLLOWER", "FOLLOWER"]);
    expect(seen.map((row) => Number(row["QueryPort"]))).toEqual([
      cluster.embedded.port,
      ...cluster.embedded.followers,
    ]);
    expect(new Set(seen.map((row) => row["Name"])).size).toBe(3);
  });

  test("DDL, loads and BACKUP are forwarded, and seen on every FE afterwards", async () => {
    const session = await follower();
    const database = cluster.dropLater(unique("db"));
    await session.run(`CREATE DATABASE ${database}`);
    await session.run(`CREATE TABLE ${database}.t (k INT) PROPERTIES ('replication_num' = '1')`);
    await session.run(`INSERT INTO ${database}.t VALUES (1)`);
    await session.run(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository}`);
    expect(await cluster.client.rows(`SELECT k FROM ${database}.t`)).toEqual([{ k: 1 }]);
    expect(await ended(cluster, "BACKUP", database)).toMatchObject({ State: "FINISHED" });
  });

  test("SHOW BACKUP is forwarded: a follower shows memory-only states too", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    await cluster.embedded.ticker.pause();
    await cluster.client.run(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository}`);
    await cluster.embedded.ticker.tick();
    const session = await follower();
    expect(await session.rows(`SHOW BACKUP FROM ${database}`)).toMatchObject([{ State: "SNAPSHOTING" }]);
    cluster.embedded.ticker.start();
    await ended(cluster, "BACKUP", database);
  });

  test("SHOW RESTORE is not: a follower shows journaled states, no progress and no tasks (§7)", async () => {
    const database = await cluster.database();
    const label = unique("s");
    await createOrders(cluster, `${database}.orders`);
    await backup(cluster, database, label);
    const session = await follower();
    await cluster.embedded.ticker.pause();
    await cluster.client.run(await restoreText(cluster, { into: database, label, on: "orders AS copy" }));
    const seen = { leader: new Set<unknown>(), follower: new Set<unknown>() };
    const details = new Set<unknown>();
    for (let tick = 0; tick < 10; tick += 1) {
      await cluster.embedded.ticker.tick();
      const [own] = await cluster.client.rows(`SHOW RESTORE FROM ${database}`);
      const [row] = await session.rows(`SHOW RESTORE FROM ${database}`);
      seen.leader.add(own?.["State"]);
      seen.follower.add(row?.["State"]);
      details.add(`${row?.["Progress"]}${row?.["UnfinishedTasks"]}`);
    }
    cluster.embedded.ticker.start();
    expect([...seen.leader]).toEqual([
      "SNAPSHOTING",
      "DOWNLOAD",
      "DOWNLOADING",
      "COMMIT",
      "COMMITTING",
      "FINISHED",
    ]);
    expect([...seen.follower]).toEqual(["PENDING", "DOWNLOAD", "COMMIT", "FINISHED"]);
    expect([...details]).toEqual([""]);
  });

  test("each FE lists and kills its own connections", async () => {
    const session = await follower();
    const [own] = await session.rows("SELECT connection_id() AS id");
    const listed = (await cluster.client.rows("SHOW PROCESSLIST")).map((row) => row["Id"]);
    expect(listed).not.toContain(String(own?.["id"]));
    expect((await cluster.client.refusal(`KILL ${own?.["id"]}`)).code).toBe(1094);
  });

  test("another FE may take the lead, and a job goes on (§2.1)", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    await cluster.embedded.ticker.pause();
    await cluster.client.run(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository}`);
    await cluster.embedded.ticker.tick();
    await cluster.embedded.cluster.elect(1);
    // SNAPSHOTING was in the former leader's memory only.
    expect(await cluster.client.rows(`SHOW BACKUP FROM ${database}`)).toMatchObject([{ State: "PENDING" }]);
    expect((await cluster.client.rows("SHOW FRONTENDS")).map((row) => row["Role"])).toEqual([
      "FOLLOWER",
      "LEADER",
      "FOLLOWER",
    ]);
    cluster.embedded.ticker.start();
    await waitFor(cluster, "BACKUP", database, (row) => row["State"] === "FINISHED");
    await cluster.embedded.cluster.elect(0);
  });
});

const openssl = await answers("openssl", "version");

describeEmbedded(openssl ? "§15 TLS" : "§15 TLS (skipped: openssl is not installed)", "a key store", () => {
  test.skipIf(!openssl)("is offered with a key only, and never forced", async () => {
    const home = mkdtempSync(join(tmpdir(), "starrocks-tls-"));
    const file = (name: string) => join(home, name);
    const request = `req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout ${file("key")} -out ${file("cert")}`;
    expect((await run("openssl", request.split(" "))).code).toBe(0);
    const tls = { key: readFileSync(file("key"), "utf8"), cert: readFileSync(file("cert"), "utf8") };
    rmSync(home, { recursive: true });
    const secured = await startStarRocks({ tls, rootPassword: "secret" });
    const plain = await startStarRocks();
    const ssl = { ca: tls.cert, rejectUnauthorized: true, verifyIdentity: false };
    try {
      const login = { host: secured.host, port: secured.port, user: "root", password: "secret" };
      for (const options of [{ ...login, ssl }, login]) {
        const client = await connectTo(options);
        expect(await client.rows(`SELECT length('${"x".repeat(100_000)}') AS n`)).toEqual([{ n: "100000" }]);
        client.connection.destroy();
      }
      await expect(connectTo({ ...login, password: "wrong", ssl })).rejects.toMatchObject({ errno: 1045 });
      await expect(
        connectTo({ host: plain.host, port: plain.port, user: "root", ssl }),
      ).rejects.toMatchObject({
        code: "HANDSHAKE_NO_SSL_SUPPORT",
      });
    } finally {
      await secured.close();
      await plain.close();
    }
  });
});
