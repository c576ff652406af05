import fc from "fast-check";
import { expect, test } from "vitest";
import { planBackup } from "../../../../lib/planning/backup/backup-plan.ts";
import { baselineTable } from "../../../../lib/planning/backup/baseline-table.ts";
import type { TableChange } from "../../../../lib/planning/backup/changes.ts";
import { changedSince, wholeTable } from "../../../../lib/planning/backup/changes.ts";
import { splitIntoParts } from "../../../../lib/planning/backup/parts.ts";
import { chain, coveredTables } from "../../../../lib/planning/coverage.ts";
import { live, record } from "../fixtures.ts";

function tableOf(name: string, partitions: number, change = {}): ReturnType<typeof live> {
  const names = Array.from({ length: partitions }, (_, index) => [`p${index}`, `f${index}`]);
  return live(Object.fromEntries(names), { table: name, ...change });
}

test("what fits stays one part", () => {
  const changes = [wholeTable(tableOf("a", 3))];
  expect(splitIntoParts(changes, 3)).toEqual([changes]);
});

test("a table with automatic partitions is never split", () => {
  expect(splitIntoParts([wholeTable(tableOf("a", 9, { automatic: true }))], 2)).toHaveLength(1);
});

test("whatever the sizes, no part is too large, and the last part's chain holds every partition once", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 6 }), (counts, most) => {
      const tables = counts.map((count, index) => tableOf(`t${index}`, count));
      const question = {
        group: "g",
        type: "full",
        repository: "r",
        plannedAt: "2025-01-01 00:00:00",
        changes: tables.map(wholeTable),
        skipped: [],
        baselines: new Map(),
        name: undefined,
        maxPartitionsPerJob: most,
      } as const;
      const planned = planBackup(question, question.plannedAt);
      const { plan, manifestTables } = planned;
      const manifestPartitions = [...planned.manifestPartitions];
      expect(Math.max(0, ...plan.snapshots.map((each) => each.partitions))).toBeLessThanOrEqual(most);
      expect(manifestPartitions).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
      const records = plan.snapshots.map((each) => record(each.label, { baseline: each.baseline }));
      const last = plan.snapshots.at(-1)?.label ?? "";
      const labels = chain(last, new Map(records.map((each) => [each.label, each])));
      const covered = coveredTables(labels, manifestTables, manifestPartitions);
      for (const table of tables) {
        expect(covered.tables.get(`sales.${table.table}`)?.partitions.size).toBe(table.partitions.size);
      }
      expect(new Set(plan.snapshots.map((each) => each.label)).size).toBe(plan.snapshots.length);
    }),
  );
});

test("tombstones of a table nothing is copied of are written once", () => {
  const [covered] = coveredTables(
    ["f"],
    [{ ...tableFacts("gone"), label: "f", content: "whole" }],
    ["p0", "p1"].map((partition) => ({
      label: "f",
      database: "sales",
      table: "gone",
      partition,
      presence: "held" as const,
      fingerprint: "f0",
      value: "",
      rows: 1,
      bytes: 1,
    })),
  ).tables.values();
  const changes: readonly TableChange[] = [
    changedSince(tableOf("gone", 1), covered && baselineTable(covered)),
    wholeTable(tableOf("big", 5)),
  ];
  const dropped = splitIntoParts(changes, 2).map((part) => part.flatMap((each) => each.dropped));
  expect(dropped).toEqual([["p1"], [], []]);
});

function tableFacts(table: string) {
  return {
    database: "sales",
    table,
    schemaHash: "s1",
    partitionKind: "range" as const,
    automatic: false,
    replicationNum: 1,
  };
}
