import { expect, test } from "vitest";
import {
  decideAbandoned,
  decideRestore,
  type RestoreObservation,
} from "../../../../lib/planning/restore/decision.ts";
import type { PlannedRestore } from "../../../../lib/planning/restore/restore-plan.ts";
import type { Job } from "../../../../lib/starrocks/observe/jobs.ts";

const part = { timestamp: "t", whole: false, partitions: 1, partitionsHash: "h", bytes: 1 };
const orders: PlannedRestore = {
  database: "sales",
  table: "orders",
  label: "i1",
  cutFrom: "",
  cutTo: "",
  strategy: "merge",
  automatic: false,
  replicationNum: 1,
  partitionKind: "range",
  parts: [
    { ...part, label: "full", as: "o0" },
    { ...part, label: "i1", as: "o1" },
  ],
  assembledAs: "o0",
  superfluous: [],
  replaces: undefined,
  partitions: 2,
  rows: 1,
  bytes: 1,
};
const customers: PlannedRestore = {
  ...orders,
  table: "customers",
  parts: [{ ...part, label: "full", as: "c0" }],
  assembledAs: "c0",
};

const running: Job = {
  label: "full",
  database: "sales",
  state: "DOWNLOADING",
  phase: "running",
  identity: "9@t",
  cut: true,
  snapshotFinished: undefined,
  mark: "m",
  progress: "",
  taskErrors: "",
  status: "[OK]",
};
const cancelled: Job = {
  ...running,
  phase: "cancelled",
  state: "CANCELLED",
  status: "[COMMON_ERROR, msg: no]",
};

function seen(change: Partial<RestoreObservation> = {}): RestoreObservation {
  return {
    database: "sales",
    slot: { kind: "ours" },
    tables: [orders, customers].map((planned) => ({ planned, stage: "planned" })),
    present: new Set<string>(),
    restoreJob: undefined,
    backupJob: undefined,
    submission: undefined,
    together: undefined,
    scheduled: [],
    ...change,
  };
}

test("one statement restores all tables that need a part of one snapshot", () => {
  const action = decideRestore(seen());
  expect(action).toMatchObject({ kind: "submit", label: "full" });
  expect(action.kind === "submit" && action.tables.map((each) => each.table)).toEqual([
    "orders",
    "customers",
  ]);
});

test("parts that are there are not restored again", () => {
  expect(decideRestore(seen({ present: new Set(["o0", "c0"]) }))).toMatchObject({
    kind: "submit",
    label: "i1",
    tables: [orders],
  });
});

test("with all parts there, tables are assembled, then published", () => {
  const present = new Set(["o0", "o1", "c0"]);
  expect(decideRestore(seen({ present }))).toMatchObject({ kind: "assemble", table: orders });
  const ready = [orders, customers].map((planned) => ({ planned, stage: "ready" as const }));
  expect(decideRestore(seen({ tables: ready }))).toMatchObject({ kind: "publish", table: orders });
});

test.each([
  ["a restore", { restoreJob: running }],
  ["a backup", { backupJob: running }],
])("%s that runs on the database is waited for, whoever sent it", (_, jobs) => {
  expect(decideRestore(seen(jobs)).kind).toBe("wait");
});

test("a cancelled job fails the run only when it came after our submission", () => {
  const submission = { label: "full", before: undefined };
  const present = new Set(["o0"]);
  expect(decideRestore(seen({ restoreJob: cancelled, submission, present }))).toMatchObject({
    kind: "fail",
    tables: [{ table: "customers" }],
  });
  const earlier = { label: "full", before: cancelled.identity };
  expect(decideRestore(seen({ restoreJob: cancelled, submission: earlier })).kind).toBe("submit");
  expect(decideRestore(seen({ restoreJob: cancelled })).kind).toBe("submit");
});

test("of a job of several tables that failed, each is tried alone: the reason may be any of them", () => {
  const both = { label: "full", before: undefined, tables: ["orders", "customers"] };
  expect(decideRestore(seen({ restoreJob: cancelled, submission: both }))).toMatchObject({
    kind: "submit",
    tables: [{ table: "orders" }],
  });
  const alone = { ...both, tables: ["orders"] };
  expect(decideRestore(seen({ restoreJob: cancelled, submission: alone }))).toMatchObject({
    kind: "fail",
    tables: [{ table: "orders" }],
  });
});

test.each([
  "[COMMON_ERROR, msg: user cancelled, current state: DOWNLOADING]",
  "[TIMEOUT, msg: restore job with label: L  timeout.]",
])("a job that was ended from outside is not tried again: %s", (status) => {
  const submission = { label: "full", before: undefined, tables: ["orders", "customers"] };
  expect(decideRestore(seen({ restoreJob: { ...cancelled, status }, submission }))).toMatchObject({
    kind: "fail",
    tables: [{ table: "orders" }, { table: "customers" }],
  });
});

test("a late second submission that fails on existing parts does no harm", () => {
  const submission = { label: "full", before: undefined };
  const present = new Set(["o0", "c0"]);
  expect(decideRestore(seen({ restoreJob: cancelled, submission, present }))).toMatchObject({
    kind: "submit",
    label: "i1",
  });
});

test("the slot comes first, and is not taken from another run", () => {
  expect(decideRestore(seen({ slot: { kind: "free" } })).kind).toBe("take-slot");
  expect(decideRestore(seen({ slot: { kind: "other", runId: "backup_1" } })).kind).toBe("wait");
});

test("a pruned first part lives on under the assembled name", () => {
  const pruned = { ...customers, assembledAs: "c1" };
  const tables = [{ planned: pruned, stage: "planned" as const }];
  expect(decideRestore(seen({ tables, present: new Set(["c1"]) }))).toMatchObject({ kind: "assemble" });
});

test("what a late worker brings once more is waited for and dropped before the run is closed, but not another run's", () => {
  const tables = [orders, customers].map((planned) => ({ planned, stage: "over" as const }));
  const late = { tables, restoreJob: running, submission: { label: "full", before: undefined } };
  expect(decideRestore(seen(late)).kind).toBe("wait");
  expect(decideRestore(seen({ ...late, slot: { kind: "other", runId: "restore_1" } })).kind).toBe("done");
  expect(decideRestore(seen({ tables, present: new Set(["orders", "o0", "c0"]) }))).toEqual({
    kind: "sweep",
    names: ["o0", "c0"],
  });
  expect(decideRestore(seen({ tables, present: new Set(["orders"]) })).kind).toBe("done");
});

test("of a restore that is given up, a job of its own is waited for, another's is not", () => {
  const submission = { label: "full", before: undefined };
  expect(decideAbandoned(seen({ restoreJob: running, submission })).kind).toBe("wait");
  const earlier = { label: "full", before: running.identity };
  for (const others of [{ restoreJob: running, submission: earlier }, { backupJob: running }, {}])
    expect(decideAbandoned(seen(others))).toMatchObject({ kind: "abandon", tables: [orders, customers] });
});

test("of a restore that is given up, tables that were ready are looked at first, then what is left is swept", () => {
  const tables = [
    { planned: orders, stage: "planned" as const },
    { planned: customers, stage: "ready" as const },
  ];
  expect(decideAbandoned(seen({ tables }))).toMatchObject({ kind: "withdraw", table: customers });
  const over = tables.map((each) => ({ ...each, stage: "over" as const }));
  expect(decideAbandoned(seen({ tables: over, present: new Set(["o1"]) }))).toEqual({
    kind: "sweep",
    names: ["o1"],
  });
  expect(decideAbandoned(seen({ tables: over })).kind).toBe("done");
});
