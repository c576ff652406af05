import { commonErrorAnalyzed, unsupported } from "../../basics/errors.ts";
import { atLeast } from "../../basics/versions.ts";
import { checkNormal } from "../../engine/table-state.ts";
import { type BatchUnit, batchDate, batchUnit, unitStart } from "../../metadata/batch-partitions.ts";
import { later } from "../../metadata/calendar.ts";
import { dateName } from "../../metadata/date-names.ts";
import type { Partition, Table } from "../../metadata/model.ts";
import { isShadow, partitionColumnTypes } from "../../metadata/partition-text.ts";
import { dateText, rangesOverlap, utcDate } from "../../metadata/ranges.ts";
import { parsePartitionBy } from "../../sql/partition-by.ts";
import type { Tokens } from "../../sql/tokens.ts";
import type { Clause } from "./clause.ts";
import { rewriteInto } from "./optimize.ts";

const sizes: readonly BatchUnit[] = ["HOUR", "DAY", "MONTH", "YEAR"];

type Limits = Readonly<{ from: Date; to: Date }>;

/** After `ALTER TABLE t`: `PARTITION BY date_trunc('month', d) [BETWEEN '…' AND '…']` (§21.2), done at once. */
export function mergePartitions(tokens: Tokens): Clause {
  tokens.expect("PARTITION", "BY");
  const by = parsePartitionBy(tokens);
  const limits = tokens.accept("BETWEEN") ? parseLimits(tokens) : undefined;
  return async ({ cluster }, table) => {
    checkNormal(table);
    if (!atLeast(cluster.options.version, "3.5")) throw unsupported("Merging partitions before 3.5");
    const unit = mergedUnit(table, by.kind === "expression" ? by.unit : "");
    const all = cluster.catalog.partitions(table.id).normal();
    const sources = all.filter((one) => !isShadow(one) && isWithin(one, limits));
    for (const [name, group] of grouped(sources, unit)) {
      const values = mergedRange(table, group, unit);
      const others = all.filter((one) => !group.includes(one));
      if (others.some((one) => rangesOverlap(one.values, values, partitionColumnTypes(table))))
        throw unsupported("Merging partitions into one that overlaps another");
      await rewriteInto(cluster, table, group, { name, ifNotExists: false, values });
    }
  };
}

function parseLimits(tokens: Tokens): Limits {
  const from = batchDate(tokens.string());
  tokens.expect("AND");
  const text = tokens.string();
  const to = batchDate(text);
  // A day is meant with all its hours.
  return { from, to: /[ T]/.test(text.trim()) ? to : later(to, "DAY", 1) };
}

function mergedUnit(table: Table, text: string): BatchUnit {
  const { partitioning } = table;
  if (partitioning.kind !== "range" || !partitioning.automatic)
    throw commonErrorAnalyzed("Unsupported table partition type when merge partitions");
  const [from, to] = [batchUnit(partitioning.automatic.unit), batchUnit(text)];
  if (!from || !to || sizes.indexOf(to) <= sizes.indexOf(from))
    throw commonErrorAnalyzed(
      `Unsupported from granularity ${partitioning.automatic.unit} to granularity ${text} when merge partitions`,
    );
  return to;
}

const boundsOf = ({ values }: Partition): Limits => {
  if (values.kind !== "range" || typeof values.lower === "string" || typeof values.upper === "string")
    throw unsupported("Merging partitions without bounds");
  return { from: utcDate(values.lower[0] ?? ""), to: utcDate(values.upper[0] ?? "") };
};

/** One that reaches over an end cancels the FE's job. */
function isWithin(partition: Partition, limits: Limits | undefined): boolean {
  if (!limits) return true;
  const { from, to } = boundsOf(partition);
  if (to <= limits.from || from >= limits.to) return false;
  if (from < limits.from || to > limits.to)
    throw unsupported("Merging partitions that reach beyond the range that is given");
  return true;
}

/** By the name of the partition they go into. */
function grouped(sources: readonly Partition[], unit: BatchUnit): Map<string, Partition[]> {
  const groups = new Map<string, Partition[]>();
  for (const source of sources) {
    const name = `p${dateName(unitStart(boundsOf(source).from, unit), unit)}`;
    groups.set(name, [...(groups.get(name) ?? []), source]);
  }
  return groups;
}

function mergedRange(table: Table, [first]: readonly Partition[], unit: BatchUnit) {
  if (!first) throw unsupported("Merging no partitions");
  const [type = "DATE"] = partitionColumnTypes(table);
  const start = unitStart(boundsOf(first).from, unit);
  return {
    kind: "range",
    lower: [dateText(start, type)],
    upper: [dateText(later(start, unit, 1), type)],
  } as const;
}
