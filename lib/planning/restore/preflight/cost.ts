import type { PlannedRestore } from "../restore-plan.ts";

/** What a restore costs, as far as the manifests say. Bytes are StarRocks' estimates of what lies on disks. */
export interface RestoreCost {
  /** From the repository; every replica is downloaded for itself (starrocks.md §9.1). */
  readonly downloadBytes: number;
  /** Rows that are loaded once more within the cluster: those that are put into other parts, into a live table, into a copy. */
  readonly rewrittenRows: number;
  /** The most that the backends hold more than now, while everything is under way at once. */
  readonly peakBytes: number;
  /** What they hold more than now when it is over, as long as what was replaced is kept. */
  readonly keptBytes: number;
  /** Partitions with rows whose sizes the manifests do not know: the numbers above leave them out. */
  readonly unknownSizes: number;
}

export function restoreCost(tables: readonly PlannedRestore[]): RestoreCost {
  return tables.map(costOf).reduce(
    (sum, each) => ({
      downloadBytes: sum.downloadBytes + each.downloadBytes,
      rewrittenRows: sum.rewrittenRows + each.rewrittenRows,
      peakBytes: sum.peakBytes + each.peakBytes,
      keptBytes: sum.keptBytes + each.keptBytes,
      unknownSizes: sum.unknownSizes + each.unknownSizes,
    }),
    { downloadBytes: 0, rewrittenRows: 0, peakBytes: 0, keptBytes: 0, unknownSizes: 0 },
  );
}

function costOf(planned: PlannedRestore): RestoreCost {
  const { parts, replicationNum, strategy, superfluousBytes = 0, unknownSizes = 0 } = planned;
  const temporary = bytesOf(parts) + superfluousBytes;
  // The first part stays where it is; the others are put into it.
  const merged = parts.slice(1);
  const live = strategy === "partitions" ? intoLive(planned) : { rows: 0, bytes: 0 };
  return {
    downloadBytes: temporary * replicationNum,
    rewrittenRows: merged.reduce((sum, { rows = 0 }) => sum + rows, 0) + live.rows,
    peakBytes: (temporary + bytesOf(merged) + live.bytes) * replicationNum,
    // What is replaced takes the room that it has taken, as a table or as a copy.
    keptBytes: planned.bytes * replicationNum,
    unknownSizes,
  };
}

/** Single partitions are written into the live table, and what they held into a copy before. */
function intoLive({ rows, bytes, replaces }: PlannedRestore): {
  readonly rows: number;
  readonly bytes: number;
} {
  return { rows: rows + (replaces?.rows ?? 0), bytes: bytes + (replaces?.bytes ?? 0) };
}

function bytesOf(parts: PlannedRestore["parts"]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
