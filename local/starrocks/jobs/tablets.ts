import type { Partition } from "../metadata/model.ts";

/** Tablets have no storage of their own here, only ids that no other object has: one per bucket. */
export const tabletIds = ({ physical, buckets }: Partition): number[] =>
  physical.flatMap(({ id }) => Array.from({ length: buckets }, (_, bucket) => id * 10_000 + bucket));
