import type { BackupRecord } from "../../catalog/history.ts";
import type { ManifestTable } from "../../catalog/manifest.ts";
import { type RunView, readRunView } from "../../catalog/run-view.ts";
import { type Slot, slotScope } from "../../catalog/slots.ts";
import type { BackupPlan } from "../../planning/backup/backup-plan.ts";
import type { BackupObservation } from "../../planning/backup/decision.ts";
import type { Wait } from "../../planning/wait.ts";
import type { Job } from "../../starrocks/observe/jobs.ts";
import { slotView } from "../step/slot-view.ts";
import type { RunStep } from "../step/step.ts";

/** A step that works for a backup run. */
export type BackupStep = RunStep<BackupPlan>;

/** What the catalog says of a backup run. */
export interface SeenRun {
  readonly records: readonly BackupRecord[];
  readonly slots: ReadonlyMap<string, Slot>;
  /** The tables of the snapshot that was submitted right before. */
  readonly submitted?: { readonly label: string; readonly tables: readonly ManifestTable[] };
}

/** What is true of one snapshot, and the slot of its database as it was seen. */
export interface SeenSnapshot {
  readonly observation: Omit<BackupObservation, "snapshot" | "abandoned">;
  readonly slot: Slot | undefined;
}

export function seenOf({ backups, slots }: RunView): SeenRun {
  return { records: backups, slots };
}

/** What the catalog says now, after something was changed. */
export async function lookAgain({ catalog, run }: BackupStep): Promise<SeenRun> {
  return seenOf(await readRunView(catalog, run.runId));
}

/** @param job of the record's database, as it was seen last */
export function observeSnapshot(
  { records, slots }: SeenRun,
  record: BackupRecord,
  job: Job | undefined,
): SeenSnapshot {
  const slot = slots.get(slotScope(record.database));
  const siblings = records.filter((each) => each.database === record.database);
  return {
    slot,
    observation: {
      record,
      previous: newestAttempt(siblings, record.part - 1)?.status,
      superseded: (newestAttempt(siblings, record.part)?.attempt ?? 0) > record.attempt,
      othersRunning: records.filter((each) => each.status === "SUBMITTED" && each.label !== record.label)
        .length,
      slot: slotView(slot, record.runId),
      job,
    },
  };
}

function newestAttempt(records: readonly BackupRecord[], part: number): BackupRecord | undefined {
  return records
    .filter((each) => each.part === part)
    .sort((one, other) => one.attempt - other.attempt)
    .at(-1);
}

/** What an act is about: the run as it was seen, one snapshot of it, its database's slot and job. */
export interface Seen {
  readonly seen: SeenRun;
  readonly record: BackupRecord;
  readonly slot: Slot | undefined;
  readonly job: Job | undefined;
}

/** What an act has led to. */
export interface Acted {
  /** What to wait for when it could not be carried out now. */
  readonly wait: Wait | undefined;
  /** The run, looked at again as far as the act may have changed it. */
  readonly seen: SeenRun;
}
