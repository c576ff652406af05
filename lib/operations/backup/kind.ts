import type { BackupRecord } from "../../catalog/history.ts";
import type { Run } from "../../catalog/runs.ts";
import type { BackupPlan } from "../../planning/backup/backup-plan.ts";
import type { RunKind } from "../step/kind.ts";
import { advanceBackup } from "./advance.ts";
import { cancelBackups } from "./cancel-jobs.ts";

/** How a backup run went, from the catalog. */
export interface BackupReport {
  readonly operation: "backup";
  readonly run: Run<BackupPlan>;
  readonly backups: readonly BackupRecord[];
}

export const backupKind: RunKind<BackupPlan, BackupReport> = {
  advance: (step, view) => advanceBackup(step, view, undefined),
  abandon: advanceBackup,
  cancelJobs: cancelBackups,
  report: ({ run }, { backups }) => ({ operation: "backup", run, backups }),
};
