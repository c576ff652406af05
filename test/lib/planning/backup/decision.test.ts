import { expect, test } from "vitest";
import type { BackupRecord } from "../../../../lib/catalog/history.ts";
import type { BackupObservation } from "../../../../lib/planning/backup/decision.ts";
import { decideBackup } from "../../../../lib/planning/backup/decision.ts";
import type { Job } from "../../../../lib/starrocks/observe/jobs.ts";
import { record } from "../fixtures.ts";

function job(change: Partial<Job> = {}): Job {
  return {
    label: "mine",
    database: "sales",
    state: "UPLOADING",
    phase: "running",
    identity: "7@now",
    cut: true,
    snapshotFinished: undefined,
    mark: "m",
    progress: "",
    taskErrors: "",
    status: "[OK]",
    ...change,
  };
}

function seen(
  change: Partial<BackupObservation> = {},
  status: "PLANNED" | "SUBMITTED" = "SUBMITTED",
): BackupObservation {
  return {
    record: record("mine", { status, cutTo: undefined }),
    previous: undefined,
    superseded: false,
    othersRunning: 0,
    slot: { kind: "ours" },
    job: undefined,
    snapshot: undefined,
    abandoned: false,
    ...change,
  };
}

function cutRecord(change: Partial<BackupRecord> = {}): BackupRecord {
  return record("mine", { status: "SUBMITTED", ...change });
}

const foreign = job({ label: "theirs" });

test.each<[string, BackupObservation, string]>([
  ["a free slot is taken before anything is sent", seen({ slot: { kind: "free" } }, "PLANNED"), "take-slot"],
  [
    "another run's slot is waited for",
    seen({ slot: { kind: "other", runId: "backup_1" } }, "PLANNED"),
    "wait",
  ],
  ["with the slot, the statement is sent", seen({}, "PLANNED"), "submit"],
  ["a job of somebody else on the database is waited for", seen({ job: foreign }, "PLANNED"), "wait"],
  [
    "a finished job of somebody else is no obstacle",
    seen({ job: job({ label: "theirs", phase: "finished" }) }, "PLANNED"),
    "submit",
  ],
  [
    "the step died before it could record the submission",
    seen({ job: job({ cut: false }) }, "PLANNED"),
    "wait",
  ],
  ["the first sight of fixed versions is recorded", seen({ job: job() }), "record-cut"],
  ["the job goes on", seen({ job: job({ cut: false, state: "PENDING" }) }), "wait"],
  ["the job is done: the repository has the timestamp", seen({ job: job({ phase: "finished" }) }), "look-up"],
  ["the job's row was replaced by a newer job's", seen({ job: foreign }), "look-up"],
  [
    "its snapshot is there, and its cut was never seen",
    seen({ job: foreign, snapshot: { kind: "complete", timestamp: "t" } }),
    "record-cut",
  ],
  [
    "its snapshot is there",
    seen({ job: foreign, record: cutRecord(), snapshot: { kind: "complete", timestamp: "t" } }),
    "finish",
  ],
  [
    "its snapshot is there, and every table of it had to be left out",
    seen({ job: foreign, record: cutRecord({ tables: 0 }), snapshot: { kind: "complete", timestamp: "t" } }),
    "fail",
  ],
  ["it never arrived, and nothing runs", seen({ snapshot: { kind: "none" } }), "submit"],
  [
    "it never arrived, and somebody else's job runs",
    seen({ job: foreign, snapshot: { kind: "none" } }),
    "wait",
  ],
  ["StarRocks cancelled it", seen({ job: job({ phase: "cancelled", status: "[TIMEOUT, msg: ]" }) }), "fail"],
  [
    "it finished, and its snapshot is gone",
    seen({ job: job({ phase: "finished" }), snapshot: { kind: "none" } }),
    "fail",
  ],
])("%s", (_, observation, action) => {
  expect(decideBackup(observation).kind).toBe(action);
});

test("a restore point of nothing but tombstones needs no job", () => {
  const nothing = record("mine", { status: "PLANNED", type: "incremental", partitions: 0 });
  expect(decideBackup(seen({ record: nothing, slot: { kind: "free" } }))).toEqual({
    kind: "finish",
    timestamp: undefined,
  });
});

test.each(["FINISHED", "FAILED", "CANCELLED"] as const)(
  "nothing is done for a snapshot that is %s",
  (status) => {
    expect(decideBackup(seen({ record: record("mine", { status }), job: foreign }))).toEqual({
      kind: "done",
    });
  },
);

test("a part waits for the one before it, and fails with it", () => {
  const second = { record: record("mine", { status: "PLANNED", part: 2, parts: 2 }) };
  expect(decideBackup(seen({ ...second, previous: "SUBMITTED" })).kind).toBe("wait");
  expect(decideBackup(seen({ ...second, previous: "FINISHED" })).kind).toBe("submit");
  expect(decideBackup(seen({ ...second, previous: "FAILED" })).kind).toBe("fail");
});

test("what passes is tried again under another label, three times at most, and once", () => {
  const merged = { status: "FAILED", error: "[OLAP_VERSION_ALREADY_MERGED, msg: x]" } as const;
  expect(decideBackup(seen({ record: record("mine", merged) })).kind).toBe("retry");
  expect(decideBackup(seen({ record: record("mine", merged), superseded: true })).kind).toBe("done");
  expect(decideBackup(seen({ record: record("mine", { ...merged, attempt: 3 }) })).kind).toBe("done");
  expect(
    decideBackup(seen({ record: record("mine", { ...merged, error: "[NOT_FOUND, msg: x]" }) })).kind,
  ).toBe("done");
});

const given = { abandoned: true } as const;

test.each<[string, BackupObservation, string]>([
  ["what was never sent is given up", seen({ ...given, slot: { kind: "free" } }, "PLANNED"), "abandon"],
  ["a job at work is waited for", seen({ ...given, job: job({ cut: false }) }), "wait"],
  ["a cut is recorded all the same", seen({ ...given, job: job() }), "record-cut"],
  ["a cancelled job is given up", seen({ ...given, job: job({ phase: "cancelled" }) }), "abandon"],
  ["the repository is asked for what has no job", seen({ ...given, job: foreign }), "look-up"],
  [
    "a snapshot that is there is finished",
    seen({ ...given, record: cutRecord(), snapshot: { kind: "complete", timestamp: "t" } }),
    "finish",
  ],
  ["what is nowhere is not sent again", seen({ ...given, snapshot: { kind: "none" } }), "abandon"],
  [
    "what failed in passing is not tried again",
    seen({ ...given, record: record("mine", { status: "FAILED", error: "version already merged" }) }),
    "done",
  ],
])("of a run that is given up: %s", (_, observation, action) => {
  expect(decideBackup(observation).kind).toBe(action);
});

test("at most four jobs of a run work at once", () => {
  expect(decideBackup(seen({ othersRunning: 3 }, "PLANNED")).kind).toBe("submit");
  expect(decideBackup(seen({ othersRunning: 4 }, "PLANNED")).kind).toBe("wait");
});
