import { partitionBounds } from "../partition-bounds.ts";
import type { ShownPartition } from "../partition-recipe.ts";
import { addPeriods, periods, wallClock } from "./calendar.ts";

/** Properties of a table by which StarRocks adds and drops its partitions, by name (starrocks.md §21.1). */
export type Schedule = Readonly<Record<string, string>>;

/** What takes each of the properties out of the way, where it does something. */
const silent: Readonly<
  Record<string, { readonly value: string; readonly acts: (value: string) => boolean }>
> = {
  "dynamic_partition.enable": { value: "false", acts: (value) => value.toLowerCase() === "true" },
  partition_live_number: { value: "-1", acts: (value) => Number(value) > 0 },
  partition_ttl: { value: "0 day", acts: (value) => periods(value).some(({ amount }) => amount > 0) },
  partition_retention_condition: { value: "", acts: (value) => value.trim() !== "" },
};

/** The properties by which a table's partitions come and go right now; empty for most tables. */
export function activeSchedule(properties: ReadonlyMap<string, string>): Schedule {
  const active = Object.entries(silent).filter(([name, { acts }]) => acts(properties.get(name) ?? ""));
  if (active.length === 0) return {};
  const names = [...properties.keys()].filter((name) => name.startsWith("dynamic_partition."));
  return Object.fromEntries(
    [...new Set([...active.map(([name]) => name), ...names])].map((name) => [
      name,
      properties.get(name) ?? "",
    ]),
  );
}

/** What is to be set so that nothing comes or goes any more: name and value, one statement each. */
export function silencing(schedule: Schedule): readonly (readonly [name: string, value: string])[] {
  return Object.entries(silent)
    .filter(([name, { acts }]) => acts(schedule[name] ?? ""))
    .map(([name, { value }]) => [name, value]);
}

/** What is to be set so that a schedule is in force again. */
export function resuming(schedule: Schedule): readonly (readonly [name: string, value: string])[] {
  return silencing(schedule).map(([name]) => [name, schedule[name] ?? ""]);
}

/**
 * Why a schedule cannot be in force again for these partitions; undefined when it can: it would drop none of them.
 *
 * @param now `yyyy-MM-dd HH:mm:ss`, UTC
 */
export function conflict(
  schedule: Schedule,
  partitions: readonly ShownPartition[],
  now: string,
): string | undefined {
  if ((schedule["partition_retention_condition"] ?? "").trim() !== "")
    return "what its partition_retention_condition would drop cannot be told beforehand";
  const ranges = partitions.map(({ partition, value }) => ({ partition, range: partitionBounds(value) }));
  const unread = ranges.find(({ range }) => range === undefined);
  if (unread !== undefined) return `the range of its partition ${unread.partition} cannot be read`;
  const read = ranges.flatMap(({ partition, range }) =>
    range === undefined ? [] : [{ partition, lower: range.lower[0] ?? "", upper: range.upper[0] ?? "" }],
  );
  const doomed = [
    ...beforeWindow(schedule, read, now),
    ...beyondLiveNumber(schedule, read, now),
    ...beyondTtl(schedule, read, now),
  ];
  if (doomed.length === 0) return undefined;
  const [first] = doomed;
  const count = new Set(doomed).size;
  return `it would drop ${count} restored partition${count === 1 ? "" : "s"} (${count === 1 ? first : `${first} and others`})`;
}

interface RangedPartition {
  readonly partition: string;
  /** First column's bounds; comparable as text. */
  readonly lower: string;
  readonly upper: string;
}

/** Not set: the least 32-bit number. */
const noStart = -2147483648;

function beforeWindow(
  schedule: Schedule,
  partitions: readonly RangedPartition[],
  now: string,
): readonly string[] {
  const start = Number(schedule["dynamic_partition.start"] ?? noStart);
  if (schedule["dynamic_partition.enable"]?.toLowerCase() !== "true" || start === noStart) return [];
  const local = wallClock(now, schedule["dynamic_partition.time_zone"] ?? "UTC");
  const border = windowStart(schedule, local, start);
  return partitions
    .filter(({ upper }) => comparable(upper) <= comparable(border))
    .map((each) => each.partition);
}

/** Where the unit `start` units before now begins (DynamicPartitionUtil). */
function windowStart(schedule: Schedule, local: string, start: number): string {
  const unit = (schedule["dynamic_partition.time_unit"] ?? "DAY").toUpperCase();
  const day = local.slice(0, 10);
  switch (unit) {
    case "HOUR":
      return addPeriods(`${local.slice(0, 13)}:00:00`, [{ amount: start, unit: "hour" }]);
    case "WEEK": {
      const first = Number(schedule["dynamic_partition.start_day_of_week"] ?? 1);
      const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
      return addPeriods(day, [{ amount: 7 * start - ((weekday - first + 7) % 7), unit: "day" }]);
    }
    case "MONTH": {
      const first = Number(schedule["dynamic_partition.start_day_of_month"] ?? 1);
      const begun = Number(day.slice(8)) >= first ? 0 : -1;
      const firstDay = `${day.slice(0, 8)}${String(first).padStart(2, "0")}`;
      return addPeriods(firstDay, [{ amount: start + begun, unit: "month" }]);
    }
    case "YEAR":
      return addPeriods(`${day.slice(0, 4)}-01-01`, [{ amount: start, unit: "year" }]);
    default:
      return addPeriods(day, [{ amount: start, unit: "day" }]);
  }
}

function beyondLiveNumber(
  schedule: Schedule,
  partitions: readonly RangedPartition[],
  now: string,
): readonly string[] {
  const live = Number(schedule["partition_live_number"] ?? "-1");
  if (!(live > 0)) return [];
  const begun = partitions
    .filter(({ lower }) => comparable(lower) <= comparable(now))
    .sort((one, other) => (comparable(one.upper) < comparable(other.upper) ? -1 : 1));
  return begun.slice(0, Math.max(0, begun.length - live)).map((each) => each.partition);
}

function beyondTtl(
  schedule: Schedule,
  partitions: readonly RangedPartition[],
  now: string,
): readonly string[] {
  const ttl = periods(schedule["partition_ttl"] ?? "");
  if (!ttl.some(({ amount }) => amount > 0)) return [];
  const oldest = addPeriods(
    now,
    ttl.map(({ amount, unit }) => ({ amount: -amount, unit })),
  );
  return partitions
    .filter(({ upper }) => comparable(upper) <= comparable(oldest))
    .map((each) => each.partition);
}

/** Days as dates, times and integers (`20251125`) are written in ways of their own; their digits sort alike. */
function comparable(bound: string): string {
  return bound === "MAXVALUE" ? "9".repeat(14) : bound.replaceAll(/\D/g, "").slice(0, 14).padEnd(14, "0");
}
