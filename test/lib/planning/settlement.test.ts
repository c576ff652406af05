import { expect, test } from "vitest";
import { settle } from "../../../lib/planning/backup/settlement.ts";
import { snapshotContent } from "../../../lib/starrocks/observe/snapshot.ts";
import { held, manifestTable } from "./fixtures.ts";

const unchanged = new Map([["sales.orders", "s1"]]);

test("a manifest that its snapshot bears out stays as it is", () => {
  const settlement = settle({
    tables: [manifestTable("full")],
    partitions: [held("full", "p1")],
    stored: new Map([["orders", new Set(["p1", "$shadow_automatic_partition"])]]),
    schemas: unchanged,
  });
  expect(settlement).toEqual({ tables: [], partitions: [], unfit: [] });
});

test("partitions that came or went before the cut are in the manifest as they are in the snapshot", () => {
  const { partitions } = settle({
    tables: [manifestTable("full")],
    partitions: [held("full", "p1"), held("full", "p2")],
    stored: new Map([["orders", new Set(["p2", "p3"])]]),
    schemas: unchanged,
  });
  expect(
    partitions.map(({ partition, presence, fingerprint }) => [partition, presence, fingerprint]),
  ).toEqual([
    ["p1", "dropped", ""],
    ["p3", "held", ""],
  ]);
});

test("a list of partitions is what was asked for: nothing to correct", () => {
  const { partitions } = settle({
    tables: [manifestTable("i1", { content: "partitions" })],
    partitions: [held("i1", "p1")],
    stored: new Map([["orders", new Set(["p1"])]]),
    schemas: unchanged,
  });
  expect(partitions).toEqual([]);
});

test("a schema that changed meanwhile makes a whole copy stand alone, and a partial one unfit", () => {
  const altered = new Map([["sales.orders", "s2"]]);
  const stored = new Map([["orders", new Set(["p1"])]]);
  const partitions = [held("l", "p1")];
  const whole = settle({ tables: [manifestTable("l")], partitions, stored, schemas: altered });
  expect(whole).toMatchObject({ tables: [{ table: "orders", schemaHash: "" }], unfit: [] });
  const some = settle({
    tables: [manifestTable("l", { content: "partitions" })],
    ...{ partitions, stored, schemas: altered },
  });
  expect(some).toMatchObject({ tables: [], unfit: ["orders"] });
});

test("a table that is gone by now was there at the cut", () => {
  const settlement = settle({
    tables: [manifestTable("i1", { content: "partitions" })],
    partitions: [held("i1", "p1")],
    stored: new Map([["orders", new Set(["p1"])]]),
    schemas: new Map(),
  });
  expect(settlement.unfit).toEqual([]);
});

test("the details of a snapshot name its tables and their partitions", () => {
  const details = `{"name": "l", "backup_objects": {"orders": {"autoIncrementId": 1, "partitions": {"p1": {}, "p2": {}}}}}`;
  expect(snapshotContent(details)).toEqual(new Map([["orders", new Set(["p1", "p2"])]]));
});
