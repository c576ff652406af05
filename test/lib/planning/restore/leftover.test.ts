import { expect, test } from "vitest";
import { type KnownRestore, leftoverOf } from "../../../../lib/planning/restore/leftover.ts";
import {
  isKeptByRestore,
  keepName,
  markIn,
  partName,
  publishName,
} from "../../../../lib/planning/restore/names.ts";
import type { PlannedRestore, RestorePlan } from "../../../../lib/planning/restore/restore-plan.ts";

const mark = "5f0c21aa";
const keptAs = keepName("orders", mark, "20250101");

const planned: PlannedRestore = {
  database: "shop",
  table: "orders",
  label: "l",
  cutFrom: "",
  cutTo: "",
  strategy: "alias",
  automatic: false,
  replicationNum: 1,
  parts: [
    {
      label: "l",
      timestamp: "t",
      whole: true,
      partitions: 1,
      partitionsHash: "",
      bytes: 0,
      as: partName("orders", mark, 0),
    },
  ],
  partitionKind: "none",
  assembledAs: partName("orders", mark, 1),
  superfluous: [],
  replaces: { partitions: 1, rows: 1, bytes: 1, keptAs },
  partitions: 1,
  rows: 1,
  bytes: 1,
};

const plan: RestorePlan = {
  operation: "restore",
  repository: "repo",
  plannedAt: "2025-01-01 00:00:00",
  newestTable: "100",
  keepSeconds: 3600,
  tables: [planned],
  skipped: [],
};

const finished = {
  database: "shop",
  table: "orders",
  status: "FINISHED",
  restoredTableId: "110",
  keptTableId: "50",
  keptUntil: "2025-01-01 01:00:00",
} as const;

const over: KnownRestore = { mark, isOver: true, overSeconds: 10, plan, tables: [finished] };

const found = (table: string, id: string) => ({ database: "shop", table, id });
const early = "2025-01-01 00:30:00";
const late = "2025-01-01 01:00:00";

test("the mark of a run is read from names of every form, and from no other", () => {
  for (const name of [keptAs, partName("orders", mark, 12), publishName("orders", mark, "0badcafe")]) {
    expect(isKeptByRestore(name)).toBe(true);
    expect(markIn(name)).toBe(mark);
  }
  for (const name of ["orders", `orders__r_${mark}`, `orders__replaced_2025_${mark}`, `${keptAs}x`])
    expect(markIn(name)).toBeUndefined();
});

test("a replaced table is due when its time is over, and whatever name it is found under", () => {
  for (const name of [keptAs, publishName("orders", mark, "0badcafe")]) {
    expect(leftoverOf(found(name, "50"), over, early)).toMatchObject({ kind: "replaced", isDue: false });
    expect(leftoverOf(found(name, "50"), over, late)).toMatchObject({ kind: "replaced", isDue: true });
  }
});

test("what an undo has put under the keep name is kept as long", () => {
  expect(leftoverOf(found(keptAs, "110"), over, early)).toMatchObject({ kind: "replaced", isDue: false });
});

test("another table under the keep name is untouched, older or newer than the plan", () => {
  for (const id of ["51", "111"])
    expect(leftoverOf(found(keptAs, id), over, late)).toMatchObject({ kind: "untouched" });
});

test("a replaced table of a release that did not record its id is untouched, and says why", () => {
  const tables = [{ ...finished, keptTableId: undefined, restoredTableId: undefined, keptUntil: undefined }];
  expect(leftoverOf(found(keptAs, "50"), { ...over, tables }, late)).toEqual({
    kind: "untouched",
    reason: expect.stringContaining("an older release"),
  });
});

test("a part is due when the keep time has passed since the end of its run; an older table of its name is untouched", () => {
  const part = partName("orders", mark, 0);
  expect(leftoverOf(found(part, "101"), over, late)).toMatchObject({ kind: "temporary", isDue: false });
  expect(leftoverOf(found(part, "101"), { ...over, overSeconds: 3600 }, late)).toMatchObject({ isDue: true });
  expect(leftoverOf(found(part, "100"), { ...over, overSeconds: 3600 }, late)).toMatchObject({
    kind: "untouched",
  });
});

test("where nothing was to be kept, what is left goes after a week all the same", () => {
  const unkept = { ...over, plan: { ...plan, keepSeconds: 0 } };
  const part = found(partName("orders", mark, 0), "101");
  expect(leftoverOf(part, { ...unkept, overSeconds: 7 * 86_400 - 1 }, late)).toMatchObject({ isDue: false });
  expect(leftoverOf(part, { ...unkept, overSeconds: 7 * 86_400 }, late)).toMatchObject({ isDue: true });
});

test("the copy of a restore of partitions that failed is the run's own; one that is older than the plan is not", () => {
  const failed = { ...finished, status: "FAILED", keptTableId: undefined, keptUntil: undefined } as const;
  const restore: KnownRestore = {
    ...over,
    overSeconds: 3600,
    plan: { ...plan, tables: [{ ...planned, strategy: "partitions", only: ["p1"] }] },
    tables: [failed],
  };
  expect(leftoverOf(found(keptAs, "101"), restore, late)).toMatchObject({ kind: "copy", isDue: true });
  expect(leftoverOf(found(keptAs, "99"), restore, late)).toMatchObject({ kind: "untouched" });
});

test("what no run, an open run or a changed plan speaks of is untouched", () => {
  const table = found(keptAs, "50");
  for (const restore of [undefined, { ...over, isOver: false }, { ...over, plan: undefined }])
    expect(leftoverOf(table, restore, late).kind).toBe("untouched");
  expect(leftoverOf({ ...table, database: "other" }, over, late).kind).toBe("untouched");
});
