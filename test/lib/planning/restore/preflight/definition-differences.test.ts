import { expect, test } from "vitest";
import type { TableDefinition } from "../../../../../lib/catalog/table-definition.ts";
import { definitionDifferences } from "../../../../../lib/planning/restore/preflight/definition-differences.ts";

const id = { name: "id", type: "bigint", nullable: false, key: true };
const item = { name: "item", type: "varchar(20)", nullable: true, key: false };

function table(change: Partial<TableDefinition> = {}): TableDefinition {
  return {
    ...{ model: "DUP_KEYS", primaryKey: "", partitionKey: "`d`", distributionKey: "`id`" },
    ...{ distributionType: "HASH", sortKey: "`id`", properties: {}, columns: [id, item] },
    ...change,
  };
}

const differences = (then: Partial<TableDefinition>, now: Partial<TableDefinition>) =>
  definitionDifferences(table(then), table(now));

test("tables that are defined alike do not differ", () => {
  expect(differences({}, {})).toEqual([]);
});

test("columns that go and come are named with their types, those that go first", () => {
  const extra = { name: "x", type: "int", nullable: true, key: false };
  expect(differences({}, { columns: [id, extra] })).toEqual([
    "column x (int) will be gone",
    "column item (varchar(20)) comes back",
  ]);
});

test("what a column will be is said beside what it is", () => {
  const now = { ...item, type: "varchar(40)", nullable: false, key: true, default: "a", generated: "id + 1" };
  expect(differences({}, { columns: [id, now] })).toEqual([
    "column item will be varchar(20), and is varchar(40) now",
    "column item will take NULL, and does not now",
    "column item will not be a key, and is one now",
    "column item will have no default, and has a now",
    "column item will be a column of its own, and is computed as id + 1 now",
  ]);
  expect(differences({ columns: [id, now] }, {})).toEqual([
    "column item will be varchar(40), and is varchar(20) now",
    "column item will not take NULL, and does now",
    "column item will be a key, and is none now",
    "column item will have the default a, and has no default now",
    "column item will be computed as id + 1, and is a column of its own now",
  ]);
});

test("the order of columns counts when they are the same", () => {
  expect(differences({}, { columns: [item, id] })).toEqual(["its columns will stand in the order id, item"]);
});

test("model, keys and distribution are compared", () => {
  const now = { model: "PRIMARY_KEYS", primaryKey: "`id`", distributionType: "RANDOM", distributionKey: "" };
  expect(differences({}, now)).toEqual([
    "its model will be DUPLICATE KEY, and is PRIMARY KEY now",
    "its key will be none, and is `id` now",
    "its distribution will be HASH (`id`), and is RANDOM now",
  ]);
});

test("properties are compared, but for those that RESTORE sets itself", () => {
  const then = { properties: { a: "1", b: "2", replication_num: "3" } };
  const now = { properties: { b: "3", c: "4", replication_num: "1" } };
  expect(differences(then, now)).toEqual([
    "property a will be 1, and is not set now",
    "property b will be 2, and is 3 now",
    "property c (4) will not be set",
  ]);
});
