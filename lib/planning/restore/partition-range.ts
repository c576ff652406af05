/** Bounds of a range partition's first column, as StarRocks prints them; `MAXVALUE` for none above. */
export interface PartitionRange {
  readonly lower: string;
  readonly upper: string;
}

/** Reads `[types: [DATE]; keys: [2025-01-01]; ..types: [DATE]; keys: [2025-01-02]; )`; undefined for anything else. */
export function partitionRange(value: string): PartitionRange | undefined {
  const bounds =
    /^\[types: \[[^\]]*\]; keys: \[([^\]]*)\]; \.\.types: \[[^\]]*\]; keys: \[([^\]]*)\]; \)$/.exec(
      value.trim(),
    );
  const lower = bounds?.[1]?.split(",")[0]?.trim();
  const upper = bounds?.[2]?.split(",")[0]?.trim();
  return lower === undefined || upper === undefined ? undefined : { lower, upper };
}
