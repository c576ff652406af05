import { analysisError, unsupported } from "../basics/errors.ts";
import type { RangeDefinition } from "../sql/partition-by.ts";
import { calendarUnit, later } from "./calendar.ts";
import { InvalidLiteral, literal } from "./literals.ts";
import type { NamedValues } from "./model.ts";
import { dateText, utcDate } from "./ranges.ts";

type Batch = Extract<RangeDefinition, { kind: "batch" }>;

/** Digits of the lower bound that make the name. */
const nameDigits: Readonly<Record<string, number>> = { HOUR: 10, DAY: 8, WEEK: 8, MONTH: 6, YEAR: 4 };

const range = (name: string, lower: string, upper: string): NamedValues => ({
  name,
  ifNotExists: false,
  values: { kind: "range", lower: [lower], upper: [upper] },
});

/** `START (…) END (…) EVERY (…)` as the partitions it stands for (MultiRangePartitionDesc). */
export function expandBatch(batch: Batch, type: string): NamedValues[] {
  if (batch.every <= 0)
    throw analysisError("The interval of the Multi-Range Partition must be greater than 0", 5703, "42000");
  if (type === "DATE" || type === "DATETIME") return expandDates(batch, type);
  if (!/^(TINYINT|SMALLINT|INT|BIGINT)$/.test(type))
    throw analysisError(`Unsupported batch partition build type:${type}.`);
  return expandNumbers(batch);
}

function expandNumbers({ start, end, every, unit }: Batch): NamedValues[] {
  const whole = /^[-+]?\d{1,18}$/;
  if (unit !== undefined) throw mismatch("date");
  if (!whole.test(start) || !whole.test(end)) throw mismatch("number");
  const [from, to] = [Number(start), Number(end)];
  if (from >= to) throw analysisError("Batch build partition start value should less then end value.");
  const all: NamedValues[] = [];
  for (let at = from; at < to; at += every)
    all.push(range(`p${at}`, String(at), String(Math.min(at + every, to))));
  return all;
}

function expandDates(batch: Batch, type: string): NamedValues[] {
  let at = dateOf(batch.start);
  const end = dateOf(batch.end);
  if (at >= end) throw analysisError("Batch build partition start date should less than end date.");
  if (batch.unit === undefined) throw analysisError("Unknown timeunit for batch build partition.");
  const unit = calendarUnit(batch.unit);
  const digits = nameDigits[batch.unit];
  if (!unit || digits === undefined) throw unsupported(`EVERY (INTERVAL n ${batch.unit})`);
  if (batch.unit === "HOUR" && type !== "DATETIME")
    throw analysisError(
      "Batch build partition for hour interval only supports partition column as DATETIME type",
    );
  const all: NamedValues[] = [];
  while (at < end) {
    const lower = dateText(at, type);
    const name = `p${dateText(at, "DATETIME").replaceAll(/\D/g, "").slice(0, digits)}`;
    at = later(at, unit, batch.every);
    all.push(range(name, lower, dateText(new Date(Math.min(at.getTime(), end.getTime())), type)));
  }
  return all;
}

function dateOf(text: string): Date {
  try {
    return utcDate(literal(text, { name: "DATETIME", parameters: [] }));
  } catch (error) {
    if (error instanceof InvalidLiteral) throw mismatch("date");
    throw error;
  }
}

const mismatch = (kind: "date" | "number"): Error =>
  analysisError(`Batch build partition EVERY is ${kind} type but START or END does not type match.`);
