import { expect, test } from "vitest";
import { restoreCost } from "../../../../../lib/planning/restore/preflight/cost.ts";
import type { PlannedRestore, RestorePart } from "../../../../../lib/planning/restore/restore-plan.ts";

const part = (rows: number, bytes: number): RestorePart => ({
  ...{ label: "l", timestamp: "t", whole: true, partitions: 1, partitionsHash: "h", as: "t__r_0a1b2c3d_0" },
  ...{ rows, bytes },
});

function planned(change: Partial<PlannedRestore> & Pick<PlannedRestore, "parts">): PlannedRestore {
  return {
    ...{ database: "sales", table: "orders", label: "l", cutFrom: "", cutTo: "", strategy: "alias" },
    ...{ automatic: false, replicationNum: 1, partitionKind: "range", assembledAs: "t__r_0a1b2c3d_1" },
    ...{ superfluous: [], replaces: undefined, partitions: 1, rows: 10, bytes: 100 },
    ...change,
  };
}

const replaces = { partitions: 1, rows: 7, bytes: 70, keptAs: "kept" };

test("one snapshot is downloaded once a replica, and nothing is written twice", () => {
  const cost = restoreCost([planned({ parts: [part(10, 100)], replicationNum: 3, replaces })]);
  expect(cost).toEqual({
    downloadBytes: 300,
    rewrittenRows: 0,
    peakBytes: 300,
    keptBytes: 300,
    unknownSizes: 0,
  });
});

test("parts that are put into the first one are written a second time", () => {
  const parts = [part(8, 80), part(1, 15), part(1, 5)];
  const cost = restoreCost([planned({ parts, strategy: "merge", superfluousBytes: 30 })]);
  expect(cost).toMatchObject({ downloadBytes: 130, rewrittenRows: 2, peakBytes: 150, keptBytes: 100 });
});

test("single partitions are written into the live table, and what they held into a copy", () => {
  const cost = restoreCost([
    planned({ parts: [part(10, 100)], strategy: "partitions", only: ["p1"], replaces }),
  ]);
  expect(cost).toMatchObject({ downloadBytes: 100, rewrittenRows: 17, peakBytes: 270, keptBytes: 100 });
});

test("tables add up, and so do partitions of unknown size", () => {
  const one = planned({ parts: [part(10, 100)], unknownSizes: 2 });
  expect(restoreCost([one, one])).toMatchObject({ downloadBytes: 200, keptBytes: 200, unknownSizes: 4 });
});
