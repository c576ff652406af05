import { expect, test } from "vitest";
import { packPlan, unpackPlan } from "../../../lib/catalog/plan-text.ts";

/** The longest VARCHAR of StarRocks, in bytes. */
const longestText = 1_048_576;

test("the plan of ten thousand tables fits into its column", () => {
  const tables = Array.from({ length: 10_000 }, (_, index) => ({
    table: `tägliche_umsätze_${index}`,
    content: "whole",
    partitions: index % 400,
    bytes: (index * 7919) % 1_000_003,
  }));
  const json = JSON.stringify({ operation: "backup", snapshots: [{ tables }] });
  const stored = packPlan(json);
  expect(Buffer.byteLength(stored)).toBeLessThan(longestText);
  expect(unpackPlan(stored)).toBe(json);
});

test("a plan that a person would read in the catalog stays readable", () => {
  const json = JSON.stringify({ operation: "restore", tables: ["sales.orders"] });
  expect(packPlan(json)).toBe(json);
  expect(unpackPlan(json)).toBe(json);
});
