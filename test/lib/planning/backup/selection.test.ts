import { expect, test } from "vitest";
import {
  groupEntries,
  groupScopes,
  selectTables,
  vanishedTables,
} from "../../../../lib/planning/backup/selection.ts";
import type { TableConfig } from "../../../../lib/starrocks/observe/tables.ts";

const entry = (table: string, database = "sales", group = "critical") => ({ group, database, table });

function config(table: string, engine = "OLAP"): TableConfig {
  return {
    database: "sales",
    table,
    engine,
    model: "DUP_KEYS",
    primaryKey: "",
    partitionKey: "",
    distributionKey: "",
    distributionType: "HASH",
    sortKey: "",
    properties: "{}",
    comment: "",
  };
}

test("a group with a named table and every table of the database means every table", () => {
  const scopes = groupScopes([entry("orders"), entry("*"), entry("people", "hr")]);
  expect(scopes).toEqual([
    { database: "sales", tables: undefined },
    { database: "hr", tables: ["people"] },
  ]);
});

test("one object that cannot be backed up does not fail the rest, and is named with its reason", () => {
  const { selected, skipped } = selectTables(
    [entry("*")],
    [
      config("orders"),
      config("v", "VIEW"),
      config("mv", "MATERIALIZED_VIEW"),
      config("lake", "CLOUD_NATIVE"),
      config("hive", ""),
    ],
    [],
  );
  expect(selected.map((each) => each.table)).toEqual(["orders"]);
  expect(skipped.map((each) => [each.object, each.reason.split(":")[0]])).toEqual([
    ["sales.v", "view"],
    ["sales.mv", "materialized view"],
    ["sales.lake", "shared-data table"],
    ["sales.hive", "external table"],
  ]);
});

test("a named table that is not there is named, in whichever database it should be", () => {
  const { skipped } = selectTables(
    [entry("orders"), entry("people", "hr"), entry("*", "empty")],
    [config("orders")],
    [],
  );
  expect(skipped.map((each) => each.object)).toEqual(["hr.people", "empty.*"]);
});

test("tables a restore left behind are not swept into the next backup of the whole database", () => {
  const kept = "orders__replaced_20251125_0a1b2c3d";
  const { selected, skipped } = selectTables(
    [entry("*")],
    [config("orders"), config(kept), config("orders__replaced")],
    [],
  );
  expect(selected.map((each) => each.table)).toEqual(["orders", "orders__replaced"]);
  expect(skipped.map((each) => each.object)).toEqual([`sales.${kept}`]);
});

test("a table whose metadata the user may not see is named, not forgotten", () => {
  const { selected, skipped } = selectTables(
    [entry("*")],
    [config("orders")],
    [
      { database: "sales", table: "orders" },
      { database: "sales", table: "secret" },
    ],
  );
  expect(selected.map((each) => each.table)).toEqual(["orders"]);
  expect(skipped).toEqual([
    { object: "sales.secret", reason: expect.stringContaining("privilege"), isGap: true },
  ]);
});

test("an unknown group says which groups there are", () => {
  expect(() => groupEntries([entry("orders")], "nope")).toThrow(
    expect.objectContaining({ code: "UNKNOWN_GROUP", next: expect.stringContaining("critical") }),
  );
});

test("a table of an earlier backup that is not listed any more is named, where the group means every table", () => {
  const listed = [{ database: "sales", table: "orders" }];
  const earlier = ["orders", "gone", "gone"].map((table) => ({ label: "full", database: "sales", table }));
  expect(vanishedTables([entry("*")], listed, earlier)).toEqual([
    { object: "sales.gone", reason: expect.stringContaining("is in full"), isGap: true },
  ]);
  expect(vanishedTables([entry("orders")], listed, earlier)).toEqual([]);
});
