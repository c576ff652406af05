import { expect, test } from "vitest";
import { baselineTable } from "../../../../lib/planning/backup/baseline-table.ts";
import { changedSince } from "../../../../lib/planning/backup/changes.ts";
import { coveredTables } from "../../../../lib/planning/coverage.ts";
import { dropped, held, live, manifestTable } from "../fixtures.ts";

const [covered] = coveredTables(
  ["full"],
  [manifestTable("full")],
  [held("full", "p1", "a"), held("full", "p2", "b")],
).tables.values();
const baseline = covered && baselineTable(covered);

test("a partition is copied iff its fingerprint differs or its name is new", () => {
  const change = changedSince(live({ p1: "a", p2: "B", p3: "c" }), baseline);
  expect(change.content).toBe("partitions");
  expect(change.copied.items().map((each) => each.partition)).toEqual(["p2", "p3"]);
  expect(change.dropped).toEqual([]);
});

test("a dropped partition leaves a tombstone, even when nothing else changed", () => {
  const change = changedSince(live({ p1: "a" }), baseline);
  expect(change).toMatchObject({ content: "unchanged", copies: { partitions: 0 }, dropped: ["p2"] });
});

test("a table that the baseline does not have goes whole", () => {
  expect(changedSince(live({ p1: "a" }), undefined).content).toBe("whole");
});

test("a table whose schema changed goes whole, though no partition did", () => {
  const change = changedSince(live({ p1: "a", p2: "b" }, { schemaHash: "s2" }), baseline);
  expect(change.content).toBe("whole");
  expect(change.copied.items()).toHaveLength(2);
});

test("nothing changed", () => {
  expect(changedSince(live({ p1: "a", p2: "b" }), baseline)).toMatchObject({
    content: "unchanged",
    copies: { partitions: 0 },
    dropped: [],
  });
});

test("a table of which every partition changed goes whole, and remembers what was dropped by having everything", () => {
  expect(changedSince(live({ p1: "x" }), baseline)).toMatchObject({ content: "whole", dropped: [] });
});

test("a restore point has the newest entry of every partition, without what was dropped since", () => {
  const coverage = coveredTables(
    ["i2", "i1", "full"],
    [
      manifestTable("i2", { content: "unchanged" }),
      manifestTable("i1", { content: "partitions" }),
      manifestTable("full"),
    ],
    [
      ...[held("full", "p1"), held("full", "p2"), held("full", "p3")],
      ...[held("i1", "p1"), held("i1", "p4"), dropped("i1", "p2")],
      dropped("i2", "p4"),
    ],
  );
  const partitions = coverage.tables.get("sales.orders")?.partitions;
  expect(
    [...(partitions?.values() ?? [])].map(({ partition, label }) => `${partition}@${label}`).sort(),
  ).toEqual(["p1@i1", "p3@full"]);
});

test("what lies below the newest whole copy of a table is not its state", () => {
  const coverage = coveredTables(
    ["i1", "full"],
    [manifestTable("i1"), manifestTable("full")],
    [held("full", "gone"), held("i1", "p1")],
  );
  expect([...(coverage.tables.get("sales.orders")?.partitions.keys() ?? [])]).toEqual(["p1"]);
});

test("a table without a whole copy in reach is reported, never half resolved", () => {
  const coverage = coveredTables(
    ["i1"],
    [manifestTable("i1", { content: "partitions" })],
    [held("i1", "p1")],
  );
  expect(coverage.tables.size).toBe(0);
  expect(coverage.broken).toEqual(["sales.orders"]);
});
