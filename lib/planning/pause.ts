import type { Wait } from "./wait.ts";

const shortestSeconds = 5;
const longestSeconds = 60;
/** A change is seen late by a quarter of the time it took. */
const share = 4;

/**
 * How long a flow pauses before it looks again: longer while nothing changes, shorter when the end is near. A look costs
 * a worker about a second, so that of a long job's time at most a fiftieth is spent on looking.
 *
 * @param waits what is waited for
 * @param waitingSeconds for how long it has been just that
 * @returns whole seconds, 5 to 60: Windmill's `sleep`
 */
export function pauseSeconds(waits: readonly Wait[], waitingSeconds: number): number {
  const remaining = waits.flatMap(({ fraction }) =>
    fraction === undefined || fraction === 0 ? [] : [(waitingSeconds * (1 - fraction)) / fraction],
  );
  const seconds = Math.min(waitingSeconds, ...remaining) / share;
  return Math.round(Math.min(longestSeconds, Math.max(shortestSeconds, seconds)));
}
