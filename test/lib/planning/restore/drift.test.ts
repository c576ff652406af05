import { expect, test } from "vitest";
import { driftOf } from "../../../../lib/planning/restore/drift.ts";

const planned = (rows: number, restored: number) => ({
  replaces: { partitions: 2, rows, bytes: 1, keptAs: "kept" },
  rows: restored,
});
const now = (rows: number, partitions = 2) => ({ rows, partitions, bytes: 1 });

test.each([
  ["the same", planned(10, 10), now(10), "none"],
  ["a partition more", planned(10, 10), now(10, 3), "some"],
  ["half of it more", planned(10, 10), now(15), "some"],
  ["more than half of it gone", planned(10, 10), now(4), "too-much"],
  ["some rows in a table that was emptied", planned(0, 100), now(50), "some"],
  ["as many again", planned(0, 100), now(51), "too-much"],
  ["gone", planned(10, 10), undefined, "some"],
  ["nothing is replaced", { replaces: undefined, rows: 1 }, now(99), "none"],
] as const)("%s", (_, plan, live, kind) => {
  expect(driftOf(plan, live, 50).kind).toBe(kind);
});
