import type { TableContent } from "../../catalog/manifest.ts";
import {
  type Amount,
  amount,
  factsOf,
  type LivePartition,
  type LiveTable,
  type LiveTableFacts,
} from "../live-table.ts";
import { type Packed, pack } from "../packed.ts";
import { mergedReason } from "../partition-recipe.ts";
import type { BaselineTable } from "./baseline-table.ts";

/** What of one table goes into a snapshot. */
export interface TableChange {
  readonly table: LiveTableFacts;
  readonly content: TableContent;
  /** Partitions to copy; for a whole table all of them. */
  readonly copied: Packed<LivePartition>;
  readonly copies: Amount;
  /** Partitions that the baseline has and the table has no more. */
  readonly dropped: readonly string[];
  /** Set where only some partitions have changed and the table goes whole all the same. */
  readonly instead?: InsteadOfIncrement;
}

/** Why a table goes whole whose increment could not be put together later, and what has changed of it. */
export interface InsteadOfIncrement {
  readonly reason: string;
  readonly changed: Amount;
}

export function tableChange(
  table: LiveTableFacts,
  content: TableContent,
  copied: readonly LivePartition[],
  dropped: readonly string[],
): TableChange {
  return { table, content, copied: pack(copied), copies: amount(copied), dropped };
}

/**
 * Why an increment could not be put together when it is restored. A table that makes its partitions by itself is put
 * together in its newest whole copy, so only what comes from elsewhere counts; others may be put together in any part.
 */
function whyWhole(table: LiveTable, copied: readonly LivePartition[]): string | undefined {
  if (!table.automatic) return table.unmakeable.values().next().value;
  return copied
    .map(({ partition }) => table.unmakeable.get(partition))
    .find((reason) => reason !== undefined);
}

/**
 * A table of which some partitions are copied, and whose ranges turn out to be merged ones, all of them.
 *
 * @param whole everything of the table
 */
export function wholeInstead(change: TableChange, whole: TableChange): TableChange {
  const [first] = change.copied.items();
  return { ...whole, instead: { reason: mergedReason(first?.partition ?? ""), changed: change.copies } };
}

/** Everything of a table: for a full, and where an incremental has nothing to compare with. */
export function wholeTable(table: LiveTable): TableChange {
  return tableChange(factsOf(table), "whole", [...table.partitions.values()], []);
}

/**
 * What changed in a table since its baseline. A new table and one whose schema changed go whole, since RESTORE compares
 * schemas; so does one of which every partition changed, which saves naming them.
 *
 * @param baseline the table as the baseline's chain holds it; undefined: it is not in there
 */
export function changedSince(table: LiveTable, baseline: BaselineTable | undefined): TableChange {
  if (baseline === undefined || baseline.schemaHash !== table.schemaHash) return wholeTable(table);
  const fingerprints = new Map(baseline.fingerprints.items());
  const copied = [...table.partitions.values()].filter(
    (partition) => fingerprints.get(partition.partition) !== partition.fingerprint,
  );
  const dropped = [...fingerprints.keys()].filter((partition) => !table.partitions.has(partition));
  if (copied.length > 0 && copied.length === table.partitions.size) return wholeTable(table);
  // What was dropped may have been what another partition needs beside it.
  const reason = copied.length + dropped.length === 0 ? undefined : whyWhole(table, copied);
  if (reason !== undefined) return { ...wholeTable(table), instead: { reason, changed: amount(copied) } };
  const content = copied.length === 0 ? "unchanged" : "partitions";
  return tableChange(factsOf(table), content, copied, dropped);
}
