import type { BackupRecord } from "../../catalog/history.ts";
import type { BackupReport } from "../../operations/backup/kind.ts";
import { counted, size } from "./amounts.ts";
import { type Document, headline, list, paragraph } from "./document.ts";
import { markdown } from "./markdown.ts";
import { notesAndSkipped } from "./notes.ts";
import { shown } from "./shown.ts";

/**
 * How a backup went: `restore_points` are the labels that a restore can be given. `snapshots` are what it has added to the
 * group's chain; one with `in_repository: false` is rows of the catalog alone, since nothing of its database had to be
 * copied, so `SHOW SNAPSHOT` does not list it.
 */
export function backupReport({ run, backups }: BackupReport, notes: readonly string[]) {
  const { plan } = run;
  const status = run.state === "NOTHING_TO_DO" ? "NOTHING_TO_DO" : "FINISHED";
  const finished = backups.filter((each) => each.status === "FINISHED");
  const points = status === "NOTHING_TO_DO" ? plan.snapshots.filter(isLastPart) : finished.filter(isLastPart);
  const labels = points.map((each) => each.label);
  const skipped = [...plan.skipped, ...finished.flatMap((each) => each.leftOut)];
  const document: Document = [
    ...(status === "NOTHING_TO_DO"
      ? [
          headline(`Nothing to do: no partition of group ${plan.group} has changed`),
          paragraph(`The state of ${plan.plannedAt} UTC can be restored as ${labels.join(", ")}.`),
        ]
      : [
          headline(`Backup of group ${plan.group} finished`),
          list(finished.map(line)),
          paragraph(`Restore with ${labels.join(" or ")}.`),
        ]),
    ...notesAndSkipped(notes, skipped),
  ];
  return {
    status,
    run_id: run.runId,
    group: plan.group,
    repository: plan.repository,
    snapshots: finished.map(snapshot),
    restore_points: labels,
    total: plan.total,
    skipped,
    notes,
    markdown: markdown(document),
    ...shown(document),
  };
}

function line(record: BackupRecord) {
  const { label, partitions, bytes, finishedAt } = record;
  const what = isInRepository(record)
    ? `${record.type}${since(record)}, ${counted(partitions, "partition")}, ${size(bytes)}, finished ${finishedAt} UTC`
    : `nothing had to be copied, finished ${finishedAt} UTC; it is not a snapshot of its own`;
  return [{ strong: label }, `: ${what}`];
}

function since({ baseline }: BackupRecord): string {
  return baseline === undefined ? "" : ` since ${baseline}`;
}

/** The parts of a database before the last one are what that stands on. */
function isLastPart({ part, parts }: Pick<BackupRecord, "part" | "parts">): boolean {
  return part === parts;
}

/** Where partitions were dropped and nothing else changed there is nothing to copy. */
function isInRepository(record: BackupRecord): boolean {
  return record.snapshotTimestamp !== undefined;
}

function snapshot(record: BackupRecord) {
  return {
    label: record.label,
    database: record.database,
    type: record.type,
    baseline: record.baseline ?? null,
    tables: record.tables,
    partitions: record.partitions,
    bytes: record.bytes,
    in_repository: isInRepository(record),
    started_at: record.startedAt,
    finished_at: record.finishedAt ?? null,
  };
}
