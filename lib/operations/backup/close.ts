import type { BackupRecord } from "../../catalog/history.ts";
import { deleteManifest } from "../../catalog/manifest.ts";
import { closeOpenRun } from "../../catalog/runs.ts";
import { releaseRunSlots } from "../../catalog/slots.ts";
import { sentence } from "../../sentence.ts";
import type { Ending } from "../step/ending.ts";
import type { BackupStep } from "./observe.ts";

/**
 * Everything is final: the run is what its snapshots are, unless it was cancelled meanwhile.
 *
 * @param records its snapshots as they were seen last
 */
export async function closeRun(
  { catalog, run }: BackupStep,
  records: readonly BackupRecord[],
  ending: Ending | undefined,
): Promise<void> {
  const { runId } = run;
  // No restore reads them, and no attempt will be made of them any more.
  for (const { label, status } of records) if (status !== "FINISHED") await deleteManifest(catalog, label);
  await releaseRunSlots(catalog, runId);
  const failed = records.filter((record) => record.status !== "FINISHED" && !isSuperseded(record, records));
  await closeOpenRun(
    catalog,
    runId,
    failed.length === 0 ? { state: "FINISHED" } : (ending ?? failure(failed)),
  );
}

function isSuperseded(record: BackupRecord, records: readonly BackupRecord[]): boolean {
  return records.some(
    (each) => each.database === record.database && each.part === record.part && each.attempt > record.attempt,
  );
}

function failure(failed: readonly BackupRecord[]): Ending {
  return {
    state: "FAILED",
    error: {
      code: "BACKUP_FAILED",
      message: failed
        .map((record) => sentence(`Backup ${record.label} failed: ${record.error ?? record.status}`))
        .join(" "),
      next: "Correct what is named and run the backup again; it gets a fresh label. Finished snapshots are kept.",
    },
  };
}
