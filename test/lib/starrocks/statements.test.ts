import { expect, test } from "vitest";
import { faultKind, StarRocksFault } from "../../../lib/starrocks/fault.ts";
import { parseDataSize } from "../../../lib/starrocks/observe/partitions.ts";
import { literal, name, properties } from "../../../lib/starrocks/quote.ts";
import { backupStatement } from "../../../lib/starrocks/statements/backup.ts";
import { restoreStatement } from "../../../lib/starrocks/statements/restore.ts";

test("BACKUP names whole tables without a partition list", () => {
  const statement = backupStatement({
    database: "sales",
    label: "l1",
    repository: "repo",
    tables: [
      { table: "orders", partitions: ["p1", "p2"] },
      { table: "customers", partitions: undefined },
    ],
    timeoutSeconds: 3600,
  });
  expect(statement).toBe(
    'BACKUP SNAPSHOT `sales`.`l1` TO `repo` ON (`orders` PARTITION (`p1`, `p2`), `customers`) PROPERTIES ("timeout" = "3600")',
  );
});

test("RESTORE always says under which name and with how many replicas", () => {
  const statement = restoreStatement({
    database: "sales",
    label: "l1",
    repository: "repo",
    snapshotTimestamp: "2025-11-25-14-30-22-123",
    tables: [{ table: "orders", partitions: ["p1"], alias: "orders__r" }],
    replicationNum: 2,
    timeoutSeconds: 3600,
  });
  expect(statement).toBe(
    "RESTORE SNAPSHOT `sales`.`l1` FROM `repo` ON (`orders` PARTITION (`p1`) AS `orders__r`) " +
      'PROPERTIES ("backup_timestamp" = "2025-11-25-14-30-22-123", "replication_num" = "2", "timeout" = "3600")',
  );
});

test("names and values cannot leave their quotes", () => {
  expect(name("a`b.c")).toBe("`a``b.c`");
  expect(literal("a'b\\c")).toBe("'a\\'b\\\\c'");
  expect(properties({ k: 'a"b\\' })).toBe('PROPERTIES ("k" = "a\\"b\\\\")');
});

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

test("DATA_SIZE is bytes in newer versions and a text with a unit in older ones", () => {
  expect([parseDataSize("1234"), parseDataSize("1.5KB"), parseDataSize("2GB"), parseDataSize("")]).toEqual([
    1234,
    1536,
    2 ** 31,
    0,
  ]);
});
