import { expect, test } from "vitest";
import type { ManifestPartition, ManifestTable } from "../../../../lib/catalog/manifest.ts";
import { coveredTables } from "../../../../lib/planning/coverage.ts";
import { planTable } from "../../../../lib/planning/restore/restore-plan.ts";
import { held, manifestTable } from "../fixtures.ts";

function plan(
  labels: readonly string[],
  tables: readonly ManifestTable[],
  partitions: readonly ManifestPartition[],
) {
  const table = coveredTables(labels, tables, partitions).tables.get("sales.orders");
  if (table === undefined) throw new Error("the chain does not resolve");
  return planTable({
    target: table,
    mark: "0a1b2c3d",
    plannedAt: "2025-11-25 14:30:22",
    label: labels[0] ?? "",
    cutFrom: "2025-11-25 14:00:00",
    cutTo: "2025-11-25 14:00:00",
    table,
    manifestTables: tables,
    manifestPartitions: partitions,
    timestamps: new Map(labels.map((label) => [label, `ts-${label}`])),
    live: { partitions: 2, rows: 20, bytes: 200 },
    aliveBackends: 1,
    keepsCounter: false,
  });
}

test("what one snapshot holds is restored under an alias, without a list when the snapshot holds nothing else", () => {
  const planned = plan(["full"], [manifestTable("full")], [held("full", "p1"), held("full", "p2")]);
  expect(planned).toMatchObject({
    strategy: "alias",
    assembledAs: "orders__r_0a1b2c3d_1",
    superfluous: [],
    parts: [{ label: "full", timestamp: "ts-full", whole: true, partitions: 2, as: "orders__r_0a1b2c3d_0" }],
    replaces: { keptAs: "orders__replaced_20251125_0a1b2c3d" },
  });
});

test("each partition is restored once, from its newest holder, into the part with the most bytes", () => {
  const planned = plan(
    ["i1", "full"],
    [manifestTable("i1", { content: "partitions" }), manifestTable("full")],
    [held("full", "p1"), held("full", "p2"), held("full", "p3"), held("i1", "p2", "g", 10)],
  );
  expect(planned).toMatchObject({ strategy: "merge", partitions: 3 });
  expect(planned?.parts.map(({ label, partitions, whole }) => ({ label, partitions, whole }))).toEqual([
    // p2 of the full is superseded, so the full is restored by a list.
    { label: "full", partitions: 2, whole: false },
    { label: "i1", partitions: 1, whole: false },
  ]);
});

test("partitions that are empty, or of unknown size, are not made again to spare the rows of one", () => {
  const empty = Array.from({ length: 20 }, (_, n) => held("full", `e${n}`, "f", 0));
  const bytes = (label: string, size: number) => [...empty, { ...held(label, "p1", "g", 10), bytes: size }];
  const tables = [manifestTable("i1", { content: "partitions" }), manifestTable("full")];
  const first = (size: number) => plan(["i1", "full"], tables, bytes("i1", size))?.parts[0]?.label;
  expect(first(100 * 1024 ** 2)).toBe("full");
  // To write 10 GB once more takes longer than to make 20 partitions.
  expect(first(10 * 1024 ** 3)).toBe("i1");
});

test("an automatic table comes from a whole copy and is pruned, to keep its hidden partition", () => {
  const automatic = { automatic: true };
  const planned = plan(
    ["i1", "full"],
    [manifestTable("i1", { ...automatic, content: "partitions" }), manifestTable("full", automatic)],
    [held("full", "p1", "f", 1), held("full", "p2", "f", 1), held("i1", "p2", "g", 5000)],
  );
  expect(planned?.parts.map(({ label, whole }) => ({ label, whole }))).toEqual([
    { label: "full", whole: true },
    { label: "i1", whole: false },
  ]);
  expect(planned).toMatchObject({ superfluous: ["p2"], assembledAs: "orders__r_0a1b2c3d_2" });
});

test("an unpartitioned table never gets a partition list: its partition is named like the table, and renamed with it", () => {
  const none = { partitionKind: "none" } as const;
  const planned = plan(
    ["i1", "full"],
    [manifestTable("i1", none), manifestTable("full", none)],
    [held("full", "orders"), held("i1", "orders", "g")],
  );
  expect(planned?.parts).toMatchObject([{ label: "i1", whole: true }]);
});

test("more copies than there are backends would fail the restore", () => {
  const planned = plan(["full"], [manifestTable("full", { replicationNum: 3 })], [held("full", "p1")]);
  expect(planned?.replicationNum).toBe(1);
});

test("a table that had no partition has nothing to restore", () => {
  expect(plan(["full"], [manifestTable("full")], [])).toBeUndefined();
});

test("an automatic table that was made anew since the full does not come from the full", () => {
  const automatic = { automatic: true };
  const planned = plan(
    ["i2", "i1", "full"],
    [
      manifestTable("i2", { ...automatic, content: "partitions" }),
      manifestTable("i1", automatic),
      manifestTable("full", { partitionKind: "list" }),
    ],
    [held("full", "k1", "f", 9000), held("i1", "p1", "g", 1), held("i2", "p2", "h", 5000)],
  );
  expect(planned?.parts.map(({ label, whole }) => ({ label, whole }))).toEqual([
    { label: "i1", whole: true },
    { label: "i2", whole: false },
  ]);
});
