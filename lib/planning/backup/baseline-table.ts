import type { CoveredTable } from "../coverage.ts";

/**
 * What a baseline holds of one table. A cluster can have a million partitions, so they are kept as one text a table
 * until it is that table's turn: that takes a quarter of the memory.
 */
export interface BaselineTable {
  readonly schemaHash: string;
  /** JSON: fingerprints by partition. */
  readonly packed: string;
}

export function packTable({ schemaHash, partitions }: CoveredTable): BaselineTable {
  const fingerprints = [...partitions.values()].map(({ partition, fingerprint }) => [partition, fingerprint]);
  return { schemaHash, packed: JSON.stringify(fingerprints) };
}

/** Fingerprints by partition. */
export function unpack(table: BaselineTable): ReadonlyMap<string, string> {
  return new Map(JSON.parse(table.packed) as readonly (readonly [string, string])[]);
}
