import { partitionBounds } from "./partition-bounds.ts";

/** Units in which ADD PARTITIONS … EVERY makes ranges of automatic tables. */
export type RangeUnit = "HOUR" | "DAY" | "MONTH" | "YEAR";

/** How long a range is, and how a load names ranges of that length. */
export interface RangeClass {
  /** `1 month`, `604800 s`; equal for ranges of one kind. */
  readonly name: string;
  /** Shorter ones are less. */
  readonly seconds: number;
  /** Digits of the range's begin in the name of its partition (starrocks.md §10). */
  readonly digits: number;
  readonly unit: RangeUnit | undefined;
}

const monthSeconds = 30 * 86_400;

/** The class of a range of times; undefined for anything else. */
export function rangeClass(value: string): RangeClass | undefined {
  const bounds = partitionBounds(value);
  const [from, to] = [instant(bounds?.lower[0]), instant(bounds?.upper[0]) ?? end(bounds?.upper[0])];
  if (bounds?.lower.length !== 1 || from === undefined || to === undefined) return undefined;
  const months = wholeMonths(from, to);
  if (months !== undefined) return ofMonths(months, from);
  const seconds = (to.getTime() - from.getTime()) / 1000;
  return ofSeconds(seconds);
}

/** The least class among ranges: the unit in which a table makes them by itself, where others were merged. */
export function granularityOf(values: readonly string[]): string | undefined {
  const classes = values.flatMap((value) => rangeClass(value) ?? []);
  return classes.reduce<RangeClass | undefined>(
    (least, each) => (least === undefined || each.seconds < least.seconds ? each : least),
    undefined,
  )?.name;
}

/** A load makes the last range there can be without an upper bound: no date lies beyond the year 9999. */
function end(text: string | undefined): Date | undefined {
  return text === "MAXVALUE" ? new Date(Date.UTC(10_000, 0, 1)) : undefined;
}

const unitNames: Readonly<Record<string, string>> = {
  year: "1 year",
  quarter: "3 month",
  month: "1 month",
  week: "604800 s",
  day: "86400 s",
  hour: "3600 s",
  minute: "60 s",
};

/**
 * Name of the class of ranges that a table makes by itself, as its SHOW CREATE TABLE says. Where all its ranges were merged,
 * nothing else tells.
 */
export function statedGranularity(createTable: string): string | undefined {
  const stated =
    /^PARTITION BY (?:date_trunc\('(?<trunc>\w+)', |time_slice\([^,\n]+, 1, '(?<slice>\w+)', )/m.exec(
      createTable,
    );
  const unit = stated?.groups?.["trunc"] ?? stated?.groups?.["slice"];
  return unit === undefined ? undefined : unitNames[unit.toLowerCase()];
}

/** Whether ranges of this class may have been merged from shorter ones (starrocks.md §21.2). */
export function mayBeMerged(granularity: string, keyType: string): boolean {
  const coarser = ["1 month", "1 year", ...(keyType === "date" ? [] : ["3600 s", "86400 s"])];
  return coarser.includes(granularity);
}

function instant(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/.test(text)) return undefined;
  return new Date(`${text.replace(" ", "T")}${text.length > 10 ? "" : "T00:00:00"}Z`);
}

function wholeMonths(from: Date, to: Date): number | undefined {
  const begins = (time: Date) => time.getUTCDate() === 1 && time.getTime() % 86_400_000 === 0;
  if (!begins(from) || !begins(to)) return undefined;
  return 12 * (to.getUTCFullYear() - from.getUTCFullYear()) + to.getUTCMonth() - from.getUTCMonth();
}

function ofMonths(months: number, from: Date): RangeClass {
  const years = months / 12;
  if (Number.isInteger(years) && from.getUTCMonth() === 0)
    return {
      name: `${years} year`,
      seconds: months * monthSeconds,
      digits: 4,
      unit: years === 1 ? "YEAR" : undefined,
    };
  return {
    name: `${months} month`,
    seconds: months * monthSeconds,
    digits: 6,
    unit: months === 1 ? "MONTH" : undefined,
  };
}

function ofSeconds(seconds: number): RangeClass {
  const name = `${seconds} s`;
  if (seconds % 86_400 === 0)
    return { name, seconds, digits: 8, unit: seconds === 86_400 ? "DAY" : undefined };
  if (seconds % 3600 === 0) return { name, seconds, digits: 10, unit: seconds === 3600 ? "HOUR" : undefined };
  return { name, seconds, digits: 12, unit: undefined };
}
