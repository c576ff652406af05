import type { ManifestPartition, ManifestTable } from "../../catalog/manifest.ts";
import type { SnapshotContent } from "../../starrocks/observe/snapshot.ts";
import { shadowPartition, tableKey } from "../live-table.ts";

/** A manifest as it was planned, and what is known of the snapshot that was made from it. */
export interface SettlementQuestion {
  readonly tables: readonly ManifestTable[];
  readonly partitions: readonly ManifestPartition[];
  /** What the snapshot holds. */
  readonly stored: SnapshotContent;
  /** Schema hash of each table now; a table that is gone has none. */
  readonly schemas: ReadonlyMap<string, string>;
}

export interface Settlement {
  /** Rows that replace those of the plan. */
  readonly tables: readonly ManifestTable[];
  readonly partitions: readonly ManifestPartition[];
  /** Tables whose copied partitions do not fit to those of the chain. */
  readonly unfit: readonly string[];
}

/** Hash of a schema that is not known: equal to none, so the next backup copies the table whole. */
const unknownSchema = "";
/** Fingerprint of a state that was not listed: equal to none, so the next backup copies the partition. */
const unlisted = "";

/**
 * Brings a manifest in line with its snapshot. The plan is older than the snapshot, by hours where another job was in the
 * way: a table that was named without its partitions has been copied with those it had at the cut, and any table with
 * the schema it had then.
 */
export function settle(question: SettlementQuestion): Settlement {
  const copied = question.tables.filter((table) => table.content !== "unchanged");
  const altered = copied.filter((table) => {
    const now = question.schemas.get(tableKey(table));
    return now !== undefined && now !== table.schemaHash;
  });
  return {
    tables: altered
      .filter((table) => table.content === "whole")
      .map((table) => ({ ...table, schemaHash: unknownSchema })),
    partitions: copied
      .filter((table) => table.content === "whole")
      .flatMap((table) => corrections(table, question)),
    unfit: altered.filter((table) => table.content !== "whole").map((table) => table.table),
  };
}

function corrections(
  table: ManifestTable,
  { partitions, stored }: SettlementQuestion,
): readonly ManifestPartition[] {
  const { label, database } = table;
  const found = new Set(stored.get(table.table));
  found.delete(shadowPartition);
  const planned = partitions.filter(
    (entry) => entry.presence === "held" && tableKey(entry) === tableKey(table),
  );
  const names = new Set(planned.map((entry) => entry.partition));
  const facts = { label, database, table: table.table, fingerprint: unlisted, rows: 0, bytes: 0 };
  return [
    ...planned
      .filter((entry) => !found.has(entry.partition))
      .map(({ partition }) => ({ ...facts, partition, presence: "dropped" as const })),
    ...[...found]
      .filter((partition) => !names.has(partition))
      .map((partition) => ({ ...facts, partition, presence: "held" as const })),
  ];
}
