import type { BackupRecord } from "../../catalog/history.ts";
import { deleteManifest } from "../../catalog/manifest.ts";
import { closeOpenRun, type RunState } from "../../catalog/runs.ts";
import { releaseRunSlots } from "../../catalog/slots.ts";
import { sentence } from "../../sentence.ts";
import type { Ending } from "../step/ending.ts";
import type { BackupStep, SeenRun } from "./observe.ts";

/**
 * Everything is final: the run is what its snapshots are, unless it was cancelled meanwhile.
 *
 * @param seen the run as it was seen last
 * @returns how it is over
 */
export async function closeRun(
  { catalog, run }: BackupStep,
  { records, slots }: SeenRun,
  ending: Ending | undefined,
): Promise<RunState> {
  const { runId } = run;
  // No restore reads them, and no attempt will be made of them any more.
  for (const { label, status } of records) if (status !== "FINISHED") await deleteManifest(catalog, label);
  const holds = [...slots.values()].some((slot) => !slot.released && slot.runId === runId);
  if (holds) await releaseRunSlots(catalog, runId);
  const failed = records.filter((record) => record.status !== "FINISHED" && !isSuperseded(record, records));
  return await closeOpenRun(
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
