import { expect, test } from "vitest";
import { faultKind, StarRocksFault } from "../../../lib/starrocks/fault.ts";

test.each([
  [5064, "Another backup or restore job is being submitted. Please wait and try again", "submit-lock-busy"],
  [5064, "Can only run one backup or restore job of a database at same time", "job-running"],
  [5064, "Snapshot with name 'x' already exist in repository", "label-taken"],
  [
    1064,
    "Getting analyzing error. Detail message: fail to begin transaction. Label [x] has already been used..",
    "load-label-taken",
  ],
  [5064, "Do not support backing up table with temp partitions", "temporary-partitions"],
  [5501, "Getting analyzing error. Detail message: Unknown database 'x'.", "unknown-database"],
  [1049, "Unknown database 'x'", "unknown-database"],
  [1064, "something new", "other"],
] as const)("%s %s is %s", (code, text, kind) => {
  expect(faultKind(code, text)).toBe(kind);
});

test("an error carries neither the statement nor what a syntax error repeats of it", () => {
  const fault = new StarRocksFault(
    "syntax",
    "create the repository",
    "Getting syntax error at line 1. Detail message: 's3cret'.",
  );
  expect(JSON.stringify({ ...fault, message: fault.message })).not.toContain("s3cret");
});
