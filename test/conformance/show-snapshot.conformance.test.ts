import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { testEmbedded, unique, useCluster } from "../support/cluster.ts";
import { backup, createOrders, timestamp } from "../support/jobs.ts";
import { analyzed, analyzedCommon } from "../support/refusals.ts";

const cluster = useCluster();

/** A finished backup of a table of three partitions. */
async function snapshot(): Promise<{ database: string; label: string }> {
  const [database, label] = [await cluster.database(), unique("s")];
  await createOrders(cluster, `${database}.orders`);
  await backup(cluster, database, label);
  return { database, label };
}

const show = (where: string) => cluster.client.rows(`SHOW SNAPSHOT ON ${cluster.repository} ${where}`);
const stamp = expect.stringMatching(/^\d{4}(-\d\d){5}-\d{3}$/);

describe("§4 SHOW SNAPSHOT", () => {
  test("without WHERE: Snapshot, Timestamp, Status of all", async () => {
    const [first, second] = [await snapshot(), await snapshot()];
    const rows = await show("");
    for (const { label } of [first, second])
      expect(rows).toContainEqual({ Snapshot: label, Timestamp: stamp, Status: "OK" });
  });

  test("by name: one row", async () => {
    const { label } = await snapshot();
    expect(await show(`WHERE SNAPSHOT = '${label}'`)).toEqual([
      { Snapshot: label, Timestamp: stamp, Status: "OK" },
    ]);
  });

  test("by a name nobody has: one row all the same", async () => {
    const label = unique("none");
    expect(await show(`WHERE SNAPSHOT = '${label}'`)).toEqual([
      { Snapshot: label, Timestamp: "", Status: "ERROR: no snapshot" },
    ]);
  });

  test("by name and timestamp: database and details too, by names only", async () => {
    const { database, label } = await snapshot();
    const time = await timestamp(cluster, label);
    const rows = await show(`WHERE SNAPSHOT = '${label}' AND TIMESTAMP = '${time}'`);
    expect(rows).toMatchObject([{ Snapshot: label, Timestamp: time, Database: database, Status: "OK" }]);
    expect(Object.keys(rows[0] ?? {})).toEqual(["Snapshot", "Timestamp", "Database", "Details", "Status"]);
    const details = String(rows[0]?.["Details"]);
    for (const name of ["orders", "p1", "p2", "p3"]) expect(details).toContain(`"${name}"`);
    expect(JSON.parse(details)).toMatchObject({ backup_objects: { orders: { partitions: { p1: {} } } } });
    expect(details).not.toContain('"version"');
  });

  test("by name and a timestamp that is not: a row with the failure as its Status", async () => {
    const { label } = await snapshot();
    const time = "2018-05-04-16-45-08-123";
    expect(await show(`WHERE SNAPSHOT = '${label}' AND TIMESTAMP = '${time}'`)).toEqual([
      {
        Snapshot: label,
        Timestamp: time,
        Database: null,
        Details: null,
        Status: expect.stringMatching(/^Failed to get info: /),
      },
    ]);
  });

  test("IN: those of the list that are there", async () => {
    const [first, second] = [await snapshot(), await snapshot()];
    const rows = await show(`WHERE SNAPSHOT IN ('${first.label}', '${second.label}', '${unique("none")}')`);
    expect(rows.map((row) => row["Snapshot"]).sort()).toEqual([first.label, second.label].sort());
  });

  test("reads every comparison as =", async () => {
    const { label } = await snapshot();
    for (const operator of ["!=", "<", ">=", "<>"])
      expect(await show(`WHERE SNAPSHOT ${operator} '${label}'`)).toMatchObject([{ Snapshot: label }]);
  });

  test("takes LIKE and ignores it", async () => {
    const { label } = await snapshot();
    const rows = await show("WHERE SNAPSHOT LIKE 'nothing%'");
    expect(rows.map((row) => row["Snapshot"])).toContain(label);
  });

  test.each([
    "WHERE TIMESTAMP = '2018-05-04-16-45-08-123'",
    "WHERE SNAPSHOT = 'a' OR SNAPSHOT = 'b'",
    "WHERE SNAPSHOT = 'a' AND LABEL = 'b'",
    "WHERE SNAPSHOT = 1",
    "WHERE SNAPSHOT = ''",
  ])("refuses %s", async (where) => {
    expect(await cluster.client.refusal(`SHOW SNAPSHOT ON ${cluster.repository} ${where}`)).toEqual(
      analyzed(
        "Where clause should looks like: SNAPSHOT = 'your_snapshot_name' [AND TIMESTAMP = '2018-04-18-19-19-10']",
      ),
    );
  });

  test.each([
    ["WHERE LABEL IN ('a')", "Left expr of should be snapshot"],
    ["WHERE SNAPSHOT IN (1)", "Child of in predicate should be string value"],
  ])("refuses %s", async (where, text) => {
    expect(await cluster.client.refusal(`SHOW SNAPSHOT ON ${cluster.repository} ${where}`)).toEqual(
      analyzed(text),
    );
  });

  test("of an unknown repository", async () => {
    expect(await cluster.client.refusal("SHOW SNAPSHOT ON no_such_repository")).toEqual(
      analyzedCommon("Repository [no_such_repository] does not exist"),
    );
  });

  testEmbedded(
    "joins several timestamps by a newline, and shows a malformed file as Invalid",
    "writes into the object store",
    async () => {
      const { label } = await snapshot();
      const time = await timestamp(cluster, label);
      const { options } = cluster.embedded.cluster;
      const folder = join(
        options.repositories,
        "bucket/prefix",
        `__starrocks_repository_${cluster.repository}`,
        `__ss_${label}`,
      );
      writeFileSync(join(folder, "__info_2999-01-01-00-00-00-000.part"), "");
      expect(await show(`WHERE SNAPSHOT = '${label}'`)).toMatchObject([
        { Timestamp: `${time}\nInvalid: __info_2999-01-01-00-00-00-000.part`, Status: "OK" },
      ]);
    },
  );
});
