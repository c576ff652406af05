import { expect, test } from "vitest";
import { age } from "../../../../lib/windmill/results/age.ts";

test.each([
  [0, "0s"],
  [59, "59s"],
  [60, "1m"],
  [3599, "59m"],
  [3600, "1h"],
  [86_399, "23h"],
  [86_400, "1d"],
  [13.9 * 86_400, "13d"],
])("%d seconds are %s", (seconds, text) => {
  expect(age(seconds)).toBe(text);
});
