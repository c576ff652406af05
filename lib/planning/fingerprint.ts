import type { PhysicalPartition } from "../starrocks/observe/partitions.ts";

/**
 * The state of one logical partition as text. Two states are the same data iff the texts are equal: never compare
 * with `>`, since overwrites, truncates and restores lower the version, and swaps and recovered tables bring back
 * old times. Each member alone misses real changes; together (id, version, commit time, epoch) they do not.
 *
 * @param physical all physical partitions of one logical partition
 */
export function fingerprint(physical: readonly PhysicalPartition[]): string {
  return physical
    .map(({ id, visibleVersion, visibleSeconds, versionEpoch }) =>
      [id, visibleVersion, visibleSeconds, versionEpoch ?? "-"].join(":"),
    )
    .sort()
    .join(",");
}
