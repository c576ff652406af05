/** Bounds of a range partition, a value per column, as StarRocks prints them; `MAXVALUE` for none above. */
export interface PartitionBounds {
  readonly lower: readonly string[];
  readonly upper: readonly string[];
}

/** Reads `[types: [DATE]; keys: [2025-01-01]; ..types: [DATE]; keys: [2025-01-02]; )`; undefined for anything else. */
export function partitionBounds(value: string): PartitionBounds | undefined {
  const bounds =
    /^\[types: \[[^\]]*\]; keys: \[([^\]]*)\]; \.\.types: \[[^\]]*\]; keys: \[([^\]]*)\]; \)$/.exec(
      value.trim(),
    );
  const [, lower, upper] = bounds ?? [];
  if (lower === undefined || upper === undefined) return undefined;
  // Only numbers and times are range keys: none of them has a comma.
  return { lower: lower.split(", "), upper: upper.split(", ") };
}
