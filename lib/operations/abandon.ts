import type { Catalog } from "../catalog/catalog.ts";
import { readRunBackups, updateBackup } from "../catalog/history.ts";
import { deleteManifest } from "../catalog/manifest.ts";
import { readRunRestores, updateRestore } from "../catalog/restores.ts";
import { type Run, type RunError, type RunState, updateRun } from "../catalog/runs.ts";
import { isHeld, readSlots, releaseSlots, slotScope } from "../catalog/slots.ts";
import type { RestorePlan } from "../planning/restore/plan.ts";
import { withoutStop } from "../sentence.ts";
import { readBackupJob, readRestoreJob } from "../starrocks/observe/jobs.ts";
import { databaseExists } from "../starrocks/observe/names.ts";
import type { Progress } from "./progress.ts";
import { dropTemporary } from "./restore/fail.ts";

/** How a run ends that does not finish. */
export type Ending = "FAILED" | "CANCELLED";

/**
 * Ends a run whose flow has failed: nothing more will be done for it, so its slots are released and its temporary tables
 * dropped. What StarRocks is still working on stays open: polling the run again records how that ends.
 *
 * @returns the run's state afterwards
 */
export async function abandonRun(
  catalog: Catalog,
  run: Run,
  error: RunError,
  ending: Ending,
  progress: Progress,
): Promise<RunState> {
  const open =
    run.operation === "backup"
      ? await abandonBackups(catalog, run, error, ending)
      : await abandonRestores(catalog, run, error, ending);
  if (open.length > 0) {
    progress.say(
      `Still at work in StarRocks: ${open.join(", ")}. Run poll for ${run.runId} to record the end.`,
    );
    return run.state;
  }
  await updateRun(catalog, run.runId, { state: ending, error });
  return ending;
}

async function abandonBackups(
  catalog: Catalog,
  run: Run,
  error: RunError,
  ending: Ending,
): Promise<readonly string[]> {
  const open: string[] = [];
  for (const record of await readRunBackups(catalog, run.runId)) {
    if (record.status !== "PLANNED" && record.status !== "SUBMITTED") continue;
    const job = await readBackupJob(catalog.session, record.database);
    if (job?.label === record.label && job.phase !== "cancelled") {
      open.push(record.label);
      continue;
    }
    await deleteManifest(catalog, record.label);
    await updateBackup(catalog, record.label, { status: ending, error: error.message });
    await releaseSlot(catalog, record.database, run.runId);
  }
  return open;
}

async function abandonRestores(
  catalog: Catalog,
  run: Run,
  error: RunError,
  ending: Ending,
): Promise<readonly string[]> {
  const plan = JSON.parse(run.plan) as RestorePlan;
  const open: string[] = [];
  for (const record of await readRunRestores(catalog, run.runId)) {
    if (record.status !== "PLANNED" && record.status !== "READY") continue;
    const { database, table } = record;
    const planned = plan.tables.find((each) => each.database === database && each.table === table);
    if (planned !== undefined && (await databaseExists(catalog.session, database))) {
      const job = await readRestoreJob(catalog.session, database);
      if (job?.phase === "running" && planned.parts.some((part) => part.label === job.label)) {
        open.push(`${database}.${table}`);
        continue;
      }
      for (const part of new Set([...planned.parts.map((each) => each.as), planned.assembledAs])) {
        await dropTemporary(catalog, database, part);
      }
    }
    // Once publishing has begun the live name may already be the restored table: say so instead of guessing.
    const where =
      record.status === "READY" ? "; it was being published: compare it with its tables marked __p_" : "";
    await updateRestore(
      catalog,
      { runId: run.runId, database, table },
      { status: ending, error: `${withoutStop(error.message)}${where}` },
    );
    await releaseSlot(catalog, database, run.runId);
  }
  return open;
}

async function releaseSlot(catalog: Catalog, database: string, runId: string): Promise<void> {
  const slots = await readSlots(catalog, [slotScope(database)]);
  await releaseSlots(
    catalog,
    [...slots.values()].filter((slot) => isHeld(slot) && slot.runId === runId),
  );
}
