import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Embedded, startEmbedded } from "../../support/embedded.ts";
import { createOrders, one, partitions } from "../../support/jobs.ts";

let embedded: Embedded;
beforeAll(async () => {
  embedded = await startEmbedded();
  await embedded.client.run("CREATE DATABASE sales");
});
afterAll(() => embedded.close());

describe("transaction ids", () => {
  test("are not given again after a failed load, nor by the next leader", async () => {
    await embedded.client.run(`CREATE TABLE sales.ids (id INT NOT NULL) ${one}`);
    const { message } = await embedded.client.refusal("INSERT INTO sales.ids VALUES ('abc')");
    const failed = Number(/txn_id = (\d+)/.exec(message)?.[1]);
    await embedded.server.cluster.elect(0);
    const { info } = await embedded.client.run("INSERT INTO sales.ids VALUES (1)");
    expect(Number(/'txnId':'(\d+)'/.exec(info)?.[1])).toBeGreaterThan(failed);
  });
});

test("an INSERT OVERWRITE whose target is truncated meanwhile fails and leaves no temporary partition", async () => {
  await createOrders(embedded, "sales.moving");
  let release: () => void = () => undefined;
  const reached = new Promise<void>((arrived) => {
    embedded.server.cluster.overwriteBarrier = () =>
      new Promise((resolve) => {
        release = resolve;
        arrived();
      });
  });
  const other = await embedded.connect();
  const overwriting = other.refusal(
    "INSERT OVERWRITE sales.moving PARTITION (p1) SELECT 5, '2025-01-01', 'n'",
  );
  await reached;
  expect(Object.keys(await partitions(embedded, "sales", "moving"))).toContainEqual(
    expect.stringMatching(/^txn\d+_p1$/),
  );
  await embedded.client.run("TRUNCATE TABLE sales.moving PARTITION (p1)");
  release();
  expect((await overwriting).message).toContain("Partition p1 was changed");
  expect(Object.keys(await partitions(embedded, "sales", "moving")).sort()).toEqual(["p1", "p2", "p3"]);
});
