import type { CoveredTable } from "../coverage.ts";
import { type Packed, pack } from "../packed.ts";

/** What a baseline holds of one table. */
export interface BaselineTable {
  readonly schemaHash: string;
  readonly rows: number;
  /** Each partition and its fingerprint. */
  readonly fingerprints: Packed<readonly [partition: string, fingerprint: string]>;
}

export function baselineTable({ schemaHash, partitions }: CoveredTable): BaselineTable {
  const fingerprints = [...partitions.values()].map(
    ({ partition, fingerprint }) => [partition, fingerprint] as const,
  );
  const rows = [...partitions.values()].reduce((sum, each) => sum + each.rows, 0);
  return { schemaHash, rows, fingerprints: pack(fingerprints) };
}
