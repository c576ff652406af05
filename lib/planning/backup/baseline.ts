import type { BackupRecord } from "../../catalog/history.ts";
import { BackupError } from "../../errors.ts";

/**
 * The backup that an incremental of a group is compared with, per database.
 *
 * By default the newest finished full *of this group*: another group's full says nothing of what this group's chain
 * holds. With a label, exactly that backup and the others of its run.
 *
 * @param finished finished backups, oldest cut first
 * @throws {BackupError} `NO_BASELINE` without any full, `UNKNOWN_BASELINE` for a label that is no finished backup of
 * this group
 */
export function chooseBaselines(
  finished: readonly BackupRecord[],
  group: string,
  baseline: string | undefined,
): ReadonlyMap<string, BackupRecord> {
  const ofGroup = finished.filter((record) => record.group === group);
  const usable =
    baseline === undefined ? ofGroup.filter((record) => record.type === "full") : runOf(baseline, ofGroup);
  if (usable.length === 0)
    throw baseline === undefined ? noBaseline(group) : unknownBaseline(baseline, group, ofGroup);
  // Oldest first: the newest of a database is set last.
  return new Map(usable.map((record) => [record.database, record]));
}

function runOf(label: string, ofGroup: readonly BackupRecord[]): readonly BackupRecord[] {
  const named = ofGroup.find((record) => record.label === label);
  return named === undefined ? [] : ofGroup.filter((record) => record.runId === named.runId);
}

function noBaseline(group: string): BackupError {
  return new BackupError(
    "NO_BASELINE",
    `Group ${group} has no finished full backup to compare with.`,
    "Run a full backup of the group first.",
  );
}

function unknownBaseline(label: string, group: string, ofGroup: readonly BackupRecord[]): BackupError {
  const newest = ofGroup.slice(-3).map((record) => record.label);
  return new BackupError(
    "UNKNOWN_BASELINE",
    `${label} is no finished backup of group ${group}.`,
    newest.length === 0
      ? "Run a full backup of the group first."
      : `Its newest backups are ${newest.join(", ")}.`,
  );
}
