import type { RunView } from "../../catalog/run-view.ts";
import { isJobOf } from "../../planning/restore/decision.ts";
import { readRestoreJob } from "../../starrocks/observe/jobs.ts";
import { databaseExists } from "../../starrocks/observe/names.ts";
import { cancelStatement } from "../../starrocks/statements/cancel.ts";
import { submissionsIn } from "./observe.ts";
import { databasesOf, type RestoreStep } from "./restore-step.ts";

/** Restores go into temporary tables, so cancelling one harms nothing in any state. */
export async function cancelRestores(step: RestoreStep, view: RunView): Promise<readonly string[]> {
  const { catalog, run } = step;
  if (run.state === "PLANNED") return [];
  const submissions = submissionsIn(view);
  const cancelled: string[] = [];
  for (const { database } of databasesOf(step)) {
    if (!(await databaseExists(catalog.session, database))) continue;
    const job = await readRestoreJob(catalog.session, database);
    if (job?.phase !== "running" || !isJobOf(submissions[database], job)) continue;
    await catalog.session.execute(cancelStatement("RESTORE", database), `cancel the restore of ${job.label}`);
    cancelled.push(`${database}: ${job.label}`);
  }
  return cancelled;
}
