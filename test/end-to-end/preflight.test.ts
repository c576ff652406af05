import { afterEach, beforeEach, expect, test } from "vitest";
import { failure, succeeded } from "../support/outcomes.ts";
import { daily, numbers } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;

const asked = { target_time: "2099-01-01 00:00", tables: ["shop.orders"] };

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.orders"] }, (client) => daily(client, "shop", "orders"));
  await it.backUp({ group: "g", type: "full" });
  await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-02', 50)");
  // What the cluster says of sizes lags some minutes.
  it.passSeconds(600);
  await it.backUp({ group: "g", type: "incremental" });
});
afterEach(() => it.close());

const plan = async (more = {}) =>
  succeeded(await it.call("restore_plan", { ...asked, dry_run: true, ...more }));

test("the plan says what it costs, and by earlier restores how long it takes", async () => {
  const first = await plan();
  expect(first).toMatchObject({
    estimate: { rewritten_rows: 2, space: "enough", unknown_sizes: 0, seconds: null, by_restores: 0 },
  });
  expect(first["html"]).toMatch(/to download, all replicas counted, and about 2 rows to be written again/);
  expect(first["html"]).toContain("no earlier restore of a similar size tells");
  const { download_bytes } = first["estimate"] as { download_bytes: number };
  expect(download_bytes).toBeGreaterThan(0);
  await it.restore(asked);
  // A restore of a few rows may take less than a second.
  await it.client.run(
    "UPDATE ops.runs SET approved_at = seconds_sub(finished_at, 90) WHERE operation = 'restore'",
  );
  const second = await plan();
  expect(second).toMatchObject({ estimate: { seconds: 90, by_restores: 1 } });
  expect(second["html"]).toMatch(/It takes about 2 minutes, by 1 earlier restore since /);
});

test("what does not fit on the backends is refused before anything is recorded", async () => {
  const { knobs } = it.starrocks.cluster;
  knobs.diskBytes = 1000;
  expect(failure(await it.call("restore_plan", asked))).toMatchObject({
    code: "NOT_ENOUGH_SPACE",
    next: expect.stringContaining("cleanup"),
  });
  expect(await it.client.rows("SELECT run_id FROM ops.runs WHERE operation = 'restore'")).toEqual([]);
});

test("a table that was changed while the plan was approved is not replaced", async () => {
  const { run_id = null, plan_hash = null } = succeeded(await it.call("restore_plan", asked));
  await it.client.run("ALTER TABLE shop.orders ADD COLUMN more INT");
  succeeded(await it.call("restore", { run_id, plan_hash, approved: true }));
  await it.call("poll", { run_id, wait_seconds: 60 });
  const error = failure(await it.call("report", { run_id, notes: [] }));
  expect(error.message).toContain("its columns, keys or distribution are not those that it had");
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 1, 50, 2, 3, 4]);
});

test("a routine load into the table is named: it goes on into the replaced one", async () => {
  await it.client.run(`CREATE ROUTINE LOAD shop.clicks ON orders COLUMNS TERMINATED BY ","
    PROPERTIES ("desired_concurrent_number" = "1")
    FROM KAFKA ("kafka_broker_list" = "broker:9092", "kafka_topic" = "clicks")`);
  expect((await plan())["tables"]).toMatchObject([
    {
      affected: [{ kind: "routine_load", object: "shop.clicks" }],
      replaces: { routine_loads: ["shop.clicks"] },
    },
  ]);
  const result = await it.restore(asked);
  expect(result["restored"]).toMatchObject([{ affected: [{ kind: "routine_load", object: "shop.clicks" }] }]);
});

test("a time without a zone is one of the cluster's own, and that is said", async () => {
  await it.client.run("SET GLOBAL time_zone = 'Asia/Shanghai'");
  const said = await plan({ target_time: "2099-01-01 08:00" });
  expect(said).toMatchObject({ asked_for: "2099-01-01 00:00:00" });
  expect(said["notes"]).toContain(
    "2099-01-01 08:00 was taken in the cluster's time zone, Asia/Shanghai: 2099-01-01 00:00:00 UTC.",
  );
  expect(await plan({ target_time: "2099-01-01 08:00", time_zone: "UTC" })).toMatchObject({
    asked_for: "2099-01-01 08:00:00",
  });
});
