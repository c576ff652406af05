import { expect, test } from "vitest";
import { backupStatement } from "../../../../lib/starrocks/statements/backup.ts";

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
