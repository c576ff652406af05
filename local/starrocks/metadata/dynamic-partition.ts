import { timeText } from "../basics/clock.ts";
import type { NamedValues, Partition, Table } from "./model.ts";
import { isShadow, partitionColumnTypes } from "./partition-text.ts";
import { compareBound, dateText, rangesOverlap, utcDate } from "./ranges.ts";

/** How a table's partitions come and go by themselves (§21.1). */
export interface DynamicPartitioning {
  readonly unit: string;
  /** Units before now that stay; undefined: none is ever dropped. */
  readonly start: number | undefined;
  readonly end: number;
  readonly prefix: string;
  /** Undefined: as the table. */
  readonly buckets: number | undefined;
  readonly replicationNum: number | undefined;
  readonly history: number;
  readonly zone: string;
  /** 1 is Monday. */
  readonly dayOfWeek: number;
  readonly dayOfMonth: number;
}

export const hasDynamicProperties = (properties: Readonly<Record<string, string>>): boolean =>
  Object.keys(properties).some((key) => key.startsWith("dynamic_partition."));

/** What `start` is when none is given: the least 32-bit number. */
export const noStart = "-2147483648";

/** How the scheduler treats a table; undefined: not at all. */
export function dynamicPartitioning({ properties }: Table): DynamicPartitioning | undefined {
  const of = (key: string): string | undefined => properties[`dynamic_partition.${key}`];
  if (of("enable")?.toLowerCase() !== "true") return undefined;
  const number = (key: string): number | undefined => (of(key) === undefined ? undefined : Number(of(key)));
  const start = of("start") ?? noStart;
  return {
    unit: (of("time_unit") ?? "").toUpperCase(),
    start: start === noStart ? undefined : Number(start),
    end: number("end") ?? 0,
    prefix: of("prefix") ?? "p",
    buckets: number("buckets") || undefined,
    replicationNum: number("replication_num"),
    history: number("history_partition_num") ?? 0,
    zone: of("time_zone") ?? "UTC",
    dayOfWeek: number("start_day_of_week") ?? 1,
    dayOfMonth: number("start_day_of_month") ?? 1,
  };
}

/** Partitions that a pass of the scheduler drops, and those that it adds. */
export interface DuePartitions {
  readonly expired: readonly Partition[];
  readonly missing: readonly NamedValues[];
}

/** What a pass of DynamicPartitionScheduler does to a table with these partitions. */
export function duePartitions(
  table: Table,
  dynamic: DynamicPartitioning,
  partitions: readonly Partition[],
  now: number,
): DuePartitions {
  const [type = "DATE"] = partitionColumnTypes(table);
  const border = (offset: number): string => borderText(dynamic, now, offset, type);
  const real = partitions.filter((one) => !isShadow(one));
  return { expired: expired(dynamic, real, border, type), missing: missing(dynamic, real, border, type) };
}

/** Whatever ends before the window, up to the first that reaches into it. */
function expired(
  { start }: DynamicPartitioning,
  partitions: readonly Partition[],
  border: (offset: number) => string,
  type: string,
): Partition[] {
  if (start === undefined) return [];
  const lower = [border(start)];
  return partitions.filter(
    ({ values }) => values.kind === "range" && compareBound(values.upper, lower, [type]) <= 0,
  );
}

function missing(
  { start, history, end, prefix, unit }: DynamicPartitioning,
  partitions: readonly Partition[],
  border: (offset: number) => string,
  type: string,
): NamedValues[] {
  const first = Math.max(start ?? Number.NEGATIVE_INFINITY, -history);
  const offsets = Array.from({ length: end - first + 1 }, (_, index) => first + index);
  return offsets
    .map((offset): NamedValues => {
      const lower = border(offset);
      const values = { kind: "range", lower: [lower], upper: [border(offset + 1)] } as const;
      return { name: `${prefix}${nameOf(lower, unit)}`, ifNotExists: true, values };
    })
    .filter(({ values }) => !partitions.some((one) => rangesOverlap(one.values, values, [type])));
}

/** A bound in the spelling of the partition column: integers stand for days, `20251125`. */
function borderText(dynamic: DynamicPartitioning, now: number, offset: number, type: string): string {
  const at = borderOf(dynamic, utcDate(timeText(now, dynamic.zone)), offset);
  if (type === "DATE" || type === "DATETIME") return dateText(at, type);
  return dateText(at, "DATE").replaceAll("-", "");
}

/** Where a unit begins, counted from the one of now. */
function borderOf({ unit, dayOfWeek, dayOfMonth }: DynamicPartitioning, now: Date, offset: number): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (unit) {
    case "HOUR":
      return new Date(Date.UTC(year, month, day, now.getUTCHours() + offset));
    case "DAY":
      return new Date(Date.UTC(year, month, day + offset));
    case "WEEK": {
      const sinceStart = (((now.getUTCDay() || 7) - dayOfWeek + 7) % 7) - 7 * offset;
      return new Date(Date.UTC(year, month, day - sinceStart));
    }
    case "MONTH":
      return new Date(Date.UTC(year, month + offset - (day < dayOfMonth ? 1 : 0), dayOfMonth));
    default:
      return new Date(Date.UTC(year + offset, 0, 1));
  }
}

const nameDigits: Readonly<Record<string, number>> = { HOUR: 10, DAY: 8, MONTH: 6, YEAR: 4 };

function nameOf(lower: string, unit: string): string {
  const digits = lower.replaceAll(/\D/g, "");
  const length = nameDigits[unit];
  return length === undefined ? weekName(digits) : digits.slice(0, length);
}

/** `2025_48`, as a calendar of the United States counts weeks: from Sunday, the first one holds January 1. */
function weekName(digits: string): string {
  const day = utcDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`);
  const first = new Date(Date.UTC(day.getUTCFullYear(), 0, 1));
  const days = Math.round((day.getTime() - first.getTime()) / 86_400_000);
  const week = Math.floor((days + first.getUTCDay()) / 7) + 1;
  return `${day.getUTCFullYear()}_${String(week).padStart(2, "0")}`;
}
