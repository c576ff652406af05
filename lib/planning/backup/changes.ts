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
}

export function tableChange(
  table: LiveTableFacts,
  content: TableContent,
  copied: readonly LivePartition[],
  dropped: readonly string[],
): TableChange {
  return { table, content, copied: pack(copied), copies: amount(copied), dropped };
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
  const content = copied.length === 0 ? "unchanged" : "partitions";
  return tableChange(factsOf(table), content, copied, dropped);
}
