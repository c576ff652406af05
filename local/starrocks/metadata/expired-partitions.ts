import type { Partition, Table } from "./model.ts";
import { isShadow, partitionColumnTypes } from "./partition-text.ts";
import { compareBound, dateText } from "./ranges.ts";
import { earlier } from "./ttl.ts";

/** The instant `partition_ttl` before another: `7 days`, `1 year 2 months`; undefined: it says nothing, or zero. */
export function ttlBound(text: string, now: number): number | undefined {
  const words = text.trim().split(/\s+/);
  if (words.length % 2 !== 0) return undefined;
  const periods = words.flatMap((word, index) => {
    const [unit] =
      /^(second|minute|hour|day|week|month|year)/.exec(words[index + 1]?.toLowerCase() ?? "") ?? [];
    return index % 2 === 0 && unit !== undefined ? [{ amount: Number(word), unit: unit.toUpperCase() }] : [];
  });
  const bound = periods.reduce((instant, period) => earlier(period, instant), now);
  return bound < now ? bound : undefined;
}

/** What PartitionTTLScheduler drops: by `partition_ttl`, or by `partition_live_number` of the partitions begun by now. */
export function expiredPartitions(table: Table, partitions: readonly Partition[], now: number): Partition[] {
  const { partitioning, properties } = table;
  if (partitioning.kind !== "range" || partitioning.columns.length !== 1) return [];
  const [type = ""] = partitionColumnTypes(table);
  if (type !== "DATE" && type !== "DATETIME") return [];
  const real = partitions.filter((one) => !isShadow(one));
  const oldest = ttlBound(properties["partition_ttl"] ?? "", now);
  if (oldest !== undefined) {
    const bound = [dateText(new Date(oldest), type)];
    return real.filter(
      ({ values }) => values.kind === "range" && compareBound(values.upper, bound, [type]) <= 0,
    );
  }
  const live = Number(properties["partition_live_number"] ?? "-1");
  return live > 0 ? beyond(real, live, dateText(new Date(now), type), type) : [];
}

function beyond(partitions: readonly Partition[], live: number, now: string, type: string): Partition[] {
  const begun = partitions
    .filter(({ values }) => values.kind === "range" && compareBound(values.lower, [now], [type]) <= 0)
    .sort((one, other) =>
      one.values.kind === "range" && other.values.kind === "range"
        ? compareBound(one.values.upper, other.values.upper, [type])
        : 0,
    );
  return begun.slice(0, Math.max(0, begun.length - live));
}
