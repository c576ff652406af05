import { expect, test } from "vitest";
import { estimateDuration } from "../../../../../lib/planning/restore/preflight/duration.ts";

const megabyte = 1_000_000;
const day = (n: number) => `2026-11-${String(n).padStart(2, "0")} 10:00:00`;
const restore = (megabytes: number, seconds: number, finished = 1) => ({
  bytes: megabytes * megabyte,
  seconds,
  finishedAt: day(finished),
});

test("bytes take what they took in restores of a similar size", () => {
  const earlier = [restore(1000, 10, 3), restore(2000, 20, 5), restore(3000, 30, 4)];
  expect(estimateDuration(4000 * megabyte, earlier)).toEqual({
    seconds: 40,
    restores: 3,
    since: day(3),
    bytesPerSecond: 100 * megabyte,
  });
});

test("without earlier restores, or with none of a similar size, there is no estimate", () => {
  expect(estimateDuration(megabyte, [])).toBeUndefined();
  expect(estimateDuration(1000 * megabyte, [restore(1, 20), restore(99, 20)])).toBeUndefined();
  expect(estimateDuration(megabyte, [restore(11, 20)])).toBeUndefined();
});

test("what is not known of a restore, its bytes or its time, is left out", () => {
  expect(estimateDuration(0, [restore(0, 20)])).toBeUndefined();
  expect(estimateDuration(megabyte, [restore(0, 20), restore(1, 0)])).toBeUndefined();
});

test("a restore takes no less than a smaller one took", () => {
  // The pace of both together would make it 11 seconds.
  expect(estimateDuration(2 * megabyte, [restore(1, 18), restore(6, 20)])?.seconds).toBe(18);
});

test("only the newest five count", () => {
  const slow = restore(100, 1000, 1);
  const fast = [2, 3, 4, 5, 6].map((n) => restore(100, 10, n));
  expect(estimateDuration(100 * megabyte, [slow, ...fast])).toMatchObject({
    seconds: 10,
    restores: 5,
    since: day(2),
  });
});
