import type { Bound } from "../sql/partition-by.ts";
import type { PartitionValues } from "./model.ts";

const numeric = new Set(["TINYINT", "SMALLINT", "INT", "BIGINT", "LARGEINT"]);

function compareValue(a: string | null, b: string | null, type: string): number {
  if (a === b) return 0;
  if (a === null || b === "MAXVALUE") return -1;
  if (b === null || a === "MAXVALUE") return 1;
  if (numeric.has(type)) return BigInt(a) < BigInt(b) ? -1 : 1;
  return a < b ? -1 : 1;
}

export function compareBound(a: Bound, b: Bound, types: readonly string[]): number {
  if (a === b) return 0;
  if (a === "MIN" || b === "MAX") return -1;
  if (a === "MAX" || b === "MIN") return 1;
  for (const [index, type] of types.entries()) {
    const order = compareValue(a[index] ?? null, b[index] ?? null, type);
    if (order !== 0) return order;
  }
  return 0;
}

export function rangesOverlap(a: PartitionValues, b: PartitionValues, types: readonly string[]): boolean {
  if (a.kind !== "range" || b.kind !== "range") return false;
  return compareBound(a.lower, b.upper, types) < 0 && compareBound(b.lower, a.upper, types) < 0;
}

export const utcDate = (text: string): Date =>
  new Date(`${text.replace(" ", "T")}${text.length > 10 ? "" : "T00:00:00"}Z`);

/** `yyyy-MM-dd` or `yyyy-MM-dd HH:mm:ss` of a UTC date. */
export const dateText = (date: Date, type: string): string =>
  type === "DATE" ? date.toISOString().slice(0, 10) : date.toISOString().slice(0, 19).replace("T", " ");
