import { wallDate } from "../basics/clock.ts";
import { type CalendarUnit, later } from "./calendar.ts";
import { dateName } from "./date-names.ts";
import { InvalidLiteral, literal } from "./literals.ts";
import type { NamedValues, Partition, Table } from "./model.ts";
import { isShadow, partitionColumnTypes } from "./partition-text.ts";
import { compareBound, dateText, rangesOverlap } from "./ranges.ts";

/** A window of partitions that the FE keeps around today (starrocks.md §21.1), in units from now. */
export interface DynamicPartitioning {
  readonly unit: Extract<CalendarUnit, "HOUR" | "DAY" | "WEEK" | "MONTH" | "YEAR">;
  readonly zone: string;
  /** Negative; undefined: nothing is ever dropped. */
  readonly start: number | undefined;
  readonly end: number;
  readonly prefix: string;
  /** 0: as many as the table has. */
  readonly buckets: number;
  readonly historyPartitions: number;
  readonly replicationNum: number | undefined;
  /** 1 is Monday. */
  readonly startDayOfWeek: number;
  readonly startDayOfMonth: number;
}

/** The FE's mark of a `start` that was not given. */
export const noStart = "-2147483648";

const key = (name: string): string => `dynamic_partition.${name}`;

export const hasDynamicPartitioning = ({ properties }: Pick<Table, "properties">): boolean =>
  properties[key("enable")] !== undefined;

export const isDynamic = ({ properties }: Pick<Table, "properties">): boolean =>
  properties[key("enable")] === "true";

/** The window of a table that has one which is enabled. */
export function dynamicPartitioning(table: Table): DynamicPartitioning | undefined {
  if (!isDynamic(table)) return undefined;
  const value = (name: string, otherwise: string) => table.properties[key(name)] ?? otherwise;
  const start = value("start", noStart);
  const replicationNum = table.properties[key("replication_num")];
  return {
    unit: value("time_unit", "DAY").toUpperCase() as DynamicPartitioning["unit"],
    zone: value("time_zone", "UTC"),
    start: start === noStart ? undefined : Number(start),
    end: Number(value("end", "0")),
    prefix: value("prefix", "p"),
    buckets: Number(value("buckets", "0")),
    historyPartitions: Number(value("history_partition_num", "0")),
    replicationNum: replicationNum === undefined ? undefined : Number(replicationNum),
    startDayOfWeek: Number(value("start_day_of_week", "1")),
    startDayOfMonth: Number(value("start_day_of_month", "1")),
  };
}

/** Where the unit begins that lies `offset` units from now; `now` is wall-clock time. */
function border(window: DynamicPartitioning, now: Date, offset: number): Date {
  const { unit } = window;
  if (unit === "HOUR") {
    const hour = later(now, unit, offset);
    hour.setUTCMinutes(0, 0, 0);
    return hour;
  }
  const today = new Date(now);
  today.setUTCHours(0, 0, 0, 0);
  const day = later(today, unit, unit === "MONTH" || unit === "YEAR" ? 0 : offset);
  if (unit === "WEEK") {
    const back = (((day.getUTCDay() - window.startDayOfWeek) % 7) + 7) % 7;
    return later(day, "DAY", -back);
  }
  if (unit === "MONTH") {
    const months = day.getUTCDate() < window.startDayOfMonth ? offset - 1 : offset;
    return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, window.startDayOfMonth));
  }
  return unit === "YEAR" ? new Date(Date.UTC(day.getUTCFullYear() + offset, 0, 1)) : day;
}

/** Integers are days written as `yyyyMMdd`; undefined where the column's type has no such value. */
function boundText(date: Date, type: string): string | undefined {
  const text = type === "DATE" || type === "DATETIME" ? dateText(date, type) : dateName(date, "DAY");
  try {
    return literal(text, { name: type, parameters: [] });
  } catch (error) {
    if (error instanceof InvalidLiteral) return undefined;
    throw error;
  }
}

/** Partitions the window wants and the table lacks; what overlaps a present one is left out. */
export function missingPartitions(
  table: Table,
  present: readonly Partition[],
  instant: number,
): readonly NamedValues[] {
  const window = dynamicPartitioning(table);
  const types = partitionColumnTypes(table);
  const [type] = types;
  if (!window || type === undefined || types.length > 1) return [];
  const now = wallDate(instant, window.zone);
  const missing: NamedValues[] = [];
  const names = new Set(present.map(({ name }) => name.toLowerCase()));
  const first = Math.max(window.start ?? Number.NEGATIVE_INFINITY, -window.historyPartitions);
  for (let offset = first; offset <= window.end; offset += 1) {
    const from = border(window, now, offset);
    const lower = boundText(from, type);
    const upper = boundText(border(window, now, offset + 1), type);
    if (lower === undefined || upper === undefined) continue;
    const values = { kind: "range", lower: [lower], upper: [upper] } as const;
    const name = window.prefix + dateName(from, window.unit);
    const taken = [...present, ...missing].some((one) => rangesOverlap(one.values, values, types));
    if (!taken && !names.has(name.toLowerCase())) missing.push({ name, ifNotExists: false, values });
  }
  return missing;
}

/** Partitions that end where the window starts, or before. */
export function partitionsBeforeWindow(
  table: Table,
  present: readonly Partition[],
  instant: number,
): readonly Partition[] {
  const window = dynamicPartitioning(table);
  const types = partitionColumnTypes(table);
  const [type] = types;
  if (window?.start === undefined || type === undefined || types.length > 1) return [];
  const start = boundText(border(window, wallDate(instant, window.zone), window.start), type);
  if (start === undefined) return [];
  return present.filter(
    (one) =>
      !isShadow(one) && one.values.kind === "range" && compareBound(one.values.upper, [start], types) <= 0,
  );
}
