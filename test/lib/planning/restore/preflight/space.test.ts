import { expect, test } from "vitest";
import { judgeSpace } from "../../../../../lib/planning/restore/preflight/space.ts";

const disk = (availableBytes: number, totalBytes = 1000) => ({ availableBytes, totalBytes });

test("what has room on all disks together is enough", () => {
  const verdict = judgeSpace({ peakBytes: 300, keptBytes: 200 }, [disk(300), disk(400)]);
  expect(verdict).toEqual({ kind: "enough", availableBytes: 700 });
});

test("what fills the disks beyond nine tenths while it runs is tight, also where it is more than there is", () => {
  const cost = { keptBytes: 100 };
  expect(judgeSpace({ ...cost, peakBytes: 400 }, [disk(500)]).kind).toBe("enough");
  expect(judgeSpace({ ...cost, peakBytes: 401 }, [disk(500)]).kind).toBe("tight");
  expect(judgeSpace({ ...cost, peakBytes: 5000 }, [disk(500)]).kind).toBe("tight");
});

test("what does not even fit when it is over is impossible", () => {
  const cost = { peakBytes: 5000, keptBytes: 501 };
  expect(judgeSpace(cost, [disk(500)])).toEqual({ kind: "impossible", availableBytes: 500 });
  expect(judgeSpace({ ...cost, keptBytes: 500 }, [disk(500)]).kind).toBe("tight");
});

test("disks that have not been reported say nothing, and neither do backends that cannot be seen", () => {
  const cost = { peakBytes: 5000, keptBytes: 5000 };
  expect(judgeSpace(cost, undefined)).toEqual({ kind: "unknown" });
  expect(judgeSpace(cost, [disk(1, 0)])).toEqual({ kind: "unknown" });
  expect(judgeSpace(cost, [disk(1, 0), disk(10_000, 10_000)]).kind).toBe("enough");
});
