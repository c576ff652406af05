import { unsupported } from "../basics/errors.ts";
import { calendarUnit, later } from "../metadata/calendar.ts";
import { dateName } from "../metadata/date-names.ts";
import type { AutomaticRange, Partition, Table } from "../metadata/model.ts";
import { partitionColumnTypes } from "../metadata/partition-text.ts";
import { dateText, utcDate } from "../metadata/ranges.ts";
import type { Bound } from "../sql/partition-by.ts";
import { newPartition } from "./partitions.ts";
import type { StorageHost } from "./storage-host.ts";

/** Values of automatic list partitions become part of the name: letters and digits stay, time marks go, others turn hex (§10). */
function sanitized(value: string): string {
  let out = value.startsWith("-") ? "_" : "";
  // As Java counts: of a character beyond the basic plane, its second half is written too.
  for (let at = 0; at < value.length; at += 1) {
    const char = value.charAt(at);
    if (/[A-Za-z0-9]/.test(char)) out += char;
    else if (!/[-: ]/.test(char)) out += (value.codePointAt(at) ?? 0).toString(16);
  }
  return out;
}

/** `String.hashCode` of Java, as an unsigned number in hex, a few further on. */
function hash(text: string, further = 0): string {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
  return ((sum + further) >>> 0).toString(16);
}

const longestName = 50;

/** A name that another partition has, in any case, gets a suffix (§21.2). */
function listName(key: readonly (string | null)[], taken: (name: string) => boolean): string {
  const whole = `p${key.map((value) => (value === null ? "NULL" : sanitized(value))).join("_")}`;
  const base = whole.length > longestName ? `${whole.slice(0, longestName)}_${hash(whole)}` : whole;
  let name = base;
  for (let further = 0; taken(name); further += 1) name = `${base}_${hash(base, further)}`;
  return name;
}

/** Beyond the last day that a DATE holds there is no bound (AnalyzerUtils.createPartitionKeyDesc). */
function upperBound(lower: string, type: string, { unit, every = 1 }: AutomaticRange): Bound {
  const known = calendarUnit(unit);
  if (!known) throw unsupported(`Automatic partitions by ${unit}`);
  const upper = later(utcDate(lower), known, every);
  return upper.getUTCFullYear() > 9999 ? "MAX" : [dateText(upper, type)];
}

/** The partition an automatic table makes for a value it has none for; undefined for other tables. */
export function autoPartition(
  cluster: StorageHost,
  table: Table,
  key: readonly (string | null)[],
): Partition | undefined {
  const { partitioning } = table;
  if (partitioning.kind === "list" && partitioning.automatic) {
    const set = cluster.catalog.partitions(table.id);
    const name = listName(key, (one) => set.get(one) !== undefined);
    return newPartition(cluster, table, {
      name,
      ifNotExists: false,
      values: { kind: "list", items: [key], multi: key.length > 1 },
    });
  }
  if (partitioning.kind !== "range" || !partitioning.automatic) return undefined;
  const [type = "DATETIME"] = partitionColumnTypes(table);
  const lower = automaticStart(table, key[0] ?? null);
  const { unit } = partitioning.automatic;
  return newPartition(cluster, table, {
    name: `p${dateName(utcDate(lower), nameUnits[unit] ?? "DAY")}`,
    ifNotExists: false,
    values: {
      kind: "range",
      lower: [lower],
      upper: upperBound(lower, type, partitioning.automatic),
    },
  });
}

const nameUnits: Readonly<Record<string, "MINUTE" | "HOUR" | "DAY" | "MONTH" | "YEAR">> = {
  minute: "MINUTE",
  hour: "HOUR",
  month: "MONTH",
  year: "YEAR",
};

/** Of NULL in an automatic range table: the first of all days. */
export function automaticStart(table: Table, lower: string | null): string {
  const [type] = partitionColumnTypes(table);
  return lower ?? (type === "DATE" ? "0000-01-01" : "0000-01-01 00:00:00");
}
