import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { describeEmbedded, testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { createRepository } from "../support/embedded.ts";
import { backup, ended, one, restoreText } from "../support/jobs.ts";
import { analyzedCommon, common } from "../support/refusals.ts";

const cluster = useCluster();

describe("§8 SHOW REPOSITORIES", () => {
  test("has these columns, in this order", async () => {
    expect((await cluster.client.columns("SHOW REPOSITORIES")).map(({ name }) => name)).toEqual([
      "RepoId",
      "RepoName",
      "CreateTime",
      "IsReadOnly",
      "Location",
      "Broker",
      "ErrMsg",
    ]);
  });

  test("shows the repository at hand: healthy, broker-less", async () => {
    const rows = await cluster.client.rows("SHOW REPOSITORIES");
    expect(rows.find((row) => row["RepoName"] === cluster.repository)).toMatchObject({
      RepoId: expect.stringMatching(/^\d+$/),
      CreateTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      IsReadOnly: "false",
      Broker: "",
      ErrMsg: null,
    });
  });
});

describe("§8 errors", () => {
  test.each(["1repo", "re-po", `r${"x".repeat(64)}`, "__x"])("the name %s is refused", async (name) => {
    expect(
      await cluster.client.refusal(`CREATE REPOSITORY \`${name}\` WITH BROKER ON LOCATION "s3://bucket/x"`),
    ).toMatchObject({ message: expect.stringContaining(`Incorrect repository name '${name}'`) });
  });

  test("DROP REPOSITORY of none: without the name", async () => {
    expect(await cluster.client.refusal(`DROP REPOSITORY ${unique("none")}`)).toEqual(
      analyzedCommon("Repository does not exist"),
    );
  });

  testEmbedded(
    "a name that is taken, even for the same place",
    "has an object store for itself",
    async () => {
      expect(await cluster.client.refusal(createRepository(cluster.repository))).toEqual(
        common(`Failed to create repository: repository with same name already exist: ${cluster.repository}`),
      );
    },
  );

  testEmbedded(
    "there is no ALTER REPOSITORY",
    "is the same everywhere, but would try a real one",
    async () => {
      expect(
        await cluster.client.refusal(`ALTER REPOSITORY ${cluster.repository} SET ("a" = "b")`),
      ).toMatchObject({
        code: 1064,
      });
    },
  );
});

describeEmbedded("§8, §19.17 an object store shared by clusters", "needs two clusters", () => {
  const store = mkdtempSync(join(tmpdir(), "conformance-store-"));
  afterAll(() => rmSync(store, { recursive: true, force: true }));
  const first = useCluster({ repositories: store });
  const second = useCluster({ repositories: store });

  async function snapshot(): Promise<{ database: string; label: string }> {
    const [database, label] = [await first.database(), unique("s")];
    await first.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    await first.client.run(`INSERT INTO ${database}.t VALUES (1), (2)`);
    await backup(first, database, label);
    return { database, label };
  }

  test("the same name and place sees the same snapshots, and restores them", async () => {
    const { label } = await snapshot();
    const target = second.dropLater(unique("db"));
    await second.client.run(await restoreText(second, { into: target, label }));
    expect(await ended(second, "RESTORE", target)).toMatchObject({ State: "FINISHED" });
    expect(await second.client.rows(`SELECT id FROM ${target}.t ORDER BY id`)).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  });

  test("labels are unique across clusters", async () => {
    const { label } = await snapshot();
    const database = await second.database();
    await second.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
    expect(
      await second.client.refusal(`BACKUP SNAPSHOT ${database}.${label} TO ${second.repository}`),
    ).toEqual(common(`Snapshot with name '${label}' already exist in repository`));
  });

  test("the creation time is read from the store", async () => {
    const time = async (on: typeof first) =>
      (await on.client.rows("SHOW REPOSITORIES")).map((row) => row["CreateTime"]);
    expect(await time(second)).toEqual(await time(first));
  });

  test("another name, or another place, sees nothing of it", async () => {
    const { label } = await snapshot();
    for (const [name, place] of [
      [unique("other"), "s3://bucket/prefix"],
      [second.repository, "s3://bucket/elsewhere"],
    ] as const) {
      if (name === second.repository) await second.client.run(`DROP REPOSITORY ${name}`);
      await second.client.run(createRepository(name, place));
      const rows = await second.client.rows(`SHOW SNAPSHOT ON ${name} WHERE SNAPSHOT IN ('${label}')`);
      expect(rows).toEqual([]);
      await second.client.run(`DROP REPOSITORY ${name}`);
    }
    await second.client.run(createRepository(second.repository));
  });

  test("read-only: refuses BACKUP, before the tables; restores", async () => {
    const { label } = await snapshot();
    const database = await second.database();
    await second.client.run(`CREATE TABLE ${database}.x (id INT) ${one}`);
    await second.client.run(`DROP REPOSITORY ${second.repository}`);
    await second.client.run(
      createRepository(second.repository).replace("CREATE REPOSITORY", "CREATE READ ONLY REPOSITORY"),
    );
    expect((await second.client.rows("SHOW REPOSITORIES"))[0]).toMatchObject({ IsReadOnly: "true" });
    expect(
      await second.client.refusal(`BACKUP SNAPSHOT ${database}.${unique("s")} TO ${second.repository}`),
    ).toEqual(common(`Repository ${second.repository} is read only`));
    await second.client.run(await restoreText(second, { into: database, label }));
    expect(await ended(second, "RESTORE", database)).toMatchObject({ State: "FINISHED" });
    await second.client.run(`DROP REPOSITORY ${second.repository}`);
    await second.client.run(createRepository(second.repository));
  });

  test("DROP REPOSITORY detaches only: made again, it has its snapshots", async () => {
    const { label } = await snapshot();
    await first.client.run(`DROP REPOSITORY ${first.repository}`);
    expect(await first.client.refusal(`SHOW SNAPSHOT ON ${first.repository}`)).toEqual(
      analyzedCommon(`Repository [${first.repository}] does not exist`),
    );
    await first.client.run(createRepository(first.repository));
    expect(
      await first.client.rows(`SHOW SNAPSHOT ON ${first.repository} WHERE SNAPSHOT = '${label}'`),
    ).toMatchObject([{ Snapshot: label, Status: "OK" }]);
  });
});
