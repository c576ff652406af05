import type { EarlierRestore } from "../../../catalog/earlier-restores.ts";

/** How long a restore may take, by earlier ones. */
export interface DurationEstimate {
  readonly seconds: number;
  /** How many restores it is made of, and since when they finished. */
  readonly restores: number;
  readonly since: string;
  /** What they downloaded, all together. */
  readonly bytesPerSecond: number;
}

const mostUsed = 5;
/** By how much restores may differ in bytes to tell something of each other. */
const similar = 10;

/**
 * What the bytes take at the pace of the newest restores of a similar size, and no less than the fastest smaller one took:
 * StarRocks' jobs take a time of their own, however little there is to download (starrocks.md §2.1).
 *
 * @returns undefined when there is nothing to go by
 */
export function estimateDuration(
  bytes: number,
  earlier: readonly EarlierRestore[],
): DurationEstimate | undefined {
  const used = earlier
    .filter((each) => each.bytes > 0 && each.seconds > 0)
    .filter((each) => each.bytes * similar >= bytes && each.bytes <= bytes * similar)
    .sort((one, other) => (one.finishedAt < other.finishedAt ? 1 : -1))
    .slice(0, mostUsed);
  const oldest = used.at(-1);
  if (oldest === undefined) return undefined;
  const sum = (of: (each: EarlierRestore) => number) => used.reduce((total, each) => total + of(each), 0);
  const bytesPerSecond = sum((each) => each.bytes) / sum((each) => each.seconds);
  const smaller = used.filter((each) => each.bytes <= bytes).map((each) => each.seconds);
  const least = smaller.length === 0 ? 1 : Math.min(...smaller);
  return {
    seconds: Math.max(Math.round(bytes / bytesPerSecond), least),
    restores: used.length,
    since: oldest.finishedAt,
    bytesPerSecond,
  };
}
