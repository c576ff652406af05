import { type BackupRecord, readRunBackups } from "../../catalog/history.ts";
import { readSlots, type Slot, slotScope } from "../../catalog/slots.ts";
import type { BackupPlan } from "../../planning/backup/backup-plan.ts";
import type { BackupAction, BackupObservation } from "../../planning/backup/decision.ts";
import type { Job } from "../../starrocks/observe/jobs.ts";
import { slotView } from "../step/slot-view.ts";
import type { RunStep } from "../step/step.ts";

/** A step that works for a backup run. */
export type BackupStep = RunStep<BackupPlan>;

/** What the catalog says of a backup run. */
export interface SeenRun {
  readonly records: readonly BackupRecord[];
  readonly slots: ReadonlyMap<string, Slot>;
}

/** What is true of one snapshot, and the slot of its database as it was seen. */
export interface SeenSnapshot {
  readonly observation: Omit<BackupObservation, "snapshot" | "abandoned">;
  readonly slot: Slot | undefined;
}

export async function observeRun({ catalog, run }: BackupStep): Promise<SeenRun> {
  const records = await readRunBackups(catalog, run.runId);
  return { records, slots: await readSlots(catalog, scopesOf(records)) };
}

/** What an act may have changed of a run, looked at again: a slot that was taken, or the snapshots. */
export async function observeAfter(step: BackupStep, seen: SeenRun, act: BackupAction): Promise<SeenRun> {
  const { catalog, run } = step;
  if (act.kind === "take-slot") return { ...seen, slots: await readSlots(catalog, scopesOf(seen.records)) };
  return { ...seen, records: await readRunBackups(catalog, run.runId) };
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

function scopesOf(records: readonly BackupRecord[]): readonly string[] {
  return [...new Set(records.map((record) => slotScope(record.database)))];
}
