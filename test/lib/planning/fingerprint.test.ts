import { expect, test } from "vitest";
import { fingerprint } from "../../../lib/planning/fingerprint.ts";
import { physical } from "./fixtures.ts";

const before = fingerprint([physical()]);

// Each of these leaves at least one member as it was; comparing only that member would miss the change.
test.each([
  ["an overwrite of a partition that was at version 2 already", { id: "200" }],
  ["a restore in place to the same version, later", { visibleSeconds: "2000" }],
  ["a second load in the same second", { visibleVersion: "3" }],
  ["a truncate, which lowers the version", { id: "201", visibleVersion: "1" }],
  ["a swap with a table whose commit is older", { id: "50", visibleSeconds: "10" }],
  ["a replicated version", { versionEpoch: "78" }],
])("%s is a change", (_, change) => {
  expect(fingerprint([physical(change)])).not.toBe(before);
});

test("rows and sizes, which lag behind, are not part of the state", () => {
  expect(fingerprint([physical({ rows: 99, bytes: 1, replicationNum: 3, nextVersion: "9" })])).toBe(before);
});

test("the order in which StarRocks lists physical partitions does not matter", () => {
  const one = physical({ id: "1" });
  const other = physical({ id: "2" });
  expect(fingerprint([one, other])).toBe(fingerprint([other, one]));
});

test("a bucket that grew by itself is a change", () => {
  expect(fingerprint([physical(), physical({ id: "101" })])).not.toBe(before);
});

test("versions before 3.4 have no epoch", () => {
  expect(fingerprint([physical({ versionEpoch: undefined })])).toBe("100:2:1000:-");
});
