import { wallDate } from "../basics/clock.ts";
import { type CalendarUnit, calendarUnit, later } from "./calendar.ts";
import type { Partition, PartitionValues, Table } from "./model.ts";
import { isShadow, partitionColumnTypes } from "./partition-text.ts";
import { compareBound, dateText } from "./ranges.ts";

export type Period = readonly Readonly<{ amount: number; unit: CalendarUnit }>[];

const periods = new Set<CalendarUnit>(["DAY", "WEEK", "MONTH", "YEAR"]);
const durations = new Set<CalendarUnit>(["SECOND", "MINUTE", "HOUR", "DAY"]);

/** `2 weeks 1 day` or `36 hours`: units of the calendar or of the clock, not both; undefined if it is neither. */
export function parsePeriod(text: string): Period | undefined {
  const words = text.trim().split(/\s+/);
  if (words.length % 2 !== 0) return undefined;
  const parts: { amount: number; unit: CalendarUnit }[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const unit = calendarUnit(words[at + 1] ?? "");
    if (!unit || !/^[-+]?\d{1,9}$/.test(words[at] ?? "")) return undefined;
    parts.push({ amount: Number(words[at]), unit });
  }
  const known = [periods, durations].some((units) => parts.every(({ unit }) => units.has(unit)));
  return known ? parts : undefined;
}

type Ranged = Readonly<{ partition: Partition; values: Extract<PartitionValues, { kind: "range" }> }>;

/** What `partition_ttl` or else `partition_live_number` lets go (starrocks.md §21.1); `zone` is the FE's. */
export function expiredPartitions(
  table: Table,
  present: readonly Partition[],
  instant: number,
): readonly Partition[] {
  const types = partitionColumnTypes(table);
  if (table.partitioning.kind !== "range" || types.length !== 1) return [];
  const ranged: Ranged[] = present.flatMap((partition) =>
    partition.values.kind === "range" && !isShadow(partition)
      ? [{ partition, values: partition.values }]
      : [],
  );
  const now = wallDate(instant, "UTC");
  const period = parsePeriod(table.properties["partition_ttl"] ?? "") ?? [];
  if (period.some(({ amount }) => amount !== 0)) return olderThan(ranged, period, now, types);
  const number = Number(table.properties["partition_live_number"] ?? "-1");
  return number > 0 ? beyondNumber(ranged, number, now, types) : [];
}

const isTemporal = (type: string | undefined): type is "DATE" | "DATETIME" =>
  type === "DATE" || type === "DATETIME";

function olderThan(
  ranged: readonly Ranged[],
  period: Period,
  now: Date,
  types: readonly string[],
): readonly Partition[] {
  const [type] = types;
  // Of numbers the FE knows no age.
  if (!isTemporal(type)) return [];
  const from = period.reduce((date, { unit, amount }) => later(date, unit, -amount), now);
  const limit = [dateText(from, type)];
  return ranged
    .filter(({ values }) => compareBound(values.upper, limit, types) <= 0)
    .map(({ partition }) => partition);
}

/** The oldest go; partitions of the future do not count. */
function beyondNumber(
  ranged: readonly Ranged[],
  number: number,
  now: Date,
  types: readonly string[],
): readonly Partition[] {
  const [type] = types;
  const limit = isTemporal(type) ? [dateText(now, type)] : undefined;
  const counted = ranged
    .filter(({ values }) => !limit || compareBound(values.lower, limit, types) <= 0)
    .sort((a, b) => compareBound(a.values.upper, b.values.upper, types))
    .map(({ partition }) => partition);
  return counted.slice(0, Math.max(0, counted.length - number));
}
