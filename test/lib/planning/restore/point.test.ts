import { expect, test } from "vitest";
import {
  candidateBackups,
  completeRun,
  type RestoreTarget,
  tablePoints,
} from "../../../../lib/planning/restore/point.ts";
import { record } from "../fixtures.ts";

const monday = record("mon", { cutTo: "2025-11-24 02:00:00" });
const tuesday = record("tue", { cutTo: "2025-11-25 02:00:00", runId: "backup_t" });
const sibling = record("tue_hr", { cutTo: "2025-11-25 02:00:03", runId: "backup_t", database: "hr" });
const finished = [monday, tuesday, sibling];

function at(time: string, change: Partial<RestoreTarget> = {}): RestoreTarget {
  return {
    at: { kind: "time", time },
    tables: ["sales.orders"],
    group: undefined,
    repository: undefined,
    ...change,
  };
}

test("a time means the newest backup that was cut at or before it", () => {
  const candidates = candidateBackups(finished, at("2025-11-25 02:00:00"));
  const inBoth = ["mon", "tue"].map((label) => ({ label, database: "sales", table: "orders" }));
  expect(tablePoints(candidates, inBoth, ["sales.orders"])).toEqual([
    { database: "sales", table: "orders", label: "tue" },
  ]);
});

test("a backup that was cut after the time is never used", () => {
  expect(candidateBackups(finished, at("2025-11-25 01:59:59")).map((each) => each.label)).toEqual(["mon"]);
});

test("a time before the first restore point names the first one", () => {
  expect(() => candidateBackups(finished, at("2025-11-24 01:59:59"))).toThrow(
    expect.objectContaining({
      code: "NO_RESTORE_POINT",
      next: expect.stringContaining("2025-11-24 02:00:00"),
    }),
  );
});

test.each<[string, Pick<RestoreTarget, "tables" | "group">, readonly string[]]>([
  ["alone means its database", { tables: [], group: undefined }, ["tue"]],
  ["with its group means the whole run", { tables: [], group: "critical" }, ["tue", "tue_hr"]],
  [
    "with tables means whatever of the run has them",
    { tables: ["hr.staff"], group: undefined },
    ["tue", "tue_hr"],
  ],
])("a label %s", (_, target, labels) => {
  const candidates = candidateBackups(finished, {
    at: { kind: "label", label: "tue" },
    repository: undefined,
    ...target,
  });
  expect(candidates.map((each) => each.label)).toEqual(labels);
});

test("a table that did not change is in the restore point as well", () => {
  const points = tablePoints(
    [tuesday],
    [
      { label: "tue", database: "sales", table: "orders" },
      { label: "tue", database: "sales", table: "unchanged" },
    ],
    [],
  );
  expect(points.map((each) => each.table)).toEqual(["orders", "unchanged"]);
});

test("a repository that holds backups means these; any other name may hold them all", () => {
  const all = [...finished, record("away", { cutTo: "2025-11-25 03:00:00", repository: "archive" })];
  const labels = (repository: string) =>
    candidateBackups(all, at("2025-11-26 00:00:00", { repository })).map((each) => each.label);
  expect(labels("repo")).toEqual(["mon", "tue", "tue_hr"]);
  expect(labels("archive")).toEqual(["away"]);
  expect(labels("named_otherwise_here")).toHaveLength(4);
});

test("a database whose backup failed in the newest run has the state of its restore point before", () => {
  const before = record("mon_hr", { cutTo: "2025-11-24 02:00:03", runId: "backup_m", database: "hr" });
  const failed = { ...sibling, status: "FAILED" } as const;
  const target = at("2025-11-26 00:00:00", { tables: [] });
  const done = [monday, before, tuesday];
  const completed = completeRun(candidateBackups(done, target), [tuesday, failed], done, target);
  expect(completed.candidates.map((each) => each.label)).toEqual(["tue", "mon_hr"]);
  expect(completed.skipped).toEqual([]);
  const without = completeRun([tuesday], [tuesday, failed], [monday, tuesday], target);
  expect(without.skipped).toEqual([
    { object: "hr.*", reason: "its backup tue_hr is FAILED, and there is no restore point of it before" },
  ]);
});

test("what a run left out is named when all of it is restored", () => {
  const reason = "was dropped or renamed after the plan was made";
  const partial = { ...tuesday, leftOut: [{ object: "sales.gone", reason }] };
  const target = at("2025-11-26 00:00:00", { tables: [] });
  expect(completeRun([partial], [partial], [partial], target).skipped).toEqual([
    { object: "sales.gone", reason: expect.stringContaining(reason) },
  ]);
});

test.each([
  ["an unknown group", { group: "nope" }, "UNKNOWN_GROUP"],
  [
    "another group's label",
    { at: { kind: "label", label: "other" }, group: "critical" },
    "LABEL_OF_OTHER_GROUP",
  ],
  ["an unknown label", { at: { kind: "label", label: "nope" } }, "UNKNOWN_LABEL"],
  ["a part's label", { at: { kind: "label", label: "sales_full_part2" } }, "UNKNOWN_LABEL"],
  ["a time, no table and several groups", { tables: [] }, "GROUP_NEEDED"],
] as const)("%s is refused", (_, change, code) => {
  const groups = [...finished, record("other", { group: "analytics", cutTo: "2025-11-25 03:00:00" })];
  expect(() => candidateBackups(groups, at("2025-11-26 00:00:00", change as Partial<RestoreTarget>))).toThrow(
    expect.objectContaining({ code }),
  );
});

test("a table that is not in the restore point is named, with what is in it", () => {
  expect(() =>
    tablePoints([tuesday], [{ label: "tue", database: "sales", table: "orders" }], ["sales.nope"]),
  ).toThrow(
    expect.objectContaining({
      code: "TABLE_NOT_IN_RESTORE_POINT",
      message: expect.stringContaining("sales.nope"),
      next: expect.stringContaining("sales.orders"),
    }),
  );
});
