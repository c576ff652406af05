import { analysisError } from "../basics/errors.ts";
import type { RangeDefinition } from "../sql/partition-by.ts";
import { later } from "./calendar.ts";
import { dateName } from "./date-names.ts";
import { InvalidLiteral, literal } from "./literals.ts";
import type { NamedValues } from "./model.ts";
import { dateText, utcDate } from "./ranges.ts";

export type Batch = Extract<RangeDefinition, { kind: "batch" }>;

const units = ["HOUR", "DAY", "WEEK", "MONTH", "YEAR"] as const;
export type BatchUnit = (typeof units)[number];

export const batchUnit = (text: string | undefined): BatchUnit | undefined =>
  units.find((unit) => unit === text?.toUpperCase());

/** More than the FE makes at once is refused. */
const mostPartitions = 4096;

const range = (name: string, lower: string, upper: string): NamedValues => ({
  name,
  ifNotExists: false,
  values: { kind: "range", lower: [lower], upper: [upper] },
});

/** `START (…) END (…) EVERY (…)` as the partitions it stands for (MultiRangePartitionDesc). */
export function expandBatch(batch: Batch, type: string, prefix: string): NamedValues[] {
  if (batch.every <= 0)
    throw analysisError("The interval of the Multi-Range Partition must be greater than 0", 5703, "42000");
  if (type === "DATE" || type === "DATETIME") return expandDates(batch, type, prefix);
  if (!/^(TINYINT|SMALLINT|INT|BIGINT)$/.test(type))
    throw analysisError(`Unsupported batch partition build type:${type}.`);
  return expandNumbers(batch, prefix);
}

function expandNumbers({ start, end, every, unit }: Batch, prefix: string): NamedValues[] {
  const whole = /^[-+]?\d{1,18}$/;
  if (unit !== undefined) throw mismatch("date");
  if (!whole.test(start) || !whole.test(end)) throw mismatch("number");
  const [from, to] = [Number(start), Number(end)];
  if (from >= to) throw analysisError("Batch build partition start value should less then end value.");
  const all: NamedValues[] = [];
  for (let at = from; at < to; at += every) {
    // The last one may reach beyond the end.
    all.push(range(`${prefix}${at}`, String(at), String(at + every)));
    checkCount(all);
  }
  return all;
}

function checkCount(all: readonly NamedValues[]): void {
  if (all.length > mostPartitions)
    throw analysisError(`The number of batch partitions should not exceed:${mostPartitions}`);
}

/** Of any year: Date.UTC takes those before 100 for years of the last century. */
const floored = (at: Date, ms: number): Date => new Date(Math.floor(at.getTime() / ms) * ms);

/** Where the unit begins that holds an instant. */
export function unitStart(at: Date, unit: BatchUnit): Date {
  const day = at.getUTCDate();
  if (unit === "HOUR") return floored(at, 3_600_000);
  if (unit === "DAY") return floored(at, 86_400_000);
  if (unit === "WEEK") return later(at, "DAY", -((at.getUTCDay() + 6) % 7));
  return later(at, "DAY", unit === "MONTH" ? 1 - day : 1 - dayOfYear(at));
}

function dayOfYear(at: Date): number {
  const newYear = floored(at, 86_400_000);
  newYear.setUTCMonth(0, 1);
  return Math.floor((at.getTime() - newYear.getTime()) / 86_400_000) + 1;
}

function expandDates(batch: Batch, type: string, prefix: string): NamedValues[] {
  let at = batchDate(batch.start);
  const end = batchDate(batch.end);
  if (at >= end) throw analysisError("Batch build partition start date should less than end date.");
  if (batch.unit === undefined) throw analysisError("Unknown timeunit for batch build partition.");
  const unit = batchUnit(batch.unit);
  if (!unit) throw analysisError(`Batch build partition does not support time interval type: ${batch.unit}`);
  if (unit === "HOUR" && type !== "DATETIME")
    throw analysisError(
      "Batch build partition for hour interval only supports partition column as DATETIME type",
    );
  const all: NamedValues[] = [];
  while (at < end) {
    const lower = yearOfEra(dateText(at, type));
    const name = prefix + yearOfEra(dateName(unit === "WEEK" ? unitStart(at, unit) : at, unit));
    at = later(unitStart(at, unit), unit, batch.every);
    // Days are not cut off at the end.
    if (unit !== "DAY" && at > end) at = end;
    const upper = yearOfEra(dateText(at, type));
    if (lower >= upper)
      throw analysisError("Invalid range value format: The lower values must smaller than upper values");
    all.push(range(name, lower, upper));
    checkCount(all);
  }
  return all;
}

/** The FE writes the year 0, which is 1 BC, as the year 1 (§21.2). */
const yearOfEra = (text: string): string => text.replace(/^0000/, "0001");

export function batchDate(text: string): Date {
  try {
    return utcDate(literal(text, { name: "DATETIME", parameters: [] }));
  } catch (error) {
    if (error instanceof InvalidLiteral) throw mismatch("date");
    throw error;
  }
}

const mismatch = (kind: "date" | "number"): Error =>
  analysisError(`Batch build partition EVERY is ${kind} type but START or END does not type match.`);
