import { expect, test } from "vitest";
import { parseDataSize } from "../../../../lib/starrocks/observe/partitions.ts";

test("DATA_SIZE is bytes in newer versions and a text with a unit in older ones", () => {
  expect([parseDataSize("1234"), parseDataSize("1.5KB"), parseDataSize("2GB"), parseDataSize("")]).toEqual([
    1234,
    1536,
    2 ** 31,
    0,
  ]);
});
