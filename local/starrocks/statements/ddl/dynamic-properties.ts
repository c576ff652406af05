import { normaliseZone } from "../../basics/clock.ts";
import { analysisError, ddlError, SqlError } from "../../basics/errors.ts";
import { hasDynamicPartitioning, noStart } from "../../metadata/dynamic-partition.ts";
import type { Table } from "../../metadata/model.ts";
import { partitionColumnTypes } from "../../metadata/partition-text.ts";
import { checkPartitionName } from "./partition-rules.ts";

type Properties = Readonly<Record<string, string>>;

const prefix = "dynamic_partition.";

const property = (name: string): string => prefix + name;

const failure = (message: string, code: number): SqlError => new SqlError(message, code, "42000");

const integer = /^[-+]?\d{1,9}$/;

/** One rule per property, and how its value is written down; texts of DynamicPartitionUtil. */
const rules: Readonly<Record<string, (value: string) => string>> = {
  time_unit(value) {
    if (!/^(hour|day|week|month|year)$/i.test(value))
      throw failure(`Unsupported time unit ${value}. Expect DAY/WEEK/MONTH/YEAR.`, 5065);
    return value;
  },
  prefix(value) {
    checkPartitionName(value);
    return value;
  },
  buckets(value) {
    if (value === "") throw failure("Dynamic partition buckets is empty", 5066);
    if (!integer.test(value)) throw failure(`Invalid dynamic partition buckets ${value}`, 5067);
    return String(Number(value));
  },
  enable(value) {
    if (!/^(true|false)$/i.test(value))
      throw failure(`Invalid dynamic partition enable: ${value}. Expected true or false`, 5068);
    return value.toLowerCase();
  },
  start(value) {
    if (value === noStart) return value;
    if (!integer.test(value)) throw failure(`Invalid dynamic partition start ${value}`, 5066);
    if (Number(value) >= 0) throw failure("Dynamic partition start must less than 0", 5066);
    return String(Number(value));
  },
  end(value) {
    if (value === "") throw failure("Dynamic partition end is empty", 5066);
    if (!integer.test(value)) throw failure(`Invalid dynamic partition end ${value}`, 5066);
    if (Number(value) <= 0) throw failure("Dynamic partition end must greater than 0", 5066);
    return String(Number(value));
  },
  history_partition_num(value) {
    if (!integer.test(value)) throw ddlError(`Invalid properties: ${property("history_partition_num")}`);
    if (Number(value) < 0) throw failure("Dynamic history partition num must greater than 0", 5092);
    return String(Number(value));
  },
  start_day_of_month: (value) => between("start_day_of_month", value, 28),
  start_day_of_week: (value) => between("start_day_of_week", value, 7),
  time_zone(value) {
    if (!normaliseZone(value))
      throw new SqlError(`Unknown or incorrect time zone: '${value}'`, 1298, "HY000");
    return value;
  },
  replication_num(value) {
    if (value === "") throw ddlError(`Invalid properties: ${property("replication_num")}`);
    if (!integer.test(value)) throw failure(`Invalid dynamic partition replication num: ${value}.`, 5072);
    if (Number(value) <= 0) throw failure("Dynamic partition replication num must greater than 0", 5071);
    return String(Number(value));
  },
};

function between(name: string, value: string, most: number): string {
  if (!integer.test(value)) throw ddlError(`Invalid properties: ${property(name)}`);
  if (Number(value) < 1 || Number(value) > most)
    throw ddlError(`${property(name)} should between 1 and ${most}`);
  return String(Number(value));
}

export const dynamicOnly = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => key.startsWith(prefix)));

const triggers = ["enable", "time_unit", "time_zone", "prefix", "start", "end", "buckets"];

/** What a table without a window must be given to get one; its defaults. */
function complete(given: Properties, table: Table, refuse = ddlError): Properties {
  const value = (name: string) => given[property(name)] ?? "";
  if (triggers.every((name) => value(name) === "")) return given;
  const types = partitionColumnTypes(table);
  if (table.partitioning.kind !== "range" || types.length > 1)
    throw refuse("Dynamic partition only support single-column range partition");
  if (value("time_unit") === "") throw refuse("Must assign dynamic_partition.time_unit properties");
  if (value("end") === "") throw refuse("Must assign dynamic_partition.end properties");
  if (/^hour$/i.test(value("time_unit")) && types[0] === "DATE")
    throw analysisError("Date type partition does not support dynamic partitioning granularity of hour");
  return {
    [property("enable")]: "true",
    [property("prefix")]: "p",
    [property("start")]: noStart,
    [property("time_zone")]: "UTC",
    [property("history_partition_num")]: "0",
    ...given,
  };
}

const defaultMostPartitions = 500;

/** Every property by its rule, as it is written down. */
function checked(given: Properties): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const value = given[property(name)];
    if (value !== undefined) result[property(name)] = rule(value);
  }
  const number = (name: string) => Number(result[property(name)] ?? "0");
  const wanted = number("end") + number("history_partition_num");
  if (wanted > defaultMostPartitions)
    throw ddlError(`Too many dynamic partitions: ${wanted}. Limit: ${defaultMostPartitions}`);
  return result;
}

/** Only what is of use with the unit is shown. */
function shown(properties: Readonly<Record<string, string>>): Record<string, string> {
  const unit = (properties[property("time_unit")] ?? "").toUpperCase();
  const { [property("start_day_of_week")]: week = "1", [property("start_day_of_month")]: month = "1" } =
    properties;
  const others = Object.fromEntries(
    Object.entries(properties).filter(
      ([key, value]) =>
        !key.startsWith(property("start_day_of_")) && (key !== property("buckets") || Number(value) > 0),
    ),
  );
  return {
    ...others,
    ...(unit === "WEEK" && { [property("start_day_of_week")]: week }),
    ...(unit === "MONTH" && { [property("start_day_of_month")]: month }),
  };
}

/** Of CREATE TABLE: what the table's properties say of its window. */
export function createdWindow(given: Properties, table: Table): Properties {
  if (Object.keys(given).length === 0) return {};
  if (table.partitioning.kind === "none")
    throw ddlError("Only support dynamic partition properties on range partition table");
  if (table.partitioning.kind === "range" && table.partitioning.automatic && given[property("enable")])
    throw ddlError("Expression partitioning does not support properties of dynamic partitioning");
  const unknown = Object.entries(given).filter(([key]) => !(key.slice(prefix.length) in rules));
  const window = checked(complete(given, table));
  if (unknown.length > 0)
    throw ddlError(`Unknown properties: {${unknown.map(([key, value]) => `${key}=${value}`).join(", ")}}`);
  const buckets = Number(window[property("buckets")] ?? "0");
  if (table.properties["colocate_with"] !== undefined && buckets !== table.distribution.buckets)
    throw ddlError(
      "dynamic_partition.buckets should equal the distribution buckets if creating a colocate table",
    );
  return shown(window);
}

/** Of ALTER TABLE SET: the window afterwards. `name` is the table's, with its database's. */
export function changedWindow(given: Properties, table: Table, name: string): Properties {
  const completed = hasDynamicPartitioning(table)
    ? given
    : complete(given, table, () => ddlError(`Table ${name} is not a dynamic partition table.`));
  const group = table.properties["colocate_with"];
  if (given[property("buckets")] !== undefined && group !== undefined)
    throw ddlError(
      `The table has a colocate group:${group}. so cannot modify dynamic_partition.buckets. Colocate tables must have same bucket number.`,
    );
  return shown({ ...dynamicOnly(table.properties), ...checked(completed) });
}
