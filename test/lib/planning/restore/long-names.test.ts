import { expect, test } from "vitest";
import { isKeptByRestore, keepName, partName, publishName } from "../../../../lib/planning/restore/names.ts";

const mark = "5f0c21aa";

test.each([
  ["emoji where the name is cut", `${"t".repeat(19)}😀${"u".repeat(40)}`],
  ["1,023 characters", "x".repeat(1023)],
  ["emoji only", "😀".repeat(40)],
  ["dots, quotes and backticks", "a.b'c\"d`e".repeat(9)],
])("names of a run's tables stay short and never hold half a character: %s", (_, table) => {
  for (const name of [
    partName(table, mark, 12),
    publishName(table, mark, "09bd3c11"),
    keepName(table, mark, "20251125"),
  ]) {
    expect(name.length).toBeLessThanOrEqual(64);
    expect(Buffer.from(name).toString()).toBe(name);
    expect(isKeptByRestore(name)).toBe(true);
  }
});
