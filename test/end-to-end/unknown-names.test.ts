import { afterAll, beforeAll, expect, test } from "vitest";
import { failure, succeeded } from "../support/outcomes.ts";
import { oneTable } from "../support/tables.ts";
import { type World, worldWithGroups } from "../support/world.ts";

let it: World;
beforeAll(async () => {
  it = await worldWithGroups({ g: ["shop.*"] }, oneTable);
});
afterAll(() => it.close());

test("a flow that is started with a name it does not have is refused with the nearest one, before anything is done", async () => {
  const starrocks = it.resource;
  const restore = failure(
    await it.flow("restore", { starrocks, table: "shop.orders", target_time: "2025-01-01 00:00" }),
  );
  expect(restore).toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringContaining(
      "there is no input table (did you mean tables?); there are starrocks, tables,",
    ),
  });
  const backup = failure(await it.flow("backup", { starrocks, group: "g", wm_trigger: {}, zzz: 1 }));
  expect(backup.message).toContain("there is no input zzz; there are starrocks, group,");
});

test("a misspelt key of the resource is refused; what has nothing to do with it is let be", async () => {
  const { host = "", ...rest } = it.resource;
  expect(failure(await it.call("status", { starrocks: { ...rest, hostname: host } }))).toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringContaining("Connection: there is no hostname (did you mean host?)"),
  });
  const misspelt = { ...it.resource, ca_certs: "x" };
  expect(failure(await it.call("status", { starrocks: misspelt })).message).toContain(
    "there is no ca_certs (did you mean ca_cert?)",
  );
  succeeded(await it.call("status", { starrocks: { ...it.resource, warehouse_of_the_other_tool: "x" } }));
});
