import type { ManifestPartition, ManifestTable } from "../../catalog/manifest.ts";
import { groupBy } from "../../group-by.ts";
import type { SnapshotContent } from "../../starrocks/observe/snapshot.ts";
import { shadowPartition, tableKey } from "../live-table.ts";
import { haveSameDefinition, haveSameLayout } from "../schema-hash.ts";

/** Hash of a schema that is not known: equal to none, so the next backup copies the table whole. */
const unknownSchema = "";
/** Fingerprint of a state that was not listed: equal to none, so the next backup copies the partition. */
const unlisted = "";

/** What becomes of a manifest's tables when their schemas are looked at again. */
export interface SchemaAlignment {
  /** Rows that replace those of the plan. */
  readonly tables: readonly ManifestTable[];
  /** Tables whose copied partitions may not fit to those of the chain. */
  readonly unfit: readonly { readonly table: string; readonly reason: string }[];
}

/**
 * Compares schemas with the plan, right after the cut: the plan is older, by hours where another job was in the way. What
 * was copied of a table with another schema than the rest of its chain cannot be restored with it; a table that is gone
 * by now may have been changed before.
 *
 * @param definitions definition hash of each table now
 * @param unpartitioned tables that have no partitions now. One that had some when it was planned was made anew: what the plan
 * says of its partitions is of another table, and a restore would look for them in vain.
 */
export function alignSchemas(
  tables: readonly ManifestTable[],
  definitions: ReadonlyMap<string, string>,
  unpartitioned: ReadonlySet<string>,
): SchemaAlignment {
  const altered = tables.filter(
    (table) =>
      table.content !== "unchanged" &&
      !haveSameDefinition(definitions.get(tableKey(table)) ?? "", table.schemaHash),
  );
  const stands = (table: ManifestTable) => {
    const key = tableKey(table);
    const now = definitions.get(key);
    if (now !== undefined && unpartitioned.has(key) !== (table.partitionKind === "none")) return false;
    // An earlier look, which died before it was recorded, has found it fit.
    if (table.content === "whole" || table.schemaHash === unknownSchema) return true;
    return now !== undefined && haveSameLayout(now, table.schemaHash);
  };
  return {
    tables: altered.filter(stands).map(withUnknownSchema),
    unfit: altered
      .filter((table) => !stands(table))
      .map((table) => ({
        table: table.table,
        reason: definitions.has(tableKey(table))
          ? "its schema changed while the backup was under way"
          : "it was dropped or renamed while the backup was under way, so its schema cannot be compared",
      })),
  };
}

/** The table as one that the next backup copies whole. */
export function withUnknownSchema(table: ManifestTable): ManifestTable {
  return { ...table, schemaHash: unknownSchema };
}

/**
 * Brings a manifest's partitions in line with the snapshot: a table that was named without its partitions has been copied
 * with those it had at the cut.
 *
 * @param stored what the snapshot holds
 * @returns rows that replace those of the plan
 */
export function alignPartitions(
  tables: readonly ManifestTable[],
  partitions: readonly ManifestPartition[],
  stored: SnapshotContent,
): readonly ManifestPartition[] {
  const byTable = groupBy(partitions, tableKey);
  return tables
    .filter((table) => table.content === "whole")
    .flatMap((table) => corrections(table, byTable.get(tableKey(table)) ?? [], stored));
}

function corrections(
  table: ManifestTable,
  partitions: readonly ManifestPartition[],
  stored: SnapshotContent,
): readonly ManifestPartition[] {
  const { label, database } = table;
  const found = new Set(stored.get(table.table));
  found.delete(shadowPartition);
  const planned = partitions.filter((entry) => entry.presence === "held");
  const names = new Set(planned.map((entry) => entry.partition));
  const facts = {
    label,
    database,
    table: table.table,
    fingerprint: unlisted,
    rows: 0,
    bytes: 0,
    value: undefined,
  };
  return [
    ...planned
      .filter((entry) => !found.has(entry.partition))
      .map(({ partition }) => ({ ...facts, partition, presence: "dropped" as const })),
    ...[...found]
      .filter((partition) => !names.has(partition))
      .map((partition) => ({ ...facts, partition, presence: "held" as const })),
  ];
}
