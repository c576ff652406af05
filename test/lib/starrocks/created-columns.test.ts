import { expect, test } from "vitest";
import { createdColumns } from "../../../lib/starrocks/observe/created-columns.ts";

test("generated and numbering columns are found by what follows NULL, not by comments", () => {
  const sql = [
    "CREATE TABLE `ai` (",
    '  `id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT "",',
    '  `v` int(11) NULL DEFAULT "NULL AS x" COMMENT "NULL AUTO_INCREMENT",',
    '  `g``h` bigint(20) NULL AS v + 1 COMMENT "NULL AS"',
    ") ENGINE=OLAP ",
  ].join("\n");
  expect(createdColumns(sql)).toEqual({ generated: new Set(["g`h"]), autoIncrement: "id" });
});
