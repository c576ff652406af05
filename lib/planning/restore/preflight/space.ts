import type { DiskSpace } from "../../../starrocks/observe/nodes.ts";
import type { RestoreCost } from "./cost.ts";

/** Whether the backends have room for a restore. Numbers are for whoever says it. */
export type SpaceVerdict =
  | { readonly kind: "enough"; readonly availableBytes: number }
  /** It may work, or leave less than StarRocks works well with. */
  | { readonly kind: "tight"; readonly availableBytes: number }
  /** Not even what remains when it is over has room. */
  | { readonly kind: "impossible"; readonly availableBytes: number }
  | { readonly kind: "unknown" };

/** From this part of its disks on StarRocks puts no new tablets on a backend by itself (starrocks.md §16). */
const fullAt = 0.9;

/**
 * Sums up over the backends: what a single disk takes is not known before StarRocks has chosen.
 *
 * @param disks of the live backends; undefined where they cannot be seen
 */
export function judgeSpace(
  { peakBytes, keptBytes }: Pick<RestoreCost, "peakBytes" | "keptBytes">,
  disks: readonly DiskSpace[] | undefined,
): SpaceVerdict {
  const reported = disks?.filter(({ totalBytes }) => totalBytes > 0) ?? [];
  if (reported.length === 0) return { kind: "unknown" };
  const availableBytes = reported.reduce((sum, disk) => sum + disk.availableBytes, 0);
  const totalBytes = reported.reduce((sum, disk) => sum + disk.totalBytes, 0);
  if (keptBytes > availableBytes) return { kind: "impossible", availableBytes };
  const usedAtMost = totalBytes - availableBytes + peakBytes;
  return { kind: usedAtMost > totalBytes * fullAt ? "tight" : "enough", availableBytes };
}
