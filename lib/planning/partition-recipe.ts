import type { PartitionKind } from "../catalog/manifest.ts";
import { partitionBounds } from "./partition-bounds.ts";
import { granularityOf, type RangeUnit, rangeClass } from "./range-class.ts";

/** How a partition is made again, beside others of its table, with its own name and bounds or values. */
export type PartitionRecipe =
  /** Values of a list partition: one tuple, or one value, per item. */
  | { readonly kind: "list"; readonly items: readonly (readonly string[])[] }
  | { readonly kind: "range"; readonly lower: readonly string[]; readonly upper: readonly string[] }
  /** The last range of several columns: it begins where the one before ends. */
  | { readonly kind: "rest"; readonly lower: readonly string[] }
  /** One unit of a table that makes its ranges by itself. */
  | { readonly kind: "unit"; readonly start: string; readonly end: string; readonly unit: RangeUnit }
  /** Only a load makes it. */
  | { readonly kind: "load" }
  | { readonly kind: "impossible"; readonly reason: string };

/** What decides how the partitions of a table are made. */
export interface PartitionedTable {
  readonly partitionKind: PartitionKind;
  readonly automatic: boolean;
  /** Whether a partition column takes NULL. */
  readonly nullable: boolean;
  /** Class of the ranges it makes by itself, where its definition was asked; else the least range tells. */
  readonly granularity?: string | undefined;
}

/** A partition as partitions_meta shows it. */
export interface ShownPartition {
  readonly partition: string;
  /** Range text, or JSON of a list. */
  readonly value: string;
}

/**
 * How each partition of a table is made again (starrocks.md §21.2). The same answer decides at backup time whether an
 * increment could be put together, and at restore time how it is.
 *
 * @param all every partition of the table: each has its place among the others
 */
export function partitionRecipes(
  table: PartitionedTable,
  all: readonly ShownPartition[],
): (partition: ShownPartition) => PartitionRecipe {
  switch (table.partitionKind) {
    case "none":
      return () => ({ kind: "impossible", reason: "the table has no partitions" });
    case "list":
      return (partition) => listRecipe(partition, table);
    case "range": {
      if (!table.automatic) return rangeRecipes(all);
      const granularity = table.granularity ?? granularityOf(all.map(({ value }) => value));
      return (partition) => automaticRecipe(partition, granularity);
    }
  }
}

function listRecipe(
  { partition, value }: ShownPartition,
  { automatic, nullable }: PartitionedTable,
): PartitionRecipe {
  const items = listItems(value);
  if (items === undefined)
    return impossible(`the values of its partition ${partition} cannot be read: ${value}`);
  if (nullable && items.some((item) => item.includes("NULL")))
    return impossible(
      `StarRocks shows NULL and the text 'NULL' alike in the values of its partition ${partition}`,
    );
  if (automatic && items.length > 1)
    return impossible(`its partition ${partition} has several values, and such a table takes one at a time`);
  return { kind: "list", items };
}

/** Values of a list partition, as partitions_meta shows them; undefined for anything else. */
export function listItems(value: string): readonly (readonly string[])[] | undefined {
  const items = parsed(value);
  if (!Array.isArray(items) || items.length === 0) return undefined;
  const tuples = items.filter(
    (item): item is string[] => Array.isArray(item) && item.every((each) => typeof each === "string"),
  );
  return tuples.length === items.length ? tuples : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** MAXVALUE of several columns is taken in one place only: VALUES LESS THAN MAXVALUE, from the end of the range before. */
function rangeRecipes(all: readonly ShownPartition[]): (partition: ShownPartition) => PartitionRecipe {
  const ends = new Set(all.map(({ value }) => partitionBounds(value)?.upper.join(", ")));
  return ({ partition, value }) => {
    const bounds = partitionBounds(value);
    if (bounds === undefined)
      return impossible(`the range of its partition ${partition} cannot be read: ${value}`);
    const { lower, upper } = bounds;
    if (upper.length === 1 || !upper.includes("MAXVALUE")) return { kind: "range", lower, upper };
    if (ends.has(lower.join(", "))) return { kind: "rest", lower };
    return impossible(
      `its last partition ${partition} begins where no other ends, and StarRocks lets a last one of several columns begin nowhere else`,
    );
  };
}

function automaticRecipe(
  { partition, value }: ShownPartition,
  granularity: string | undefined,
): PartitionRecipe {
  const bounds = partitionBounds(value);
  const own = rangeClass(value);
  if (bounds === undefined || own === undefined)
    return impossible(`the range of its partition ${partition} cannot be read: ${value}`);
  const [[start = ""], [end = ""]] = [bounds.lower, bounds.upper];
  if (
    own.name !== granularity ||
    partition !== `p${start.replaceAll(/\D/g, "").padEnd(14, "0").slice(0, own.digits)}`
  )
    return impossible(mergedReason(partition));
  // ADD PARTITIONS takes neither the year 0, in which NULL is kept, nor an end that no date has.
  if (own.unit === undefined || start.startsWith("0000") || end === "MAXVALUE") return { kind: "load" };
  return { kind: "unit", start, end, unit: own.unit };
}

/** Why a range that is longer than those a table makes by itself cannot be made again. */
export function mergedReason(partition: string): string {
  return `no load and no ADD PARTITION makes its partition ${partition} again: its ranges were merged`;
}

function impossible(reason: string): PartitionRecipe {
  return { kind: "impossible", reason };
}
