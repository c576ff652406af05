import { expect, test } from "vitest";
import {
  definitionHash,
  haveSameDefinition,
  haveSameLayout,
  schemaHash,
} from "../../../lib/planning/schema-hash.ts";
import type { ColumnDefinition, TableConfig } from "../../../lib/starrocks/observe/tables.ts";

const config: TableConfig = {
  database: "sales",
  table: "orders",
  engine: "OLAP",
  model: "DUP_KEYS",
  primaryKey: "",
  partitionKey: "`d`",
  distributionKey: "`id`",
  distributionType: "HASH",
  sortKey: "`id`",
  properties: '{"compression":"LZ4","replication_num":"3"}',
  comment: "",
};
const column: ColumnDefinition = {
  database: "sales",
  table: "orders",
  column: "id",
  type: "bigint",
  nullable: "NO",
  key: "DUP",
  defaultValue: undefined,
  comment: "",
  generation: undefined,
};
const hash = (change: Partial<TableConfig> = {}, columns: readonly ColumnDefinition[] = [column]) =>
  definitionHash({ ...config, ...change }, columns);

test.each<[string, string]>([
  ["a column's type", hash({}, [{ ...column, type: "int" }])],
  ["a column's comment", hash({}, [{ ...column, comment: "key" }])],
  ["the sort key", hash({ sortKey: "`d`" })],
  ["the bloom filter", hash({ properties: '{"compression":"LZ4","bloom_filter_columns":"id"}' })],
])("%s is part of the layout", (_, other) => {
  expect(haveSameLayout(hash(), other)).toBe(false);
});

test.each<[string, string]>([
  ["the comment", hash({ comment: "all orders" })],
  ["a property", hash({ properties: '{"compression":"ZSTD","replication_num":"3"}' })],
  ["a property more", hash({ properties: '{"compression":"LZ4","partition_live_number":"3"}' })],
])("%s is part of the definition, but not of the layout", (_, other) => {
  expect(other).not.toBe(hash());
  expect(haveSameLayout(hash(), other)).toBe(true);
});

test("neither the order of properties nor what RESTORE sets itself counts", () => {
  expect(hash({ properties: '{"replication_num":"1","compression":"LZ4","storage_medium":"SSD"}' })).toBe(
    hash(),
  );
});

test("a schema change shows as long as it is listed, and is handed on afterwards", () => {
  const nothing = { job: undefined, label: undefined, before: undefined };
  const first = schemaHash(hash(), nothing);
  const unchanged = schemaHash(hash(), { job: undefined, label: "full", before: first });
  const renewed = schemaHash(hash(), { job: "12", label: "full", before: first });
  const forgotten = schemaHash(hash(), { job: undefined, label: "incr", before: renewed });
  const again = schemaHash(hash(), { job: "13", label: "incr", before: renewed });
  expect([unchanged, forgotten]).toEqual([first, renewed]);
  expect(new Set([first, renewed, again]).size).toBe(3);
  for (const each of [first, renewed, again]) expect(haveSameDefinition(each, hash())).toBe(true);
  expect(first).toHaveLength(32);
});

test("a table that the newest restore point does not know counts as changed", () => {
  const of = (label: string) => schemaHash(hash(), { job: undefined, label, before: undefined });
  expect(of("a")).not.toBe(of("b"));
  expect(schemaHash(hash(), { job: undefined, label: "a", before: "" })).toBe(of("a"));
});
