import { expect, test } from "vitest";
import { partitionClauses } from "../../../../lib/planning/restore/partition-clauses.ts";

test("ranges, as SHOW CREATE TABLE prints them", () => {
  const text = [
    'CREATE TABLE `orders` (\n  `d` date NOT NULL COMMENT "PARTITION p9 VALUES"\n) ENGINE=OLAP',
    "PARTITION BY RANGE(`d`)",
    '(PARTITION p20250101 VALUES [("2025-01-01"), ("2025-01-02")),',
    'PARTITION p20250102 VALUES [("2025-01-02"), ("2025-01-03")) ("replication_num" = "1"),',
    'PARTITION pmax VALUES [("2025-01-03"), (MAXVALUE)))',
    "DISTRIBUTED BY HASH(`d`) BUCKETS 1",
  ].join("\n");
  expect([...partitionClauses(text)]).toEqual([
    ["p20250101", 'VALUES [("2025-01-01"), ("2025-01-02"))'],
    ["p20250102", 'VALUES [("2025-01-02"), ("2025-01-03"))'],
    ["pmax", 'VALUES [("2025-01-03"), (MAXVALUE))'],
  ]);
});

test("lists of one and of several columns, with the characters that also end them", () => {
  const text = [
    "PARTITION BY LIST(`method`)(",
    "  PARTITION p_card VALUES IN ('card', 'o)k, \"x\"'),",
    "  PARTITION p_two VALUES IN (('a', '1'), ('b', '2')) (\"replication_num\" = \"2\"),",
    "  PARTITION p_last VALUES IN ('z')",
    ")",
  ].join("\n");
  expect([...partitionClauses(text)]).toEqual([
    ["p_card", "VALUES IN ('card', 'o)k, \"x\"')"],
    ["p_two", "VALUES IN (('a', '1'), ('b', '2'))"],
    ["p_last", "VALUES IN ('z')"],
  ]);
});

test("a table with automatic partitions lists none", () => {
  expect(partitionClauses("CREATE TABLE `t` (\n  `d` date\n)\nPARTITION BY date_trunc('day', d)").size).toBe(
    0,
  );
});
