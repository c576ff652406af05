import { expect, test } from "vitest";
import type { BackupRecord } from "../../../../lib/catalog/history.ts";
import { chooseBaselines, type TypePolicy } from "../../../../lib/planning/backup/baseline.ts";
import { chain } from "../../../../lib/planning/coverage.ts";
import { record } from "../fixtures.ts";

const incremental: TypePolicy = {
  type: "incremental",
  baseline: undefined,
  fullEverySeconds: undefined,
  maxChain: undefined,
};
const auto: TypePolicy = { ...incremental, type: "auto" };

/** Label of the baseline by database, or why there is a full. */
function chosen(
  finished: readonly BackupRecord[],
  policy: TypePolicy = incremental,
  databases = ["sales"],
  now = "2025-01-02 00:00:00",
): Readonly<Record<string, string>> {
  const choices = chooseBaselines({
    group: "critical",
    repository: "repo",
    policy,
    finished,
    databases,
    now,
  });
  return Object.fromEntries(
    [...choices].map(([database, choice]) => [
      database,
      choice.kind === "full" ? `full: ${choice.reason}` : choice.record.label,
    ]),
  );
}

test("the baseline is the newest full of this group, not of another group on the same database", () => {
  const increment = record("incr", { type: "incremental", baseline: "full_a" });
  expect(chosen([record("full_a"), record("full_b", { group: "other" }), increment])).toEqual({
    sales: "full_a",
  });
});

test("the baseline is in the repository that the backup goes to", () => {
  expect(chosen([record("here"), record("newer", { repository: "archive" })])).toEqual({ sales: "here" });
});

test("a full whose label does not begin with the database's name counts as well", () => {
  expect(chosen([record("sales_1"), record("monday")])).toEqual({ sales: "monday" });
});

test("databases whose names begin alike are different databases", () => {
  const finished = [record("sales_1"), record("sales_eu_1", { database: "sales_eu" })];
  expect(chosen(finished, incremental, ["sales", "sales_eu"])).toEqual({
    sales: "sales_1",
    sales_eu: "sales_eu_1",
  });
});

test("a database that is new in the group gets a full, and the reason is said", () => {
  expect(chosen([record("full")], incremental, ["sales", "hr"])["hr"]).toMatch(/^full: there is no backup/);
});

test("a named baseline may be an incremental, with the other snapshots of its run", () => {
  const run = { runId: "backup_x", type: "incremental" } as const;
  const finished = [
    record("f"),
    record("i_a", { ...run, baseline: "f" }),
    record("i_b", { ...run, database: "hr" }),
  ];
  expect(chosen(finished, { ...incremental, baseline: "i_a" }, ["sales", "hr"])).toEqual({
    sales: "i_a",
    hr: "i_b",
  });
});

test("latest is the newest backup of any type, but no restore point without changes", () => {
  const finished = [
    record("f"),
    record("i", { type: "incremental", baseline: "f" }),
    record("same", { type: "incremental", baseline: "i", status: "NOTHING_TO_DO" }),
  ];
  expect(chosen(finished, { ...incremental, baseline: "latest" })).toEqual({ sales: "i" });
});

test("only the last part of a run is a baseline", () => {
  const finished = [
    record("p1", { part: 1, parts: 2 }),
    record("p2", { part: 2, parts: 2, baseline: "p1" }),
    record("q1", { part: 1, parts: 2 }),
  ];
  expect(chosen(finished)).toEqual({ sales: "p2" });
});

test.each<[string, readonly BackupRecord[], Partial<TypePolicy>, RegExp]>([
  ["without any full", [], {}, /^full: there is no backup/],
  ["with a fresh full", [record("f")], { fullEverySeconds: 7 * 86400 }, /^f$/],
  [
    "with an old full",
    [record("f", { cutFrom: "2024-12-20 00:00:00" })],
    { fullEverySeconds: 7 * 86400 },
    /^full: the newest full is of 2024-12-20/,
  ],
  [
    "with an old full and a fresh incremental",
    [record("f", { cutFrom: "2024-12-20 00:00:00" }), record("i", { type: "incremental", baseline: "f" })],
    { fullEverySeconds: 86400, baseline: "latest" },
    /^full: /,
  ],
  [
    "with a chain that may grow",
    [record("f"), record("i", { type: "incremental", baseline: "f" })],
    { baseline: "latest", maxChain: 3 },
    /^i$/,
  ],
  [
    "with a chain that is long enough",
    [record("f"), record("i", { type: "incremental", baseline: "f" })],
    { baseline: "latest", maxChain: 2 },
    /^full: a restore would need 3 backups/,
  ],
])("auto, %s", (_, finished, policy, expected) => {
  expect(chosen(finished, { ...auto, ...policy })["sales"]).toMatch(expected);
});

test.each<[string, readonly BackupRecord[], Partial<TypePolicy>, string]>([
  [
    "another group's label",
    [record("theirs", { group: "other" }), record("full")],
    { baseline: "theirs" },
    "UNKNOWN_BASELINE",
  ],
  ["a label that does not exist", [record("full")], { baseline: "nope" }, "UNKNOWN_BASELINE"],
  [
    "a label that does not exist, with auto",
    [record("full")],
    { type: "auto", baseline: "nope" },
    "UNKNOWN_BASELINE",
  ],
  [
    "a label in another repository",
    [record("full"), record("away", { repository: "archive" })],
    { baseline: "away" },
    "BASELINE_ELSEWHERE",
  ],
  ["no full in this repository", [record("away", { repository: "archive" })], {}, "NO_BASELINE"],
  ["no full at all", [record("i", { type: "incremental" })], {}, "NO_BASELINE"],
])("%s is refused", (_, finished, policy, code) => {
  expect(() => chosen(finished, { ...incremental, ...policy })).toThrow(expect.objectContaining({ code }));
});

test("a chain follows the recorded baselines, whatever the labels look like", () => {
  const records = [record("a"), record("b"), record("c", { baseline: "a" }), record("d", { baseline: "c" })];
  expect(chain("d", new Map(records.map((each) => [each.label, each])))).toEqual(["d", "c", "a"]);
});

test("a chain ends where a baseline is missing", () => {
  expect(chain("d", new Map([["d", record("d", { baseline: "gone" })]]))).toEqual(["d"]);
});
