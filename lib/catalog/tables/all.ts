import type { Table } from "../sql/table.ts";
import { backupHistory } from "./backup-history.ts";
import { backupPartitions } from "./backup-partitions.ts";
import { backupTables } from "./backup-tables.ts";
import { restoreHistory } from "./restore-history.ts";
import { runStatus } from "./run-status.ts";
import { runs } from "./runs.ts";
import { schemaMigrations } from "./schema-migrations.ts";
import { tableInventory } from "./table-inventory.ts";

/** Everything `init` creates, in this order. */
export const catalogTables: readonly Table[] = [
  schemaMigrations,
  tableInventory,
  backupHistory,
  backupTables,
  backupPartitions,
  restoreHistory,
  runStatus,
  runs,
];
