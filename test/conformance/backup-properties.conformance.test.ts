import { describe, expect, test } from "vitest";
import { describeEmbedded, type TestCluster, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, ended, one } from "../support/jobs.ts";
import { analyzedCommon, common } from "../support/refusals.ts";

const cluster = useCluster();

async function small(on: TestCluster): Promise<string> {
  const database = await on.database();
  await on.client.run(`CREATE TABLE ${database}.t (id INT) ${one}`);
  return database;
}

describe("§1.2 labels", () => {
  test("refuses an empty label", async () => {
    const database = await small(cluster);
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${database}.\`\` TO ${cluster.repository}`),
    ).toMatchObject({ code: 5082, sqlState: "42000" });
  });

  test("are unique in the repository, whatever the database", async () => {
    const [first, second, label] = [await small(cluster), await small(cluster), unique("s")];
    await backup(cluster, first, label);
    expect(
      await cluster.client.refusal(`BACKUP SNAPSHOT ${second}.${label} TO ${cluster.repository}`),
    ).toEqual(common(`Snapshot with name '${label}' already exist in repository`));
  });

  test("are case-sensitive", async () => {
    const [database, label] = [await small(cluster), unique("s")];
    await backup(cluster, database, label);
    expect(await backup(cluster, database, label.toUpperCase())).toMatchObject({ State: "FINISHED" });
  });

  test("may have a hyphen within back quotes, and no length limit of 64", async () => {
    const [database, label] = [await small(cluster), unique("s")];
    expect(await backup(cluster, database, `\`${label}-x\``)).toMatchObject({ SnapshotName: `${label}-x` });
    const long = label + "x".repeat(80);
    expect(await backup(cluster, database, long)).toMatchObject({ State: "FINISHED", SnapshotName: long });
  });
});

describe("§1.3 PROPERTIES of BACKUP", () => {
  const refused = async (properties: string): Promise<unknown> => {
    const database = await small(cluster);
    return cluster.client.refusal(
      `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository} PROPERTIES (${properties})`,
    );
  };

  test.each([
    ['"type" = "partial"', "Invalid backup job type: partial"],
    ['"timeout" = "soon"', "Invalid timeout format: soon"],
    ['"timeout" = "600s"', "Invalid timeout format: 600s"],
    ['"timeout" = "599"', "timeout must be at least 10 min"],
    ['"timeout" = "-1"', "timeout must be at least 10 min"],
    ['"colour" = "red"', "Unknown backup job properties: [colour]"],
  ])("%s is refused: %s", async (properties, text) => {
    expect(await refused(properties)).toEqual(analyzedCommon(text));
  });

  test.each(["full", "FULL", "incremental", "Incremental"])(
    "type %s is taken and is a full backup",
    async (type) => {
      const database = await small(cluster);
      const row = await backup(cluster, database, unique("s"), `PROPERTIES ("type" = "${type}")`);
      expect(row).toMatchObject({ State: "FINISHED", Timeout: "86400" });
    },
  );

  test("type incremental on a label that exists is not supported", async () => {
    const [database, label] = [await small(cluster), unique("s")];
    await backup(cluster, database, label);
    expect(
      await cluster.client.refusal(
        `BACKUP SNAPSHOT ${database}.${label} TO ${cluster.repository} PROPERTIES ("type" = "incremental")`,
      ),
    ).toEqual(common("Currently does not support incremental backup"));
  });

  test("timeout is in seconds, from 600", async () => {
    const database = await small(cluster);
    expect(await backup(cluster, database, unique("s"), 'PROPERTIES ("timeout" = "600")')).toMatchObject({
      Timeout: "600",
    });
  });

  test("are looked at after the tables", async () => {
    const database = await small(cluster);
    expect(
      await cluster.client.refusal(
        `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository} ON (none) PROPERTIES ("colour" = "red")`,
      ),
    ).toMatchObject({ code: 1064, message: expect.stringContaining("Incorrect table name 'none'") });
  });

  test("are looked at before the handler's checks", async () => {
    const database = await cluster.database();
    await createOrders(cluster, `${database}.orders`);
    await cluster.client.run(
      `ALTER TABLE ${database}.orders ADD TEMPORARY PARTITION tp VALUES [("2025-01-01"), ("2025-01-02"))`,
    );
    expect(
      await cluster.client.refusal(
        `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${cluster.repository} PROPERTIES ("timeout" = "1")`,
      ),
    ).toEqual(analyzedCommon("timeout must be at least 10 min"));
  });
});

describeEmbedded("§1.3, §5 ttl", "needs 4.1 and 4.2", () => {
  const newest = useCluster({ version: "4.2" });
  const before = useCluster({ version: "4.1" });

  test("is an unknown property up to 4.1", async () => {
    const database = await small(before);
    expect(
      await before.client.refusal(
        `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${before.repository} PROPERTIES ("ttl" = "7 DAY")`,
      ),
    ).toEqual(analyzedCommon("Unknown backup job properties: [ttl]"));
  });

  test.each(["7 DAY", "12 HOUR", ""])("'%s' is taken by 4.2", async (ttl) => {
    const database = await small(newest);
    await newest.client.run(
      `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${newest.repository} PROPERTIES ("ttl" = "${ttl}")`,
    );
    expect(await ended(newest, "BACKUP", database)).toMatchObject({ State: "FINISHED" });
  });

  test.each([
    [
      "soon",
      "Invalid ttl: 'soon'. Expected a duration such as '7 DAY' or '12 HOUR', or an empty value to keep the snapshot forever",
    ],
    ["0 DAY", "ttl must be a positive duration, but got: 0 DAY"],
  ])("'%s' is refused by 4.2", async (ttl, text) => {
    const database = await small(newest);
    expect(
      await newest.client.refusal(
        `BACKUP SNAPSHOT ${database}.${unique("s")} TO ${newest.repository} PROPERTIES ("ttl" = "${ttl}")`,
      ),
    ).toMatchObject({ message: expect.stringContaining(text) });
  });
});
