import type { RunView } from "../../catalog/run-view.ts";
import { readBackupJob } from "../../starrocks/observe/jobs.ts";
import { cancelStatement } from "../../starrocks/statements/cancel.ts";
import type { BackupStep } from "./observe.ts";

/** @returns labels of the snapshots whose jobs were cancelled now */
export async function cancelBackups(
  { catalog }: BackupStep,
  { backups }: RunView,
): Promise<readonly string[]> {
  const cancelled: string[] = [];
  for (const { label, database, status } of backups) {
    if (status !== "SUBMITTED" && status !== "PLANNED") continue;
    const job = await readBackupJob(catalog.session, database);
    if (job?.label !== label || job.phase !== "running") continue;
    await catalog.session.execute(cancelStatement("BACKUP", database), `cancel backup ${label}`);
    cancelled.push(label);
  }
  return cancelled;
}
