import { expect, test } from "vitest";
import { pauseSeconds, staySeconds } from "../../../lib/planning/pause.ts";
import { type Wait, waitFor, waitReason } from "../../../lib/planning/wait.ts";

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

test.each<[string, readonly Wait[], number, number, number]>([
  ["in the middle", [waitFor("x: UPLOADING", 50)], 0, 5, 5],
  ["for nothing but a look", [waitFor("x: UPLOADING", 50)], 0, 0, 0],
  ["for the end of a run", [waitFor("x: SAVE_META", 95)], 3, 0, 10],
  ["for an end that does not come", [waitFor("x: SAVE_META", 95)], 12, 0, 0],
  ["for the end of one part of several", [waitFor("x: SAVE_META", 95), waitFor("y: comes after")], 3, 0, 0],
  ["as long as somebody wants to", [waitFor("x: SAVE_META", 95)], 3, 120, 120],
])("a look stays %s", (...[, waits, waitingSeconds, asked, seconds]) => {
  expect(staySeconds(waits, waitingSeconds, asked)).toBe(seconds);
});

test("what comes after something else is counted, not named", () => {
  const queued = { ...waitFor("part 2 comes after"), queued: true };
  expect(waitReason([unknown, queued, queued])).toBe("x: UPLOADING; then 2 more");
  expect(waitReason([unknown])).toBe("x: UPLOADING");
});
