import { readRunBackups } from "../../catalog/history.ts";
import { readBackupJob } from "../../starrocks/observe/jobs.ts";
import { cancelStatement } from "../../starrocks/statements/cancel.ts";
import type { BackupStep } from "./observe.ts";

/** @returns labels of the snapshots whose jobs were cancelled now */
export async function cancelBackups({ catalog, run }: BackupStep): Promise<readonly string[]> {
  const cancelled: string[] = [];
  for (const { label, database, status } of await readRunBackups(catalog, run.runId)) {
    if (status !== "SUBMITTED" && status !== "PLANNED") continue;
    const job = await readBackupJob(catalog.session, database);
    if (job?.label !== label || job.phase !== "running") continue;
    await catalog.session.execute(cancelStatement("BACKUP", database), `cancel backup ${label}`);
    cancelled.push(label);
  }
  return cancelled;
}
