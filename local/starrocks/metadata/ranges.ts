import { commonError, unsupported } from "../errors.ts";
import type { PartitionDefinition, RangeDefinition } from "../sql/partition-by.ts";
import type { Bound, Partition, PartitionValues } from "./model.ts";

export type NamedValues = Readonly<{ name: string; ifNotExists: boolean; values: PartitionValues }>;

const numeric = new Set(["TINYINT", "SMALLINT", "INT", "BIGINT", "LARGEINT"]);

/** One spelling per value, so that comparing text compares values. */
export function canonical(value: string | null, type: string): string | null {
  if (value === null || value === "MAXVALUE") return value;
  if (numeric.has(type)) return BigInt(value).toString();
  const digits = /^(\d{4})-?(\d{2})-?(\d{2})(?:[ T]?(\d{2}):?(\d{2}):?(\d{2})(?:\.\d+)?)?$/.exec(value);
  if (type === "DATE" && digits) return `${digits[1]}-${digits[2]}-${digits[3]}`;
  if (type === "DATETIME" && digits) {
    return `${digits[1]}-${digits[2]}-${digits[3]} ${digits[4] ?? "00"}:${digits[5] ?? "00"}:${digits[6] ?? "00"}`;
  }
  return value;
}

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

const canonicalBound = (bound: Bound, types: readonly string[]): Bound =>
  typeof bound === "string" ? bound : bound.map((value, index) => canonical(value, types[index] ?? ""));

const pad = (value: number, size = 2): string => String(value).padStart(size, "0");

const batchUnits: Record<string, { step: (date: Date, n: number) => void; name: (date: Date) => string }> = {
  HOUR: {
    step: (d, n) => d.setUTCHours(d.getUTCHours() + n),
    name: (d) => `${dayName(d)}${pad(d.getUTCHours())}`,
  },
  DAY: { step: (d, n) => d.setUTCDate(d.getUTCDate() + n), name: (d) => dayName(d) },
  WEEK: { step: (d, n) => d.setUTCDate(d.getUTCDate() + 7 * n), name: (d) => dayName(d) },
  MONTH: { step: (d, n) => d.setUTCMonth(d.getUTCMonth() + n), name: (d) => dayName(d).slice(0, 6) },
  YEAR: { step: (d, n) => d.setUTCFullYear(d.getUTCFullYear() + n), name: (d) => dayName(d).slice(0, 4) },
};
const dayName = (d: Date): string =>
  `${pad(d.getUTCFullYear(), 4)}${pad(d.getUTCMonth() + 1)}${pad(d.getUTCDate())}`;

export const utcDate = (text: string): Date =>
  new Date(`${text.replace(" ", "T")}${text.length > 10 ? "" : "T00:00:00"}Z`);

/** `yyyy-MM-dd` or `yyyy-MM-dd HH:mm:ss` of a UTC date. */
export const dateText = (date: Date, type: string): string =>
  type === "DATE" ? date.toISOString().slice(0, 10) : date.toISOString().slice(0, 19).replace("T", " ");

function expandBatch(batch: Extract<RangeDefinition, { kind: "batch" }>, type: string): NamedValues[] {
  const range = (name: string, lower: string, upper: string): NamedValues => ({
    name,
    ifNotExists: false,
    values: { kind: "range", lower: [lower], upper: [upper] },
  });
  if (batch.unit === undefined) {
    const all: NamedValues[] = [];
    for (let at = Number(batch.start); at < Number(batch.end); at += batch.every)
      all.push(range(`p${at}`, String(at), String(Math.min(at + batch.every, Number(batch.end)))));
    return all;
  }
  const unit = batchUnits[batch.unit];
  if (!unit) throw unsupported(`EVERY (INTERVAL n ${batch.unit})`);
  const all: NamedValues[] = [];
  const end = utcDate(batch.end);
  for (const at = utcDate(batch.start); at < end; ) {
    const lower = dateText(at, type);
    const name = `p${unit.name(at)}`;
    unit.step(at, batch.every);
    all.push(range(name, lower, dateText(new Date(Math.min(at.getTime(), end.getTime())), type)));
  }
  return all;
}

/** Lower bounds of VALUES LESS THAN come from the nearest existing upper bound below. */
export function expandDefinitions(
  definitions: readonly PartitionDefinition[],
  types: readonly string[],
  existing: readonly Partition[],
): NamedValues[] {
  const uppers: Bound[] = existing.flatMap((one) => (one.values.kind === "range" ? [one.values.upper] : []));
  const result: NamedValues[] = [];
  for (const definition of definitions) {
    const expanded = expandOne(definition, types, uppers);
    for (const one of expanded) if (one.values.kind === "range") uppers.push(one.values.upper);
    result.push(...expanded);
  }
  return result;
}

function expandOne(
  definition: PartitionDefinition,
  types: readonly string[],
  uppers: readonly Bound[],
): NamedValues[] {
  if (definition.kind === "batch") return expandBatch(definition, types[0] ?? "");
  const { name, ifNotExists } = definition;
  if (definition.kind === "in") {
    const items = definition.items.map((item) =>
      item.map((value, index) => canonical(value, types[index] ?? "")),
    );
    return [{ name, ifNotExists, values: { kind: "list", items, multi: definition.multi } }];
  }
  const upper = canonicalBound(definition.upper, types);
  if (definition.kind === "fixed") {
    const lower = canonicalBound(definition.lower, types);
    if (compareBound(lower, upper, types) >= 0)
      throw commonError("Partition values should be less than partition upper");
    return [{ name, ifNotExists, values: { kind: "range", lower, upper } }];
  }
  const below = uppers.filter((one) => compareBound(one, upper, types) <= 0);
  const lower = below.reduce<Bound>((best, one) => (compareBound(one, best, types) > 0 ? one : best), "MIN");
  return [{ name, ifNotExists, values: { kind: "range", lower, upper } }];
}
