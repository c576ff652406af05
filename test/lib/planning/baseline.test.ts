import { expect, test } from "vitest";
import { chooseBaselines } from "../../../lib/planning/backup/baseline.ts";
import { chain } from "../../../lib/planning/coverage.ts";
import { record } from "./fixtures.ts";

test("the baseline is the newest full of this group, not of another group on the same database", () => {
  const finished = [
    record("full_a"),
    record("full_b", { group: "other" }),
    record("incr", { type: "incremental", baseline: "full_a" }),
  ];
  expect(chooseBaselines(finished, "critical", undefined).get("sales")?.label).toBe("full_a");
});

test("a full whose label does not begin with the database's name counts as well", () => {
  const finished = [record("sales_1"), record("monday")];
  expect(chooseBaselines(finished, "critical", undefined).get("sales")?.label).toBe("monday");
});

test("databases whose names begin alike are different databases", () => {
  const finished = [record("sales_1"), record("sales_eu_1", { database: "sales_eu" })];
  const chosen = chooseBaselines(finished, "critical", undefined);
  expect([...chosen].map(([database, { label }]) => [database, label])).toEqual([
    ["sales", "sales_1"],
    ["sales_eu", "sales_eu_1"],
  ]);
});

test("a named baseline may be an incremental, with the other snapshots of its run", () => {
  const run = { runId: "backup_x", type: "incremental" } as const;
  const finished = [
    record("f"),
    record("i_a", { ...run, baseline: "f" }),
    record("i_b", { ...run, database: "hr" }),
  ];
  expect([...chooseBaselines(finished, "critical", "i_a").keys()]).toEqual(["sales", "hr"]);
});

test.each([
  [
    "another group's label",
    [record("theirs", { group: "other" }), record("full")],
    "theirs",
    "UNKNOWN_BASELINE",
  ],
  ["a label that does not exist", [record("full")], "nope", "UNKNOWN_BASELINE"],
  ["no full at all", [record("i", { type: "incremental" })], undefined, "NO_BASELINE"],
])("%s is refused", (_, finished, baseline, code) => {
  expect(() => chooseBaselines(finished, "critical", baseline)).toThrow(expect.objectContaining({ code }));
});

test("a chain follows the recorded baselines, whatever the labels look like", () => {
  const finished = new Map(
    [record("a"), record("b"), record("c", { baseline: "a" }), record("d", { baseline: "c" })].map((each) => [
      each.label,
      each,
    ]),
  );
  expect(chain("d", finished)).toEqual(["d", "c", "a"]);
});

test("a chain ends where a baseline is missing", () => {
  expect(chain("d", new Map([["d", record("d", { baseline: "gone" })]]))).toEqual(["d"]);
});
