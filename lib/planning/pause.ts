import { meanPercent } from "./percent.ts";
import type { Wait } from "./wait.ts";

/** The last states of a job take seconds. */
const nearlyDone = 95;
const endSeconds = 10;

/**
 * How long a look stays for what may come in a moment. The end is worth a few seconds of a worker, since a small backup
 * would otherwise be held up by a pause as long as itself; a job that stands still near its end is not.
 *
 * @param waitSeconds how long the caller wants to stay at most
 */
export function staySeconds(waits: readonly Wait[], waitingSeconds: number, waitSeconds: number): number {
  const percent = meanPercent(waits.map((wait) => wait.percent));
  const isEnd = percent >= nearlyDone && waitingSeconds < endSeconds;
  return isEnd ? Math.max(endSeconds, waitSeconds) : waitSeconds;
}

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
