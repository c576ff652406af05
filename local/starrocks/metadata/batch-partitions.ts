import { analysisError, unsupported } from "../basics/errors.ts";
import type { RangeDefinition } from "../sql/partition-by.ts";
import { InvalidLiteral, literal } from "./literals.ts";
import type { NamedValues } from "./model.ts";
import { dateText, utcDate } from "./ranges.ts";

type Batch = Extract<RangeDefinition, { kind: "batch" }>;

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
  const [at, end] = [dateOf(batch.start), dateOf(batch.end)];
  if (at >= end) throw analysisError("Batch build partition start date should less than end date.");
  if (batch.unit === undefined) throw analysisError("Unknown timeunit for batch build partition.");
  const unit = batchUnits[batch.unit];
  if (!unit) throw unsupported(`EVERY (INTERVAL n ${batch.unit})`);
  if (batch.unit === "HOUR" && type !== "DATETIME")
    throw analysisError(
      "Batch build partition for hour interval only supports partition column as DATETIME type",
    );
  const all: NamedValues[] = [];
  while (at < end) {
    const lower = dateText(at, type);
    const name = `p${unit.name(at)}`;
    unit.step(at, batch.every);
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
