import { unsupported } from "../basics/errors.ts";
import { calendarUnit, later } from "../metadata/calendar.ts";
import type { AutomaticRange, Partition, Table } from "../metadata/model.ts";
import { partitionColumnTypes } from "../metadata/partition-text.ts";
import { dateText, utcDate } from "../metadata/ranges.ts";
import { newPartition } from "./partitions.ts";
import type { StorageHost } from "./storage-host.ts";

const digits: Record<string, number> = { year: 4, month: 6, week: 8, day: 8, hour: 10, minute: 12 };

/** Values of automatic list partitions become part of the name: letters and digits stay, time marks go, others turn hex (§10). */
function sanitized(value: string): string {
  let out = value.startsWith("-") ? "_" : "";
  for (const char of value) {
    if (/[A-Za-z0-9]/.test(char)) out += char;
    else if (!/[-: *]/.test(char)) out += (char.codePointAt(0) ?? 0).toString(16);
  }
  return out;
}

function upperBound(lower: string, { unit, every = 1 }: AutomaticRange): Date {
  const known = calendarUnit(unit);
  if (!known) throw unsupported(`Automatic partitions by ${unit}`);
  return later(utcDate(lower), known, every);
}

/** The partition an automatic table makes for a value it has none for; undefined for other tables. */
export function autoPartition(
  cluster: StorageHost,
  table: Table,
  key: readonly (string | null)[],
): Partition | undefined {
  const { partitioning } = table;
  if (partitioning.kind === "list" && partitioning.automatic) {
    const base = `p${key.map((value) => (value === null ? "NULL" : sanitized(value))).join("_")}`;
    let name = base;
    const taken = (one: string) => cluster.catalog.partitions(table.id).get(one) !== undefined;
    for (let suffix = 1; taken(name); suffix += 1) name = `${base}_${suffix}`;
    return newPartition(cluster, table, {
      name,
      ifNotExists: false,
      values: { kind: "list", items: [key], multi: key.length > 1 },
    });
  }
  const [lower] = key;
  if (partitioning.kind !== "range" || !partitioning.automatic || typeof lower !== "string") return undefined;
  const [type = "DATETIME"] = partitionColumnTypes(table);
  const { unit } = partitioning.automatic;
  return newPartition(cluster, table, {
    name: `p${lower
      .replaceAll(/\D/g, "")
      .padEnd(14, "0")
      .slice(0, digits[unit] ?? 8)}`,
    ifNotExists: false,
    values: {
      kind: "range",
      lower: [lower],
      upper: [dateText(upperBound(lower, partitioning.automatic), type)],
    },
  });
}
