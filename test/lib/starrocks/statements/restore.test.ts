import { expect, test } from "vitest";
import { restoreStatement } from "../../../../lib/starrocks/statements/restore.ts";

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
