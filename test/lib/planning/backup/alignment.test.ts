import { expect, test } from "vitest";
import { alignPartitions, alignSchemas } from "../../../../lib/planning/backup/alignment.ts";
import { snapshotContent } from "../../../../lib/starrocks/observe/snapshot.ts";
import { held, manifestTable } from "../fixtures.ts";

const unchanged = new Map([["sales.orders", "s1"]]);
const altered = new Map([["sales.orders", "s2"]]);
const none: ReadonlySet<string> = new Set();
const some = manifestTable("i1", { content: "partitions" });

test("a manifest that its snapshot bears out stays as it is", () => {
  const stored = new Map([["orders", new Set(["p1", "$shadow_automatic_partition"])]]);
  expect(alignPartitions([manifestTable("full")], [held("full", "p1")], stored)).toEqual([]);
  expect(alignSchemas([manifestTable("full")], unchanged, none)).toEqual({ tables: [], unfit: [] });
});

test("partitions that came or went before the cut are in the manifest as they are in the snapshot", () => {
  const corrected = alignPartitions(
    [manifestTable("full")],
    [held("full", "p1"), held("full", "p2")],
    new Map([["orders", new Set(["p2", "p3"])]]),
  );
  expect(corrected.map(({ partition, presence, fingerprint }) => [partition, presence, fingerprint])).toEqual(
    [
      ["p1", "dropped", ""],
      ["p3", "held", ""],
    ],
  );
});

test("a list of partitions is what was asked for: nothing to correct", () => {
  expect(alignPartitions([some], [held("i1", "p1")], new Map([["orders", new Set(["p1"])]]))).toEqual([]);
});

test("a schema that changed meanwhile makes a whole copy stand alone, and a partial one unfit", () => {
  expect(alignSchemas([manifestTable("l")], altered, none)).toMatchObject({
    tables: [{ table: "orders", schemaHash: "" }],
    unfit: [],
  });
  expect(alignSchemas([some], altered, none)).toMatchObject({ tables: [], unfit: [{ table: "orders" }] });
});

test("a table that was made anew without partitions, or with some, is unfit: its manifest is of another table", () => {
  const all = new Set(["sales.orders"]);
  expect(alignSchemas([manifestTable("l")], altered, all)).toMatchObject({
    tables: [],
    unfit: [{ table: "orders" }],
  });
  const whole = manifestTable("l", { partitionKind: "none" });
  expect(alignSchemas([whole], altered, none)).toMatchObject({ tables: [], unfit: [{ table: "orders" }] });
  expect(alignSchemas([whole], altered, all)).toMatchObject({ tables: [{ table: "orders" }], unfit: [] });
});

test("another comment or property leaves a partial copy fit, and the next backup copies the table whole", () => {
  const planned = { ...some, schemaHash: `${"a".repeat(16)}${"b".repeat(16)}` };
  const commented = new Map([["sales.orders", `${"a".repeat(16)}${"c".repeat(16)}`]]);
  const settled = alignSchemas([planned], commented, none);
  expect(settled).toEqual({ tables: [{ ...planned, schemaHash: "" }], unfit: [] });
  expect(alignSchemas(settled.tables, commented, none)).toEqual(settled);
});

test("a table that is gone may have been altered before, so a partial copy of it is unfit", () => {
  expect(alignSchemas([some], new Map(), none).unfit).toMatchObject([{ table: "orders" }]);
  expect(alignSchemas([manifestTable("i1", { content: "unchanged" })], new Map(), none).unfit).toEqual([]);
});

test("the details of a snapshot name its tables and their partitions", () => {
  const details = `{"name": "l", "backup_objects": {"orders": {"autoIncrementId": 1, "partitions": {"p1": {}, "p2": {}}}}}`;
  expect(snapshotContent(details)).toEqual(new Map([["orders", new Set(["p1", "p2"])]]));
});
