import type { TableContent } from "../../catalog/manifest.ts";
import { factsOf, type LivePartition, type LiveTable, type LiveTableFacts } from "../live-table.ts";
import { type BaselineTable, unpack } from "./baseline-table.ts";

/** What of one table goes into a snapshot. */
export interface TableChange {
  readonly table: LiveTableFacts;
  readonly content: TableContent;
  /** Partitions to copy; for a whole table all of them. */
  readonly copied: readonly LivePartition[];
  /** Partitions that the baseline has and the table has no more. */
  readonly dropped: readonly string[];
}

/** Everything of a table: for a full, and where an incremental has nothing to compare with. */
export function wholeTable(table: LiveTable): TableChange {
  return { table: factsOf(table), content: "whole", copied: [...table.partitions.values()], dropped: [] };
}

/**
 * What changed in a table since its baseline. A new table and one whose schema changed go whole, since RESTORE compares
 * schemas; so does one of which every partition changed, which saves naming them.
 *
 * @param baseline the table as the baseline's chain holds it; undefined: it is not in there
 */
export function changedSince(table: LiveTable, baseline: BaselineTable | undefined): TableChange {
  if (baseline === undefined || baseline.schemaHash !== table.schemaHash) return wholeTable(table);
  const fingerprints = unpack(baseline);
  const copied = [...table.partitions.values()].filter(
    (partition) => fingerprints.get(partition.partition) !== partition.fingerprint,
  );
  const dropped = [...fingerprints.keys()].filter((partition) => !table.partitions.has(partition));
  if (copied.length === 0) return { table: factsOf(table), content: "unchanged", copied, dropped };
  if (copied.length === table.partitions.size) return wholeTable(table);
  return { table: factsOf(table), content: "partitions", copied, dropped };
}
