import { normaliseZone } from "../../basics/clock.ts";
import { analysisError, commonError } from "../../basics/errors.ts";
import { noStart } from "../../metadata/dynamic-partition.ts";
import type { Column, Partitioning } from "../../metadata/model.ts";

type Properties = Readonly<Record<string, string>>;

const prefix = "dynamic_partition.";

/** The `dynamic_partition.*` among properties, their names without that. */
const dynamicOnes = (properties: Properties): Properties =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );

const prefixed = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [prefix + key, value]));

/** Those a new dynamic table starts with, its defaults filled in (DynamicPartitionUtil). */
export function initialDynamic(given: Properties, by: Partitioning, columns: readonly Column[]): Properties {
  const dynamic = dynamicOnes(given);
  if (by.kind !== "range" || by.columns.length !== 1)
    throw commonError("Dynamic partition only support single-column range partition");
  if (!dynamic["time_unit"]) throw commonError("Must assign dynamic_partition.time_unit properties");
  if (!dynamic["end"]) throw commonError("Must assign dynamic_partition.end properties");
  const column = columns.find((one) => one.name.toLowerCase() === by.columns[0]?.toLowerCase());
  if (dynamic["time_unit"].toUpperCase() === "HOUR" && column?.type.name === "DATE")
    throw analysisError("Date type partition does not support dynamic partitioning granularity of hour");
  const defaults = { enable: "true", prefix: "p", start: noStart, time_zone: "UTC" };
  return prefixed(checkedDynamic({ ...defaults, ...dynamic }));
}

/** Those that ALTER TABLE SET changes of a table that is dynamic already. */
export const changedDynamic = (given: Properties): Properties => prefixed(checkedDynamic(dynamicOnes(given)));

const whole = /^[-+]?\d{1,10}$/;

/** What StarRocks says of a value, by its property; undefined: it takes it. */
const faults: Readonly<Record<string, (value: string) => string | undefined>> = {
  time_unit: (value) =>
    /^(hour|day|week|month|year)$/i.test(value)
      ? undefined
      : `Unsupported time unit ${value}. Expect DAY/WEEK/MONTH/YEAR.`,
  prefix: (value) =>
    /^[a-zA-Z]\w{0,63}$|^_[a-zA-Z0-9]\w{0,62}$/.test(value)
      ? undefined
      : `Invalid dynamic partition prefix: ${value}.`,
  enable: (value) =>
    /^(true|false)$/i.test(value)
      ? undefined
      : `Invalid dynamic partition enable: ${value}. Expected true or false`,
  start: (value) => {
    if (!whole.test(value)) return `Invalid dynamic partition start ${value}`;
    return Number(value) < 0 ? undefined : "Dynamic partition start must less than 0";
  },
  end: (value) => {
    if (value === "") return "Dynamic partition end is empty";
    if (!whole.test(value)) return `Invalid dynamic partition end ${value}`;
    return Number(value) > 0 ? undefined : "Dynamic partition end must greater than 0";
  },
  buckets: (value) => {
    if (value === "") return "Dynamic partition buckets is empty";
    return whole.test(value) ? undefined : `Invalid dynamic partition buckets ${value}`;
  },
  replication_num: (value) => {
    if (!whole.test(value)) return `Invalid dynamic partition replication num: ${value}.`;
    return Number(value) > 0 ? undefined : "Dynamic partition replication num must greater than 0";
  },
  history_partition_num: (value) =>
    whole.test(value) && Number(value) >= 0 ? undefined : "Dynamic history partition num must greater than 0",
  start_day_of_week: (value) =>
    /^[1-7]$/.test(value) ? undefined : "dynamic_partition.start_day_of_week should between 1 and 7",
  start_day_of_month: (value) =>
    whole.test(value) && Number(value) >= 1 && Number(value) <= 28
      ? undefined
      : "dynamic_partition.start_day_of_month should between 1 and 28",
  time_zone: (value) =>
    normaliseZone(value) === undefined ? `Unknown or incorrect time zone: '${value}'` : undefined,
};

/** As many as `max_dynamic_partition_num` allows at once. */
const mostPartitions = 500;

function checkedDynamic(dynamic: Properties): Properties {
  for (const [key, value] of Object.entries(dynamic)) {
    const faultOf = faults[key];
    if (faultOf === undefined) throw commonError(`Unknown properties: {${prefix}${key}=${value}}`);
    const fault = faultOf(value);
    if (fault !== undefined) throw commonError(fault);
  }
  const expected = Number(dynamic["end"] ?? 0) + Number(dynamic["history_partition_num"] ?? 0);
  if (expected > mostPartitions)
    throw commonError(`Too many dynamic partitions: ${expected}. Limit: ${mostPartitions}`);
  return dynamic;
}
