import { afterEach, beforeEach, expect, test } from "vitest";
import { failure, firstSnapshot } from "../support/outcomes.ts";
import { daily, numbers } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
const labels: string[] = [];

beforeEach(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, (client) => daily(client, "shop", "orders"));
  labels.length = 0;
  for (const type of ["full", "incremental", "full"]) {
    labels.push(String(firstSnapshot(await it.backUp({ group: "g", type }))["label"]));
    await it.client.run("INSERT INTO shop.orders VALUES ('2025-01-01', 7)");
    it.passSeconds(60);
  }
});
afterEach(() => it.close());

test("a backup whose row cannot be read is named and passed over; what stands on it cannot be restored, the others can", async () => {
  const [first = "", second = "", third = ""] = labels;
  await it.client.run(`UPDATE ops.backup_history SET left_out = 'no JSON' WHERE label = '${first}'`);
  const named = expect.stringMatching(new RegExp(`backup_history \\(label ${first}.*its column left_out is`));
  expect((await it.backUp({ group: "g", type: "incremental" }))["notes"]).toContainEqual(named);
  const restored = await it.restore({ target_label: third });
  expect(restored["notes"]).toContainEqual(named);
  expect(await numbers(it.client, "shop.orders")).toEqual([0, 7, 7, 1, 2, 3, 4]);
  expect(failure(await it.call("restore_plan", { target_label: first })).code).toBe("UNKNOWN_LABEL");
  expect(failure(await it.call("restore_plan", { target_label: second }))).toMatchObject({
    code: "CHAIN_BROKEN",
    message: expect.stringContaining("shop.orders"),
  });
});
