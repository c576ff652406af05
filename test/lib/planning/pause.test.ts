import { expect, test } from "vitest";
import { pauseSeconds } from "../../../lib/planning/pause.ts";
import { type Wait, waitFor } from "../../../lib/planning/wait.ts";

const unknown = waitFor("x: UPLOADING");

function upTo(fraction: number): Wait {
  return { ...unknown, fraction };
}

test.each<[string, readonly Wait[], number, number]>([
  ["at first", [unknown], 0, 5],
  ["with nothing to wait for", [], 0, 5],
  ["while nothing changes it grows", [unknown], 80, 20],
  ["up to a minute", [unknown], 7200, 60],
  ["in the middle of a long job", [upTo(0.5)], 7200, 60],
  ["near the end it shrinks", [upTo(0.99)], 7200, 18],
  ["right before it, it is short", [upTo(1)], 7200, 5],
  ["a job that has done nothing says nothing of its end", [upTo(0)], 400, 60],
  ["the job that ends first counts", [upTo(0.1), upTo(0.99)], 7200, 18],
])("the pause %s", (_, waits, waitingSeconds, seconds) => {
  expect(pauseSeconds(waits, waitingSeconds)).toBe(seconds);
});
