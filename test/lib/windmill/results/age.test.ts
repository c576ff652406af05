import { expect, test } from "vitest";
import { age } from "../../../../lib/windmill/results/age.ts";

test.each([
  [0, "0s"],
  [59, "59s"],
  [60, "1m"],
  [3599, "59m"],
  [3700, "1h"],
  [86_399, "23h"],
  [172_800, "2d"],
  [365 * 86_400 - 1, "364d"],
  [400 * 86_400, "1y"],
])("%d seconds are shown as %s", (seconds, text) => {
  expect(age(seconds)).toBe(text);
});
