import { expect, test } from "vitest";
import { readInstant } from "../../../lib/planning/restore/instant.ts";
import { withoutBlanks } from "../../../lib/windmill/forms/blanks.ts";
import { starrocksResource } from "../../../lib/windmill/forms/fields.ts";
import { script as inventory } from "../../../scripts/inventory.ts";
import { script as plan } from "../../../scripts/plan.ts";
import { script as poll } from "../../../scripts/poll.ts";
import { script as restorePlan } from "../../../scripts/restore_plan.ts";

const resource = starrocksResource.meta()?.title;
const port = starrocksResource.shape.port.meta()?.title ?? "port";
const starrocks = { host: "127.0.0.1", port: 1, user: "root" };

test.each([
  ["2025-11-25 15:00", "2025-11-25 15:00:00"],
  ["2025-11-25T15:00:30Z", "2025-11-25 15:00:30"],
  ["2025-11-25T15:00:00.000Z", "2025-11-25 15:00:00"],
  ["2025-11-25T00:30+01:00", "2025-11-24 23:30:00"],
  ["2025-11-25 15:00:00 -0530", "2025-11-25 20:30:00"],
  ["yesterday", undefined],
  ["2025-13-45 15:00", undefined],
  ["2026-11-31 15:00", undefined],
  ["2026-02-29T15:00+01:00", undefined],
  ["2024-02-29 23:59", "2024-02-29 23:59:00"],
])("the time %s is %s in UTC", (written, utc) => {
  const read = readInstant(written, "UTC");
  expect(read.kind === "instant" ? read.utc : undefined).toBe(utc);
});

test("what an untouched form sends means 'not given'; false and 0 are values", () => {
  expect(withoutBlanks({ a: "", b: null, c: [], d: false, e: 0, f: { g: "", h: 1 } })).toEqual({
    d: false,
    e: 0,
    f: { h: 1 },
  });
});

test("an object whose form nobody touched is not given either", () => {
  expect(withoutBlanks({ error: { name: "", extra: { code: "" } }, list: [{ a: null }] })).toEqual({});
});

test("blank entries of a list do not count, as 'Add item' leaves them", () => {
  expect(withoutBlanks({ tables: ["", " ", null, " d.t ", {}], none: ["", "\n"] })).toEqual({
    tables: [" d.t "],
  });
});

test("blanks around names and numbers in text do not count; a password is left as it is", () => {
  const given = {
    starrocks: { host: " fe1 ", port: " 9030 ", user: "root\n", password: " x " },
    tables: [" d.t ", "базы.таблица"],
    target_label: " label ",
  };
  expect(restorePlan.input.parse(given)).toMatchObject({
    starrocks: { host: "fe1", port: 9030, user: "root", password: " x " },
    tables: ["d.t", "базы.таблица"],
    target_label: "label",
  });
  expect(plan.input.parse({ ...given, group: " g ", max_chain: " 30 " })).toMatchObject({
    group: "g",
    max_chain: 30,
  });
});

test.each([
  ["a missing group", plan, { starrocks }, "Group: write the group's name"],
  ["a missing resource", plan, { group: "critical" }, `${resource}: choose a resource`],
  [
    "a port that is no port",
    plan,
    { starrocks: { ...starrocks, port: 99999 }, group: "g" },
    `${resource}, ${port}: write a whole number from 1 to 65535`,
  ],
  [
    "a port that is a word",
    plan,
    { starrocks: { ...starrocks, port: "mysql" }, group: "g" },
    "write a whole number from 1 to 65535",
  ],
  ["a number with a sign", plan, { starrocks, group: "g", max_chain: "-5" }, "from 2 to 1000"],
  ["a text of blanks", plan, { starrocks, group: "g", baseline: " " }, "Baseline: write a backup's label"],
  ["a group of two lines", plan, { starrocks, group: "g\nh" }, "Group: write the group's name"],
  [
    "a label with a wildcard",
    plan,
    { starrocks, group: "g", baseline: "a*" },
    "Baseline: write a backup's label",
  ],
  [
    "a baseline for a full",
    plan,
    { starrocks, group: "g", type: "full", baseline: "a" },
    "Baseline: leave it empty for a full backup",
  ],
  [
    "two targets",
    restorePlan,
    { starrocks, target_label: "a", target_time: "2025-01-01 00:00" },
    "Backup: give either",
  ],
  ["no target", restorePlan, { starrocks, target_label: "", target_time: null }, "Backup: give either"],
  [
    "a table without its database",
    restorePlan,
    { starrocks, target_label: "a", tables: ["orders"] },
    "Tables, entry 1: write database.table",
  ],
  [
    "a table with a line end in its name",
    restorePlan,
    { starrocks, target_label: "a", tables: ["d.t", "d.t\n# x"] },
    "Tables, entry 2: write database.table",
  ],
  [
    "tables to add and no group",
    inventory,
    { starrocks, add: ["a.b"] },
    "Group: write the group to add tables to",
  ],
  ["a run id that is none", poll, { starrocks, run_id: "x' OR 1=1" }, "Run: write the run_id of a plan"],
])("%s is rejected at the door with the field's title", async (_, script, input, message) => {
  await expect(script.run(input)).rejects.toThrow(
    expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringContaining(message) }),
  );
});
