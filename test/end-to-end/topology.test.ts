import { afterEach, describe, expect, test } from "vitest";
import type { RunEvent } from "../../local/windmill/events.ts";
import { heldSlots } from "../support/catalog-rows.ts";
import type { Client } from "../support/client.ts";
import { failure, firstSnapshot, succeeded } from "../support/outcomes.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
afterEach(() => it.close());

async function shop(client: Client): Promise<void> {
  await client.run("CREATE DATABASE shop");
  await client.run(`CREATE TABLE shop.t (d DATE NOT NULL, n INT) DUPLICATE KEY (d)
    PARTITION BY RANGE (d) (START ("2025-01-01") END ("2025-01-04") EVERY (INTERVAL 1 DAY))
    DISTRIBUTED BY HASH (d) BUCKETS 1 PROPERTIES ("replication_num" = "1")`);
  await client.run("INSERT INTO shop.t VALUES ('2025-01-01', 1), ('2025-01-02', 2), ('2025-01-03', 3)");
}

/** Full, change, incremental, loss, restore. */
async function wholeLife(): Promise<void> {
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.t VALUES ('2025-01-02', 20)");
  const incremental = firstSnapshot(await it.backUp({ group: "g", type: "incremental" }));
  expect(incremental["partitions"]).toBe(1);
  await it.client.run("TRUNCATE TABLE shop.t");
  await it.restore({ target_label: String(incremental["label"]) });
  expect((await it.client.rows("SELECT n FROM shop.t ORDER BY n")).map((row) => row["n"])).toEqual([
    1, 2, 3, 20,
  ]);
  expect(await heldSlots(it.client)).toEqual([]);
}

describe("every version", () => {
  test.each(["3.3", "4.0", "4.1", "4.2"] as const)("%s", async (version) => {
    it = await worldWithGroups({ g: ["shop.*"] }, shop, { version });
    await wholeLife();
  });
});

describe("several frontends", () => {
  test("a follower in the resource leads to the leader, where everything is done", async () => {
    it = await worldWithGroups({ g: ["shop.*"] }, shop, { followers: 1 });
    const [port] = it.starrocks.followers;
    expect(port).toBeDefined();
    it.resource["port"] = port ?? 0;
    await wholeLife();
  });

  test("a host that does not answer is passed over", async () => {
    it = await worldWithGroups({ g: ["shop.*"] }, shop);
    it.resource["host"] = "127.0.0.9, 127.0.0.1";
    expect(succeeded(await it.flow("backup", { group: "g", type: "full" }))["status"]).toBe("FINISHED");
    it.resource["host"] = "127.0.0.9";
    expect(failure(await it.flow("backup", { group: "g", type: "full" })).code).toBe("CLUSTER_UNREACHABLE");
  });
});

test("times that SHOW renders eight hours off change nothing", async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, shop, { version: "4.1" });
  it.starrocks.cluster.knobs.showTimesInUtc8 = true;
  await wholeLife();
  expect((await it.backUp({ group: "g", type: "auto" }))["status"]).toBe("FINISHED");
  expect((await it.backUp({ group: "g", type: "auto", baseline: "latest" }))["status"]).toBe("NOTHING_TO_DO");
});

test("a catalog whose rows become visible late delays a backup, and takes nothing from it", async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, shop);
  const { publishing } = it.starrocks.cluster;
  publishing.hold();
  const retried: string[] = [];
  let released: Promise<void> | undefined;
  const onEvent = (event: RunEvent) => {
    if (event.kind !== "retrying") return;
    retried.push(event.stepId);
    released ??= publishing.release();
  };
  // No step goes on before the run can be seen: the plan step is tried again, and finds what it has planned.
  const result = succeeded(await it.flow("backup", { group: "g", type: "full" }, { onEvent }));
  await released;
  expect(retried).toEqual(["plan"]);
  expect(result).toMatchObject({ status: "FINISHED", snapshots: [{ partitions: 3 }] });
  expect(await it.client.rows("SELECT state FROM ops.runs")).toEqual([{ state: "FINISHED" }]);
});
