import { expect, test } from "vitest";
import { readInstant, zoneOfCluster } from "../../../../lib/planning/restore/instant.ts";

const advice = (text: string, zone?: string) => {
  const read = readInstant(text, zone);
  return read.kind === "fault" ? read.advice : read.kind;
};

test.each([
  ["2025-11-25 15:00 Europe/Berlin", undefined, "2025-11-25 14:00:00"],
  ["2025-07-25 15:00:30 Europe/Berlin", undefined, "2025-07-25 13:00:30"],
  ["2025-11-25 15:00", "America/Argentina/Buenos_Aires", "2025-11-25 18:00:00"],
  ["2025-11-25 15:00", "Asia/Kolkata", "2025-11-25 09:30:00"],
  ["2025-11-25 15:00 UTC", "Asia/Kolkata", "2025-11-25 15:00:00"],
  ["2025-11-25 15:00Z", "Asia/Kolkata", "2025-11-25 15:00:00"],
  ["2025-11-25 15:00+02", "Asia/Kolkata", "2025-11-25 13:00:00"],
  ["2025-11-25 15:00 Etc/GMT+5", undefined, "2025-11-25 20:00:00"],
  ["before 2025-11-25 15:00", "UTC", "2025-11-25 14:59:59"],
  ["Before 2025-11-25 00:00 Europe/Berlin", undefined, "2025-11-24 22:59:59"],
  ["2025-03-30 03:00 Europe/Berlin", undefined, "2025-03-30 01:00:00"],
  ["2025-10-26 03:00 Europe/Berlin", undefined, "2025-10-26 02:00:00"],
])("%s in %s is %s", (text, zone, utc) => {
  expect(readInstant(text, zone)).toEqual({ kind: "instant", utc });
});

test("a time without a zone is none of anybody's, and an offset is as good as a zone's name", () => {
  expect(readInstant("2025-11-25 15:00", undefined)).toEqual({ kind: "zoneless" });
  expect(readInstant("2025-11-25 15:00", "+08:00")).toEqual({ kind: "instant", utc: "2025-11-25 07:00:00" });
});

test.each([
  ["CST", "Asia/Shanghai"],
  ["+08:00", "+08:00"],
  ["Europe/Berlin", "Europe/Berlin"],
  ["Mars/Olympus", undefined],
])("the cluster's zone %s is %s", (said, zone) => {
  expect(zoneOfCluster(said)).toBe(zone);
});

test("a time that the clocks of a zone leave out, or show twice, is refused with what to write", () => {
  expect(advice("2025-03-30 02:30 Europe/Berlin")).toBe(
    "write another time: 2025-03-30 02:30 is left out in Europe/Berlin, where clocks go forward",
  );
  expect(advice("2025-10-26 02:30", "Europe/Berlin")).toBe(
    "write 2025-10-26 02:30+02:00 or 2025-10-26 02:30+01:00: it comes twice in Europe/Berlin, where clocks go back",
  );
});

test.each([
  ["2025-11-25", /^write a time such as/],
  ["2025-02-30 15:00", /the calendar has no 2025-02-30/],
  ["2025-11-25 25:00", /the calendar has no 2025-11-25 25:00/],
  ["yesterday 15:00", /^write a time such as/],
  ["2025-11-25 15:00 Europe/Bärlin", /^write a time such as/],
  ["2025-11-25 15:00 Europe/Berlins", /there is no Europe\/Berlins/],
  ["2025-11-25 15:00 CST", /^write a time such as/],
])("%s is refused", (text, pattern) => {
  expect(advice(text)).toMatch(pattern);
});
