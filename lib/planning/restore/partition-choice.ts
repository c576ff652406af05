import { BackupError } from "../../errors.ts";
import type { CoveredPartition, CoveredTable } from "../coverage.ts";
import { tableKey } from "../live-table.ts";
import { named } from "../named.ts";
import { partitionBounds } from "../partition-bounds.ts";
import { listItems } from "../partition-recipe.ts";

/** Which partitions of a table are restored. */
export type PartitionChoice =
  | { readonly kind: "names"; readonly names: readonly string[] }
  /** Partitions that hold something from one value to another, both included: `2026-11-01` to `2026-11-07`. */
  | { readonly kind: "range"; readonly from: string; readonly to: string };

/** What is chosen, and what a person should know of it. */
export interface ChosenPartitions {
  readonly names: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The partitions of a restore point that are meant.
 *
 * @param shown ranges and values of the live table's partitions, for manifests of older releases that do not say them
 * @throws {BackupError} `PARTITION_UNKNOWN` for a name that the restore point does not have, for a range in which nothing
 * lies, and where a range cannot be told
 */
export function choosePartitions(
  table: CoveredTable,
  choice: PartitionChoice,
  shown: ReadonlyMap<string, string>,
): ChosenPartitions {
  if (choice.kind === "names") {
    const missing = choice.names.filter((name) => !table.partitions.has(name));
    if (missing.length > 0) throw notThere(table, missing);
    return { names: [...new Set(choice.names)].sort(), notes: [] };
  }
  const spans = [...table.partitions.values()].map((each) => ({ each, span: spanOf(each, shown) }));
  const unclear = spans.find(({ span }) => span === undefined);
  if (unclear !== undefined) throw rangeUnclear(table, unclear.each.partition);
  const inRange = spans.filter(({ span }) => span !== undefined && meets(span, choice));
  if (inRange.length === 0) throw nothingInRange(table, choice);
  const wider = inRange.filter(({ span }) => span !== undefined && isWider(span, choice));
  return {
    names: inRange.map(({ each }) => each.partition).sort(),
    notes:
      wider.length === 0
        ? []
        : [
            `${named(wider.map(({ each }) => each.partition))} of ${tableKey(table)} ${wider.length === 1 ? "holds" : "hold"} more than ${choice.from} to ${choice.to}: a partition is restored whole.`,
          ],
  };
}

/** A table at a restore point, reduced to some of its partitions. */
export function reduced(table: CoveredTable, only: readonly string[] | undefined): CoveredTable {
  if (only === undefined) return table;
  const wanted = new Set(only);
  return {
    ...table,
    partitions: new Map([...table.partitions].filter(([name]) => wanted.has(name))),
  };
}

/** What a partition holds: from a value to one that is not in it any more, or some values. */
type Span =
  | { readonly kind: "range"; readonly lower: string; readonly upper: string }
  | { readonly kind: "list"; readonly values: readonly string[] };

function spanOf(
  { partition, value }: CoveredPartition,
  shown: ReadonlyMap<string, string>,
): Span | undefined {
  const text = value ?? shown.get(partition) ?? "";
  const bounds = partitionBounds(text);
  const [lower, upper] = [bounds?.lower[0], bounds?.upper[0]];
  if (lower !== undefined && upper !== undefined) return { kind: "range", lower, upper };
  const values = listItems(text)?.flatMap((item) => item[0] ?? []);
  return values === undefined ? undefined : { kind: "list", values };
}

type Range = Extract<PartitionChoice, { readonly kind: "range" }>;

function meets(span: Span, { from, to }: Range): boolean {
  if (span.kind === "list")
    return span.values.some((value) => compare(value, from) >= 0 && isAtMost(value, to));
  return isAtMost(span.lower, to) && compare(span.upper, from) > 0;
}

function isWider(span: Span, { from, to }: Range): boolean {
  if (span.kind === "list")
    return !span.values.every((value) => compare(value, from) >= 0 && isAtMost(value, to));
  return compare(span.lower, from) < 0 || isBeyond(span.upper, to);
}

/** `2026-11-07` as an end means the whole day: every time that begins with it. */
function isAtMost(value: string, to: string): boolean {
  return (/^\d{4}-/.test(to) && value.startsWith(to)) || compare(value, to) <= 0;
}

/** Whether a range that ends before `upper` goes on after `to`. */
function isBeyond(upper: string, to: string): boolean {
  const day = /^\d{4}-\d\d-\d\d$/;
  if (!day.test(to)) return compare(upper, to) > 0;
  const next = new Date(`${to}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return compare(upper, next.toISOString().slice(0, 10)) > 0;
}

/** Whole numbers by their value; times and texts as they are written. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  if (one === "MAXVALUE" || other === "MAXVALUE") return one === "MAXVALUE" ? 1 : -1;
  const number = /^-?\d+$/;
  if (number.test(one) && number.test(other)) return Number(BigInt(one) - BigInt(other) > 0n) * 2 - 1;
  const [left, right] = [withTime(one, other), withTime(other, one)];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** A day beside a time is that day's begin. */
function withTime(value: string, beside: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(value) && beside.length > 10 ? `${value} 00:00:00` : value;
}

function notThere(table: CoveredTable, missing: readonly string[]): BackupError {
  return new BackupError({
    code: "PARTITION_UNKNOWN",
    message: `${tableKey(table)} has no partition ${missing.join(", ")} at the restore point.`,
    next: `It has ${named([...table.partitions.keys()])}.`,
  });
}

function nothingInRange(table: CoveredTable, { from, to }: Range): BackupError {
  return new BackupError({
    code: "PARTITION_UNKNOWN",
    message: `No partition of ${tableKey(table)} holds anything from ${from} to ${to} at the restore point.`,
    next: `It has ${named([...table.partitions.keys()])}.`,
  });
}

function rangeUnclear(table: CoveredTable, partition: string): BackupError {
  return new BackupError({
    code: "PARTITION_UNKNOWN",
    message: `What partition ${partition} of ${tableKey(table)} holds is not known: it came while its backup was under way, or an older release has made that.`,
    next: "Name the partitions instead of a range.",
  });
}
