import { expect, test } from "vitest";
import type { CoveredTable } from "../../../../lib/planning/coverage.ts";
import { choosePartitions, reduced } from "../../../../lib/planning/restore/partition-choice.ts";

/** A table with partitions that show these ranges or values. */
function table(values: Readonly<Record<string, string | undefined>>): CoveredTable {
  return {
    database: "sales",
    table: "orders",
    schemaHash: "s",
    partitionKind: "range",
    automatic: false,
    replicationNum: 1,
    partitions: new Map(
      Object.entries(values).map(([partition, value]) => [
        partition,
        { partition, label: "full", fingerprint: "f", rows: 1, bytes: 1, value },
      ]),
    ),
  };
}

const range = (type: string, lower: string, upper: string) =>
  `[types: [${type}]; keys: [${lower}]; ..types: [${type}]; keys: [${upper}]; )`;

const days = table({
  p1: range("DATE", "0000-01-01", "2026-11-01"),
  p2: range("DATE", "2026-11-01", "2026-11-02"),
  p3: range("DATE", "2026-11-02", "2026-11-03"),
  p4: range("DATE", "2026-11-03", "MAXVALUE"),
});

const chosen = (of: CoveredTable, from: string, to: string, shown: Readonly<Record<string, string>> = {}) =>
  choosePartitions(of, { kind: "range", from, to }, new Map(Object.entries(shown)));

test("a range of days takes both its ends", () => {
  expect(chosen(days, "2026-11-01", "2026-11-02")).toEqual({ names: ["p2", "p3"], notes: [] });
  expect(chosen(days, "2026-11-02", "2026-11-02").names).toEqual(["p3"]);
});

test("a partition that holds more than was asked for is taken whole, which is said", () => {
  expect(chosen(days, "2026-10-31", "2026-11-01")).toEqual({
    names: ["p1", "p2"],
    notes: ["p1 of sales.orders holds more than 2026-10-31 to 2026-11-01: a partition is restored whole."],
  });
  expect(chosen(days, "2026-11-05", "2026-11-06").notes).toHaveLength(1);
});

test("hours, numbers and values of lists", () => {
  const hours = table({
    h8: range("DATETIME", "2026-11-01 08:00:00", "2026-11-01 09:00:00"),
    h23: range("DATETIME", "2026-11-01 23:00:00", "2026-11-02 00:00:00"),
    next: range("DATETIME", "2026-11-02 00:00:00", "2026-11-02 01:00:00"),
  });
  expect(chosen(hours, "2026-11-01", "2026-11-01")).toEqual({ names: ["h23", "h8"], notes: [] });
  const numbers = table({
    a: range("INT", "-10", "2"),
    b: range("INT", "2", "10"),
    c: range("INT", "10", "100"),
  });
  expect(chosen(numbers, "2", "9").names).toEqual(["b"]);
  expect(chosen(numbers, "1", "10").names).toEqual(["a", "b", "c"]);
  const list = table({ eu: '[["de"],["fr"]]', us: '[["us"]]' });
  expect(chosen(list, "fr", "fr")).toMatchObject({ names: ["eu"], notes: [expect.any(String)] });
  expect(chosen(list, "us", "us").notes).toEqual([]);
});

test("what a manifest does not say is taken from the live table, and asked for where that does not say it either", () => {
  const old = table({ p: undefined });
  expect(chosen(old, "1", "1", { p: range("INT", "1", "2") }).names).toEqual(["p"]);
  expect(() => chosen(old, "1", "1")).toThrow("What partition p of sales.orders holds is not known");
});

test("names must be there, and count once", () => {
  const names = (...of: string[]) => choosePartitions(days, { kind: "names", names: of }, new Map());
  expect(names("p3", "p2", "p3").names).toEqual(["p2", "p3"]);
  expect(() => names("p2", "P2")).toThrow("sales.orders has no partition P2 at the restore point.");
  expect(() => chosen(days, "2026-11-01", "2020-01-01")).toThrow(
    "No partition of sales.orders holds anything",
  );
});

test("a table is reduced to what was chosen", () => {
  expect([...reduced(days, ["p2"]).partitions.keys()]).toEqual(["p2"]);
  expect(reduced(days, undefined)).toBe(days);
});
