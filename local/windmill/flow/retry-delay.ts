import type { Retry } from "../../../windmill/flow/open-flow.ts";

/** No retry waits longer (worker: MAX_RETRY_INTERVAL). */
const LONGEST_SECONDS = 6 * 60 * 60;

/** Seconds to wait after `failures` failed attempts; undefined when there is no further one. */
export function retryDelay({ constant, exponential }: Retry, failures: number): number | undefined {
  const constantAttempts = constant?.attempts ?? 0;
  if (constant !== undefined && failures < constantAttempts)
    return Math.min(constant.seconds, LONGEST_SECONDS);
  if (exponential === undefined || failures - constantAttempts >= exponential.attempts) return undefined;
  const seconds = exponential.multiplier * exponential.seconds ** (failures + 1);
  const spread = (seconds * Math.min(exponential.random_factor ?? 0, 100)) / 100;
  return Math.min(seconds + spread * (Math.random() * 2 - 1), LONGEST_SECONDS);
}
